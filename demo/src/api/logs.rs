//! `/containers/{id}/logs`: lines that follow from the container and the clock alone, so nothing is kept.

use std::collections::HashMap;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::flow::Flow;
use super::{Failure, Site, truth};
use crate::fleet::{Container, Key};
use crate::options::Release;
use crate::time::Time;

/// How far back the lines of one request may reach.
const MOST: i64 = 2_000;
/// How often a followed log is looked at.
const LOOK: Duration = Duration::from_millis(200);

const WORDS: &[&str] = &[
    "GET / 200 12ms",
    "GET /api/items?page=2 200 31ms",
    "POST /api/cart 201 18ms",
    "cache refreshed, 214 entries",
    "connection accepted",
    "checkpoint complete: wrote 61 buffers (0.4%)",
    "요청을 처리했습니다 (38ms)",
    "job 8812 done in 1.92s",
    "GET /favicon.ico 404 1ms",
    "WARN slow query: 812ms",
    "ERROR upstream timed out, retrying",
];

/// The lines of one container: one in so many nanoseconds while it ran.
#[derive(Clone)]
struct Source {
    seed: u64,
    step: i64,
    started: i64,
    /// None while it runs.
    finished: Option<i64>,
    tty: bool,
}

#[derive(Clone, Copy)]
struct Shape {
    timestamps: bool,
    stdout: bool,
    stderr: bool,
}

impl Source {
    fn of(container: &Container) -> Self {
        let seed = container.spec.character.seed;
        Self {
            seed,
            step: 400_000_000 + i64::try_from(seed % 5_000).unwrap_or(0) * 1_000_000,
            started: container.started.nanos(),
            finished: (!container.state.has_process()).then(|| container.finished.nanos()),
            tty: container.spec.tty,
        }
    }

    fn written_at(&self, number: i64) -> Time {
        Time::from_nanos(self.started + number * self.step)
    }

    /// How many lines there are at `now`.
    fn count(&self, now: Time) -> i64 {
        let end = self.finished.unwrap_or_else(|| now.nanos());
        if self.started == 0 {
            0
        } else {
            (end - self.started).max(0) / self.step + 1
        }
    }

    /// A line in the stream's format, or None when its half of the output was not asked for.
    fn line(&self, number: i64, shape: Shape) -> Option<Bytes> {
        let pick = (self.seed ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            .rotate_left(29)
            % WORDS.len() as u64;
        let words = WORDS[usize::try_from(pick).unwrap_or(0)];
        let bad = words.starts_with("WARN") || words.starts_with("ERROR");
        if !(if bad { shape.stderr } else { shape.stdout }) {
            return None;
        }
        let stamp = if shape.timestamps {
            format!("{} ", self.written_at(number))
        } else {
            String::new()
        };
        let text = format!("{stamp}{words}{}\n", if self.tty { "\r" } else { "" });
        if self.tty {
            return Some(Bytes::from(text));
        }
        let mut framed = vec![if bad { 2 } else { 1 }, 0, 0, 0];
        framed.extend(u32::try_from(text.len()).unwrap_or(0).to_be_bytes());
        framed.extend(text.as_bytes());
        Some(Bytes::from(framed))
    }
}

pub async fn stream(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let shape = Shape {
        timestamps: truth(query.get("timestamps")),
        stdout: truth(query.get("stdout")),
        stderr: truth(query.get("stderr")),
    };
    if !shape.stdout && !shape.stderr {
        return Err(Failure::bad(
            "Bad parameters: you must choose at least one stream",
        ));
    }
    let moment = |name: &str| {
        query
            .get(name)
            .filter(|text| !text.is_empty() && *text != "0")
            .and_then(|text| Time::parse_query(text))
    };
    let (since, until) = (moment("since"), moment("until"));
    let tail = query
        .get("tail")
        .and_then(|tail| tail.parse::<i64>().ok())
        .unwrap_or(MOST)
        .min(MOST);
    let follow = truth(query.get("follow"));
    let now = site.engine.now();
    let (key, source) = {
        let world = site.engine.world();
        let key = world
            .fleet
            .find(&id)
            .ok_or_else(|| Failure::no_container(&id))?;
        let container = world
            .fleet
            .get(key)
            .ok_or_else(|| Failure::no_container(&id))?;
        (key, Source::of(container))
    };
    let count = source.count(now);
    let inside = |number: &i64| {
        let at = source.written_at(*number);
        since.is_none_or(|since| at >= since) && until.is_none_or(|until| at <= until)
    };
    let past: Vec<u8> = ((count - tail).max(0)..count)
        .filter(inside)
        .filter_map(|number| source.line(number, shape))
        .flatten()
        .collect();
    let headers = headers(&source, site.engine.options().release);
    if !follow || source.finished.is_some() {
        return Ok((headers, past).into_response());
    }
    let flow = Flow::open(&site);
    let start = (Some(Bytes::from(past)), count);
    let lines = futures_util::stream::unfold(start, move |(past, mut number)| {
        let (site, source, flow) = (site.clone(), source.clone(), flow.clone());
        async move {
            let piece = async {
                match past {
                    Some(past) => Some(past),
                    None => fresh(&site, key, &source, &mut number, shape).await,
                }
            };
            let piece = flow.next(piece).await?;
            Some((piece, (None, number)))
        }
    });
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// The lines that came since line `number`, as soon as there are some; None once the process has ended.
async fn fresh(
    site: &Site,
    key: Key,
    source: &Source,
    number: &mut i64,
    shape: Shape,
) -> Option<Bytes> {
    loop {
        tokio::time::sleep(LOOK).await;
        let now = site.engine.now();
        let lives = site.engine.world().fleet.get(key).is_some_and(|container| {
            container.state.has_process() && container.started.nanos() == source.started
        });
        if !lives {
            return None;
        }
        let mut lines = Vec::new();
        while *number < source.count(now) {
            lines.extend(source.line(*number, shape).into_iter().flatten());
            *number += 1;
        }
        if !lines.is_empty() {
            return Some(Bytes::from(lines));
        }
    }
}

fn headers(source: &Source, release: Release) -> HeaderMap {
    let mut headers = HeaderMap::new();
    // Engines before 23 do not say which of the two formats it is.
    if release >= Release::V28 {
        let kind = if source.tty {
            "application/vnd.docker.raw-stream"
        } else {
            "application/vnd.docker.multiplexed-stream"
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    headers
}
