//! `/events`: what is kept, then what comes.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::broadcast::error::RecvError;

use super::filters::Filters;
use super::{Failure, Site, Version};
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
            .map(|event| written(event, version))
            .collect()
    } else {
        VecDeque::new()
    };
    let left = until.map(|until| until.since(site.engine.now()));
    let end = left.map(|left| tokio::time::Instant::now() + left);
    let state = (backlog, live);
    let cut = site.engine.faults().cutter();
    let filters = Arc::new(filters);
    let lines = futures_util::stream::unfold(state, move |(mut backlog, mut live)| {
        let (site, cut, filters) = (site.clone(), cut.clone(), Arc::clone(&filters));
        async move {
            if let Some(line) = backlog.pop_front() {
                return Some((Ok(line), (backlog, live)));
            }
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
                    () = cut.cancelled() => return Some((Err(std::io::Error::other("cut")), (backlog, live))),
                    () = site.cancel.cancelled() => return None,
                    received = live.recv() => received,
                    () = &mut over => return None,
                };
                match received {
                    Ok(event) if until.is_some_and(|until| event.at > until) => return None,
                    Ok(event) if filters.event(&event) => {
                        site.engine.faults().while_hung().await;
                        return Some((Ok(written(&event, version)), (backlog, live)));
                    }
                    // The daemon drops what a slow listener does not take, without a word.
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
            }
        }
    });
    // The headers go out at once, as the daemon's do, and not with the first event.
    Ok((
        [(header::CONTENT_TYPE, "application/json")],
        Body::from_stream(lines),
    )
        .into_response())
}

fn written(event: &Event, version: Version) -> Bytes {
    if version < WITHOUT_OLD_FIELDS {
        event.legacy.clone()
    } else {
        event.modern.clone()
    }
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
