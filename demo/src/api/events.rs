//! `/events`: what is kept, then what comes.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::Instant;

use super::filters::Filters;
use super::flow::Flow;
use super::{Failure, Site, Version, spoil};
use crate::ring::Event;
use crate::time::Time;

/// From this API version on, lines have no `status`, `id` and `from`.
const WITHOUT_OLD_FIELDS: Version = Version(52);

pub async fn stream(
    State(site): State<Site>,
    Extension(version): Extension<Version>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let since = moment(query.get("since"))?;
    let until = moment(query.get("until"))?;
    if let (Some(since), Some(until)) = (since, until)
        && since > until
    {
        return Err(Failure::bad(format!(
            "`since` time ({}) cannot be after `until` time ({})",
            since.seconds(),
            until.seconds()
        )));
    }
    let filters = Filters::parse(query.get("filters"))?;
    let (kept, live) = site.engine.listen();
    let backlog: VecDeque<Bytes> = if since.is_some() || until.is_some() {
        let within = |event: &&Arc<Event>| {
            since.is_none_or(|since| event.at >= since)
                && until.is_none_or(|until| event.at <= until)
        };
        kept.iter()
            .filter(within)
            .filter(|event| filters.event(event))
            .map(|event| written(&site, event, version))
            .collect()
    } else {
        VecDeque::new()
    };
    let end = until.map(|until| Instant::now() + until.since(site.engine.now()));
    let (flow, filters) = (Flow::open(&site), Arc::new(filters));
    let lines = futures_util::stream::unfold((backlog, live), move |(mut backlog, mut live)| {
        let (flow, filters, site) = (flow.clone(), Arc::clone(&filters), site.clone());
        async move {
            let piece = async {
                match backlog.pop_front() {
                    Some(line) => Some(line),
                    None => fresh(&mut live, &filters, until, end)
                        .await
                        .map(|event| written(&site, &event, version)),
                }
            };
            let piece = flow.next(piece).await?;
            Some((piece, (backlog, live)))
        }
    });
    // The headers go out at once, as the daemon's do, and not with the first event.
    Ok((
        [(header::CONTENT_TYPE, "application/json")],
        Body::from_stream(lines),
    )
        .into_response())
}

/// The next event that passes, until `until`, which comes at `end`.
async fn fresh(
    live: &mut broadcast::Receiver<Arc<Event>>,
    filters: &Filters,
    until: Option<Time>,
    end: Option<Instant>,
) -> Option<Arc<Event>> {
    let over = async {
        match end {
            Some(end) => tokio::time::sleep_until(end).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(over);
    loop {
        let received = tokio::select! {
            biased;
            received = live.recv() => received,
            () = &mut over => return None,
        };
        match received {
            Ok(event) if until.is_some_and(|until| event.at > until) => return None,
            Ok(event) if filters.event(&event) => return Some(event),
            // The daemon drops what a slow listener does not take, without a word.
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

fn written(site: &Site, event: &Event, version: Version) -> Bytes {
    let line = if version < WITHOUT_OLD_FIELDS {
        event.legacy()
    } else {
        event.modern()
    };
    spoil::line(line, site.engine.faults().mangles("/events"))
}

fn moment(text: Option<&String>) -> Result<Option<Time>, Failure> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match Time::parse_query(text) {
        Some(time) => Ok(Some(time)),
        None => Err(Failure::bad(format!(
            "failed to parse value for 'since' or 'until': invalid timestamp {text:?}"
        ))),
    }
}
