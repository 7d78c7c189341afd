//! How the bridge stands with the daemon, in words for programs and for people.

use axum::http::StatusCode;
use protocol::{AwayReason, DaemonState};
use serde::Serialize;

use super::unix::Seconds;
use crate::{
    engine::tls_words,
    hub::Picture,
    web::{answer::Refused, codes},
};

#[derive(Debug, Serialize)]
pub struct Daemon {
    /// `connecting`, `live` or `away`.
    state: &'static str,
    since: Option<Seconds>,
    /// Why it is away: a code for programs, a sentence for people.
    reason: Option<&'static str>,
    message: Option<String>,
    retry_at: Option<Seconds>,
}

impl Daemon {
    pub fn of(state: &DaemonState) -> Self {
        match state {
            DaemonState::Connecting => Self {
                state: "connecting",
                since: None,
                reason: None,
                message: None,
                retry_at: None,
            },
            DaemonState::Live { since_millis } => Self {
                state: "live",
                since: Some(Seconds(*since_millis)),
                reason: None,
                message: None,
                retry_at: None,
            },
            DaemonState::Away(away) => Self {
                state: "away",
                since: Some(Seconds(away.since_millis)),
                reason: Some(codes::away(&away.reason)),
                message: Some(sentence(&away.reason)),
                retry_at: away.retry_at_millis.map(Seconds),
            },
        }
    }
}

/// The refusal of what only a daemon that is there can tell.
pub fn away(picture: &Picture) -> Refused {
    let (code, message) = match &picture.daemon {
        DaemonState::Away(away) => ("daemon_away", sentence(&away.reason)),
        DaemonState::Connecting | DaemonState::Live { .. } => (
            "daemon_connecting",
            format!(
                "The daemon at {} has not told its containers yet; ask again in a moment.",
                picture.endpoint
            ),
        ),
    };
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, code, message)
}

fn sentence(reason: &AwayReason) -> String {
    match reason {
        AwayReason::SocketMissing => "The daemon's socket is not there.".to_owned(),
        AwayReason::Refused => "No daemon listens there.".to_owned(),
        AwayReason::PermissionDenied => "The bridge may not open the daemon's socket.".to_owned(),
        AwayReason::Unreachable(why) => {
            format!("The daemon's host cannot be reached: {}.", unended(why))
        }
        AwayReason::Hung => "The daemon accepts connections and answers nothing.".to_owned(),
        AwayReason::Closed => "The daemon ended the connection.".to_owned(),
        AwayReason::TlsExpected => {
            "The daemon asks for TLS, and the bridge was not told to speak it.".to_owned()
        }
        AwayReason::Certificate(why) => format!("A certificate was refused: {}.", unended(why)),
        AwayReason::TooOld { api, needs } => {
            format!("The daemon speaks API {api} at most, and the bridge needs {needs}.")
        }
        AwayReason::Forbidden(status) => {
            format!("Something in front of the daemon allows no call, with status {status}.")
        }
        AwayReason::NotAnEngine(why) => {
            format!(
                "What answers there is not the Engine API: {}.",
                unended(why)
            )
        }
        AwayReason::Tls(fault) => format!(
            "The bridge and the daemon do not agree on TLS: {}.",
            unended(&tls_words(fault))
        ),
        AwayReason::Starting => {
            "The daemon accepts connections and does not answer yet: it may be starting.".to_owned()
        }
    }
}

/// Words that may be a sentence, to be the end of one.
fn unended(words: &str) -> &str {
    words.trim_end_matches('.')
}
