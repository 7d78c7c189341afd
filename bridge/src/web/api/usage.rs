use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use protocol::{DaemonState, StatsWanted, Usage, UsageFailure, UsageRow};
use serde::Serialize;

use super::{daemon, unix::Seconds};
use crate::{
    hub::{Look, Picture},
    web::{App, answer::Refused},
};

/// How long an answer waits for the end of a reading. It takes as long as the daemon needs for it: more than half a
/// minute on a busy host.
const PATIENCE: Duration = Duration::from_secs(10);

/// Of the reading, beside the list of its rows.
const READ_AT: HeaderName = HeaderName::from_static("daemonscope-read-at");
const READING_SECONDS: HeaderName = HeaderName::from_static("daemonscope-reading-seconds");
const STALE: HeaderName = HeaderName::from_static("daemonscope-stale");

#[derive(Serialize)]
struct Row {
    #[serde(rename = "type")]
    class: &'static str,
    total: Option<u64>,
    active: Option<u64>,
    size_bytes: Option<i64>,
    reclaimable_bytes: Option<i64>,
}

pub async fn usage(State(app): State<App>) -> Result<Response, Refused> {
    let look = Look {
        stats: StatsWanted::None,
        usage: true,
    };
    let picture = app.hub.look(look, PATIENCE).await?;
    match &picture.usage.last {
        Some(last) => Ok(answer(last, is_stale(&picture))),
        None => Err(refusal(&picture)),
    }
}

/// Whether something may have changed since: an event, a reading that failed, a daemon that is away.
fn is_stale(picture: &Picture) -> bool {
    let usage = &picture.usage;
    usage.stale
        || usage.failure.is_some()
        || usage.reading_since_millis.is_some()
        || !matches!(picture.daemon, DaemonState::Live { .. })
}

fn answer(usage: &Usage, stale: bool) -> Response {
    let rows: Vec<_> = usage.rows.iter().map(Row::of).collect();
    // Digits and a dot are a header's value.
    let value =
        |text: String| HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""));
    let headers = [
        (READ_AT, value(Seconds(usage.read_at_millis).to_string())),
        (
            READING_SECONDS,
            value(Seconds(usage.took_millis).to_string()),
        ),
        (STALE, value(stale.to_string())),
    ];
    (headers, Json(rows)).into_response()
}

fn refusal(picture: &Picture) -> Refused {
    if !picture.is_current {
        return daemon::away(picture);
    }
    let unavailable =
        |code, message: String| Refused::new(StatusCode::SERVICE_UNAVAILABLE, code, message);
    if let Some(since) = picture.usage.reading_since_millis {
        let seconds = picture.at_millis.saturating_sub(since) / 1000;
        return unavailable(
            "usage_reading",
            format!("The daemon has been adding up its disk usage for {seconds} s; ask again."),
        );
    }
    match &picture.usage.failure {
        Some(UsageFailure::Busy) => unavailable(
            "usage_busy",
            "The daemon adds up its disk usage for somebody else; ask again.".to_owned(),
        ),
        Some(UsageFailure::Forbidden(status)) => unavailable(
            "usage_forbidden",
            format!("Something in front of the daemon does not allow it, with status {status}."),
        ),
        Some(UsageFailure::TimedOut { limit_millis }) => unavailable(
            "usage_timed_out",
            format!(
                "The daemon took more than {} s for it.",
                limit_millis / 1000
            ),
        ),
        Some(UsageFailure::Failed(words)) => unavailable(
            "usage_failed",
            format!(
                "The daemon could not add it up: {}.",
                words.trim_end_matches('.')
            ),
        ),
        None => unavailable(
            "usage_reading",
            "The daemon is soon asked for its disk usage; ask again.".to_owned(),
        ),
    }
}

impl Row {
    fn of(row: &UsageRow) -> Self {
        Self {
            class: row.class.word(),
            total: row.total,
            active: row.active,
            size_bytes: row.size_bytes,
            reclaimable_bytes: row.reclaimable_bytes,
        }
    }
}
