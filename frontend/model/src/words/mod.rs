//! The page's sentences about the connection. Codes come over the wire; the words are here.

mod tls;

use crate::{Away, AwayReason, EngineInfo, GapReason, Status, Tone};

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
        Status::DaemonAway(_) => (Tone::Bad, "not connected".to_owned(), "not connected"),
        Status::Outdated => (Tone::Bad, "page outdated".to_owned(), "page outdated"),
    };
    Mark {
        tone,
        words,
        spoken,
    }
}

/// How the page stands with the bridge, whatever lies beyond that.
pub fn page(status: &Status) -> String {
    match status {
        Status::Stale { .. } | Status::DaemonAway(_) => "connected to the bridge".to_owned(),
        status => connection(status).words,
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
            format!("{endpoint} asks for TLS, and daemonscope was not told to speak it."),
            "Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem.",
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
            format!("A proxy between daemonscope and the daemon allows no call (status {status})."),
            "Let its rules allow reading containers, events, info and version.",
        ),
        AwayReason::NotAnEngine(answer) => (
            format!("What answers at {endpoint} is not a Docker daemon ({answer})."),
            "Check the address in --host or DOCKER_HOST.",
        ),
        AwayReason::Tls(fault) => return tls::fault(fault, endpoint),
        AwayReason::Starting => (
            "The Docker daemon accepts connections and does not answer yet.".to_owned(),
            "It may be starting, which can take a minute. If it stays so, look at its log (journalctl -u docker).",
        ),
    };
    Advice { what, remedy }
}

/// The engine in a head line: "28.5.2 on nas", or without the name, which a refused `/info` leaves untold.
pub fn version_and_name(engine: &EngineInfo) -> String {
    if engine.name.is_empty() {
        engine.version.clone()
    } else {
        format!("{} on {}", engine.version, engine.name)
    }
}

/// Why the daemon's facts are not known: a title, and the rest.
pub fn info_refused(status: u16) -> (&'static str, Advice) {
    if matches!(status, 401 | 403 | 404 | 405 | 407) {
        let what = format!(
            "A proxy between daemonscope and the daemon does not allow GET /info (status {status})."
        );
        let remedy = "Allow it there to see this.";
        ("Not permitted", Advice { what, remedy })
    } else {
        let what = format!("The daemon could not answer GET /info (status {status}).");
        let remedy = "It is asked again by itself.";
        ("Not told", Advice { what, remedy })
    }
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
    use crate::{FileFault, TlsFault};

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
            AwayReason::Starting,
        ];
        let tls = [
            TlsFault::UnknownAuthority,
            TlsFault::OtherName {
                wanted: "nas.lan".to_owned(),
                presented: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            },
            TlsFault::OtherName {
                wanted: "nas.lan".to_owned(),
                presented: Vec::new(),
            },
            TlsFault::Expired {
                not_after: "2026-11-24 06:44:55 UTC".to_owned(),
            },
            TlsFault::NotYetValid {
                not_before: "2026-11-24 06:44:55 UTC".to_owned(),
            },
            TlsFault::Unfit("odd".to_owned()),
            TlsFault::ClientMissing {
                path: "/certs/cert.pem".to_owned(),
            },
            TlsFault::ClientExpired {
                not_after: Some("2026-11-24 06:44:55 UTC".to_owned()),
            },
            TlsFault::ClientExpired { not_after: None },
            TlsFault::ClientUnknownAuthority,
            TlsFault::ClientRefused("odd".to_owned()),
            TlsFault::PlainHttp,
            TlsFault::Handshake("no common version".to_owned()),
        ];
        let files = [
            FileFault::Missing,
            FileFault::Unreadable("Permission denied".to_owned()),
            FileFault::TooLong { limit_bytes: 9 },
            FileFault::Malformed,
            FileFault::Encrypted,
            FileFault::UnsupportedKey,
            FileFault::OtherKey,
        ];
        let files = files.map(|fault| TlsFault::File {
            path: "/certs/key.pem".to_owned(),
            fault,
        });
        let reasons: Vec<_> = reasons
            .into_iter()
            .chain(tls.into_iter().chain(files).map(AwayReason::Tls))
            .collect();
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
    fn facts_that_are_refused_say_by_whom() {
        let (title, advice) = info_refused(403);
        assert_eq!(title, "Not permitted");
        assert!(advice.what.contains("does not allow") && advice.what.contains("403"));
        let (title, advice) = info_refused(500);
        assert_eq!(title, "Not told");
        assert!(advice.what.contains("could not answer") && advice.what.contains("500"));
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

    #[test]
    fn a_page_that_has_its_bridge_says_so_whatever_the_daemon_does() {
        let away = Status::DaemonAway(Away {
            reason: AwayReason::Hung,
            since_millis: 0,
            retry_at_millis: None,
            attempts: 1,
        });
        assert_eq!(connection(&away).words, "not connected");
        assert_eq!(page(&away), "connected to the bridge");
        assert_eq!(page(&Status::Outdated), "page outdated");
    }
}
