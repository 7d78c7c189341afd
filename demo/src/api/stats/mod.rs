//! `/containers/{id}/stats`: frames of what the collector reads.

mod reading;
mod shape;

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

pub use reading::Reading;
use shape::Stats;

use super::flow::Flow;
use super::{Failure, Site, json, spoil, truth};
use crate::engine::Engine;
use crate::options::Options;

/// A reading with the one before it, as every subscriber gets it; only the first frame of a stream is its own.
#[derive(Debug)]
pub struct Frame {
    reading: Reading,
    shared: Bytes,
    has_previous: bool,
}

impl Frame {
    pub fn new(reading: Reading, previous: Option<&Reading>, options: &Options) -> Self {
        let shared = line(&reading, previous, options);
        Self {
            reading,
            shared,
            has_previous: previous.is_some(),
        }
    }
}

fn line(reading: &Reading, previous: Option<&Reading>, options: &Options) -> Bytes {
    let mut bytes = Vec::with_capacity(2048);
    // Plain numbers and strings into memory: there is nothing that could fail.
    drop(serde_json::to_writer(
        &mut bytes,
        &Stats::of(reading, previous, options, true),
    ));
    bytes.push(b'\n');
    bytes.into()
}

pub async fn stream(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let engine = site.engine.clone();
    let key = engine
        .world()
        .fleet
        .find(&id)
        .ok_or_else(|| Failure::no_container(&id))?;
    let streams = query.get("stream").is_none_or(|stream| truth(Some(stream)));
    let one_shot = truth(query.get("one-shot"));
    if streams && one_shot {
        return Err(Failure::bad("cannot have stream=true and one-shot=true"));
    }
    let now_reading = |engine: &Engine| {
        Reading::take(&mut engine.world(), key).ok_or_else(|| Failure::no_container(&id))
    };
    let reading = now_reading(&engine)?;
    let frames = engine.watch(&reading.id);
    if streams {
        return Ok(endless(&site, &reading.id, frames));
    }
    if one_shot || !reading.running {
        return Ok(json(&Stats::of(
            &reading,
            None,
            engine.options(),
            !one_shot,
        )));
    }
    // Two samples, a second apart: only then is there a difference to tell.
    let second = second_frame(frames, &site).await;
    let body = second.unwrap_or_else(|| line(&reading, None, engine.options()));
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

async fn second_frame(
    mut frames: watch::Receiver<Option<Arc<Frame>>>,
    site: &Site,
) -> Option<Bytes> {
    loop {
        tokio::select! {
            changed = frames.changed() => changed.ok()?,
            () = site.cancel.cancelled() => return None,
        }
        if let Some(frame) = frames.borrow_and_update().as_ref()
            && (frame.has_previous || !frame.reading.running)
        {
            return Some(frame.shared.clone());
        }
    }
}

/// A line each second until the container is removed. The first has nothing before it.
fn endless(site: &Site, id: &str, frames: watch::Receiver<Option<Arc<Frame>>>) -> Response {
    let (flow, engine) = (Flow::open(site), site.engine.clone());
    let path: Arc<str> = format!("/containers/{id}/stats").into();
    let lines = futures_util::stream::unfold((frames, true), move |(mut frames, first)| {
        let (flow, engine, path) = (flow.clone(), engine.clone(), path.clone());
        async move {
            let piece = async {
                frames.changed().await.ok()?;
                let frame = frames.borrow_and_update().clone()?;
                let line = if first {
                    line(&frame.reading, None, engine.options())
                } else {
                    frame.shared.clone()
                };
                Some(spoil::line(line, engine.faults().mangles(&path)))
            };
            let piece = flow.next(piece).await?;
            Some((piece, (frames, false)))
        }
    });
    (
        [(header::CONTENT_TYPE, "application/json")],
        Body::from_stream(lines),
    )
        .into_response()
}
