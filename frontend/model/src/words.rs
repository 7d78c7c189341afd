//! The page's sentences about the connection. Codes come over the wire; the words are here.

use crate::{Away, AwayReason, GapReason, Status, Tone};

/// A connection mark: a tone, a word or two that fit a head line, and the same without what changes every second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub tone: Tone,
    pub words: String,
    /// For those who hear it.
    pub spoken: &'static str,
}

pub fn connection(status: &Status) -> Mark {
    let (tone, words, spoken) = match status {
        Status::Connecting => (Tone::Off, "connecting".to_owned(), "connecting"),
        Status::Live => (Tone::Good, "live".to_owned(), "live"),
        Status::Stale { silent_secs } => (
            Tone::Warn,
            format!("stale for {silent_secs} s"),
            "stale: figures have stopped coming",
        ),
        Status::Reconnecting { in_secs: 0, .. } => {
            (Tone::Warn, "reconnecting".to_owned(), "reconnecting")
        }
        Status::Reconnecting { in_secs, .. } => (
            Tone::Warn,
            format!("reconnecting in {in_secs} s"),
            "reconnecting",
        ),
        Status::DaemonAway(_) => (Tone::Bad, "daemon away".to_owned(), "daemon away"),
        Status::Outdated => (Tone::Bad, "page outdated".to_owned(), "page outdated"),
    };
    Mark {
        tone,
        words,
        spoken,
    }
}

/// What is wrong, and what a person can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub what: String,
    pub remedy: &'static str,
}

/// Why the daemon is away. `endpoint` is where it should be.
pub fn away(away: &Away, endpoint: &str) -> Advice {
    let (what, remedy) = match &away.reason {
        AwayReason::SocketMissing => (
            format!("There is no socket at {endpoint}."),
            "Start the Docker daemon, or name another socket with --host or DOCKER_HOST.",
        ),
        AwayReason::Refused => (
            format!("Nothing listens at {endpoint}: the Docker daemon is not running."),
            "Start it (systemctl start docker).",
        ),
        AwayReason::PermissionDenied => (
            format!("daemonscope may not open {endpoint}."),
            "Run it as a user of the group docker.",
        ),
        AwayReason::Unreachable(reason) => (
            format!("{endpoint} cannot be reached ({reason})."),
            "Check the host name and the network.",
        ),
        AwayReason::Hung => (
            "The Docker daemon accepts connections and answers nothing.".to_owned(),
            "If it stays so, look at its log (journalctl -u docker) before restarting it.",
        ),
        AwayReason::Closed => (
            "The Docker daemon ended the connection: it was stopped, or is restarting.".to_owned(),
            "If it does not come back, look at its log (journalctl -u docker).",
        ),
        AwayReason::TlsExpected => (
            format!("{endpoint} and daemonscope do not agree on TLS."),
            "Check the port (2376 is usual with TLS, 2375 without) and the TLS settings.",
        ),
        AwayReason::Certificate(reason) => (
            format!("A certificate was refused ({reason})."),
            "Check the certificates that daemonscope and the daemon were given.",
        ),
        AwayReason::TooOld { api, needs } => (
            format!("The Docker daemon speaks API {api}; daemonscope needs {needs}."),
            "Upgrade Docker to 20.10 or later.",
        ),
        AwayReason::Forbidden(status) => (
            format!(
                "What stands between daemonscope and the daemon allows no call (status {status})."
            ),
            "Let its rules allow reading containers, events, info and version.",
        ),
        AwayReason::NotAnEngine(answer) => (
            format!("What answers at {endpoint} is not a Docker daemon ({answer})."),
            "Check the address in --host or DOCKER_HOST.",
        ),
    };
    Advice { what, remedy }
}

/// Why entries of the timeline may be missing.
pub fn gap(reason: GapReason) -> &'static str {
    match reason {
        GapReason::BridgeStarted => "before this, daemonscope was not listening",
        GapReason::DaemonRestarted => "the daemon was restarted and forgot its events",
        GapReason::RingOverrun => "the stream broke for longer than the daemon remembers",
        GapReason::StreamStalled => "the daemon hung",
        GapReason::ViewerTooSlow => "this page was too slow, or away for too long",
        GapReason::Unreadable => "the daemon sent something that could not be read",
        GapReason::BridgeWasDown => "daemonscope was not running, and the daemon forgot its events",
        GapReason::NotStored => "the disk took no more, and daemonscope forgot its events",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_reason_has_words_of_its_own() {
        let reasons = [
            AwayReason::SocketMissing,
            AwayReason::Refused,
            AwayReason::PermissionDenied,
            AwayReason::Unreachable("no such host".to_owned()),
            AwayReason::Hung,
            AwayReason::Closed,
            AwayReason::TlsExpected,
            AwayReason::Certificate("expired".to_owned()),
            AwayReason::TooOld {
                api: "1.24".to_owned(),
                needs: "1.41".to_owned(),
            },
            AwayReason::Forbidden(403),
            AwayReason::NotAnEngine("an HTML page".to_owned()),
        ];
        let told: HashSet<String> = reasons
            .iter()
            .map(|reason| {
                let away = super::away(
                    &Away {
                        reason: reason.clone(),
                        since_millis: 0,
                        retry_at_millis: None,
                        attempts: 1,
                    },
                    "unix:///run/docker.sock",
                );
                assert!(
                    away.what.ends_with('.') && away.remedy.ends_with('.'),
                    "{away:?}"
                );
                away.what
            })
            .collect();
        assert_eq!(told.len(), reasons.len());
    }

    #[test]
    fn the_mark_counts_down_but_does_not_chatter() {
        let mark = |in_secs| {
            connection(&Status::Reconnecting {
                in_secs,
                attempts: 3,
            })
        };
        assert_eq!(mark(4).words, "reconnecting in 4 s");
        assert_eq!(mark(0).words, "reconnecting");
        assert_eq!(mark(4).spoken, mark(3).spoken);
    }
}
