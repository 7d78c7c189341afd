//! `/metrics`: what is known, for Prometheus and all that read its text.
//!
//! A scrape asks the daemon for nothing by itself. It is taken for a viewer of the statistics, as an open page is, for
//! as long as its rhythm lets expect the next one; the disk usage is that of the last reading, however old.

mod accept;
mod containers;
mod daemon;
mod own;
mod process;
mod rhythm;
mod text;

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::StatsWanted;
use tokio::time::Instant;

pub use self::rhythm::Rhythm;
use self::text::Text;
use super::{App, answer::Refused};
use crate::hub::{Ended, Look, Picture};

/// How long Prometheus waits, in seconds.
const SCRAPE_TIMEOUT: HeaderName = HeaderName::from_static("x-prometheus-scrape-timeout-seconds");

pub async fn serve(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let with_statistics = wants_statistics(query.as_deref().unwrap_or_default())?;
    let picture = if with_statistics {
        look(&app, &headers).await?
    } else {
        app.hub.picture().await?
    };
    let format = accept::format(&headers);
    let mut text = Text::new(format);
    write(&app, &picture, with_statistics, &mut text);
    let head = [
        (header::CONTENT_TYPE, format.content_type()),
        (header::VARY, "accept"),
    ];
    Ok((head, text.end()).into_response())
}

async fn look(app: &App, headers: &HeaderMap) -> Result<Arc<Picture>, Ended> {
    let visit = app
        .scrapes
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .beat(Instant::now());
    // a scrape that comes too late is worth nothing
    let patience =
        scrape_timeout(headers).map_or(visit.patience, |limit| visit.patience.min(limit / 2));
    let look = Look {
        stats: StatsWanted::All,
        usage: false,
    };
    app.hub.look_and_stay(look, patience, visit.stay).await
}

fn scrape_timeout(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(SCRAPE_TIMEOUT)?.to_str().ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// A parameter that is misspelt would cost what it was to save, so it is refused.
fn wants_statistics(query: &str) -> Result<bool, Refused> {
    let refuse = |code, wrong| {
        let message = format!(
            "`statistics` {wrong}: with 0 a scrape has no figures of containers, and costs the daemon nothing."
        );
        Err(Refused::new(StatusCode::BAD_REQUEST, code, message))
    };
    let mut wanted = true;
    for parameter in query.split('&').filter(|one| !one.is_empty()) {
        wanted = match parameter.split_once('=').unwrap_or((parameter, "")) {
            ("statistics", "1") => true,
            ("statistics", "0") => false,
            ("statistics", _) => return refuse("bad_statistics", "is 1 or 0"),
            _ => return refuse("unknown_parameter", "is the only parameter of /metrics"),
        };
    }
    Ok(wanted)
}

fn write(app: &App, picture: &Picture, with_statistics: bool, text: &mut Text) {
    own::build(text);
    daemon::write(picture, &app.counts.tally.counts(), text);
    containers::write(picture, with_statistics, text);
    let store = app.hub.store().map(AsRef::as_ref);
    own::write(
        &app.counts.costs,
        picture.viewers,
        app.hub.sent(),
        store,
        text,
    );
}
