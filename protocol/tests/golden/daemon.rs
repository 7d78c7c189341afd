//! The states of the daemon: each way of being away, and each thing that can be wrong with TLS, has a word of its own.

use daemonscope_protocol::*;

use crate::values::text;

pub fn states() -> Vec<(&'static str, ServerMsg)> {
    let away = |reason| {
        ServerMsg::Daemon(DaemonState::Away(Away {
            reason,
            since_millis: 1_700_000_000_000,
            retry_at_millis: Some(1_700_000_000_500),
            attempts: 1,
        }))
    };
    let tls = |fault| away(AwayReason::Tls(fault));
    let file = |fault| {
        tls(TlsFault::File {
            path: text("/certs/key.pem"),
            fault,
        })
    };
    vec![
        (
            "daemon: connecting",
            ServerMsg::Daemon(DaemonState::Connecting),
        ),
        ("daemon: socket missing", away(AwayReason::SocketMissing)),
        ("daemon: refused", away(AwayReason::Refused)),
        (
            "daemon: permission denied",
            away(AwayReason::PermissionDenied),
        ),
        (
            "daemon: unreachable",
            away(AwayReason::Unreachable(text("no such host"))),
        ),
        ("daemon: hung", away(AwayReason::Hung)),
        ("daemon: closed", away(AwayReason::Closed)),
        ("daemon: TLS expected", away(AwayReason::TlsExpected)),
        (
            "daemon: certificate",
            away(AwayReason::Certificate(text("expired"))),
        ),
        (
            "daemon: too old",
            away(AwayReason::TooOld {
                api: text("1.40"),
                needs: text("1.41"),
            }),
        ),
        ("daemon: forbidden", away(AwayReason::Forbidden(403))),
        (
            "daemon: not an engine",
            away(AwayReason::NotAnEngine(text("<html>"))),
        ),
        ("daemon: starting", away(AwayReason::Starting)),
        (
            "daemon: TLS, unknown authority",
            tls(TlsFault::UnknownAuthority),
        ),
        (
            "daemon: TLS, other name",
            tls(TlsFault::OtherName {
                wanted: text("nas.lan"),
                presented: vec![text("localhost"), text("127.0.0.1")],
            }),
        ),
        (
            "daemon: TLS, expired",
            tls(TlsFault::Expired {
                not_after: text("2026-11-24 06:44:55 UTC"),
            }),
        ),
        (
            "daemon: TLS, not yet valid",
            tls(TlsFault::NotYetValid {
                not_before: text("2026-11-24 06:44:55 UTC"),
            }),
        ),
        ("daemon: TLS, unfit", tls(TlsFault::Unfit(text("revoked")))),
        (
            "daemon: TLS, no client certificate",
            tls(TlsFault::ClientMissing {
                path: text("/certs/cert.pem"),
            }),
        ),
        (
            "daemon: TLS, client certificate expired",
            tls(TlsFault::ClientExpired {
                not_after: Some(text("2026-11-24 06:44:55 UTC")),
            }),
        ),
        (
            "daemon: TLS, client certificate of an unknown authority",
            tls(TlsFault::ClientUnknownAuthority),
        ),
        (
            "daemon: TLS, client certificate refused",
            tls(TlsFault::ClientRefused(text("revoked"))),
        ),
        ("daemon: TLS, plain HTTP", tls(TlsFault::PlainHttp)),
        (
            "daemon: TLS, handshake",
            tls(TlsFault::Handshake(text("no common version"))),
        ),
        ("daemon: TLS, no file", file(FileFault::Missing)),
        (
            "daemon: TLS, unreadable file",
            file(FileFault::Unreadable(text("Permission denied"))),
        ),
        (
            "daemon: TLS, long file",
            file(FileFault::TooLong {
                limit_bytes: 1_048_576,
            }),
        ),
        ("daemon: TLS, malformed file", file(FileFault::Malformed)),
        ("daemon: TLS, encrypted key", file(FileFault::Encrypted)),
        (
            "daemon: TLS, unsupported key",
            file(FileFault::UnsupportedKey),
        ),
        ("daemon: TLS, other key", file(FileFault::OtherKey)),
    ]
}
