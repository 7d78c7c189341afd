//! What is told to people in sentences, for programs: one word each, the same wherever it is told.

use protocol::{AwayReason, GapReason, TlsFault};
use timeline::attention::Reason;

/// Why the daemon is away, without what the daemon or the system said, which may be anything.
pub fn away(reason: &AwayReason) -> &'static str {
    match reason {
        AwayReason::SocketMissing => "socket_missing",
        AwayReason::Refused => "refused",
        AwayReason::PermissionDenied => "permission_denied",
        AwayReason::Unreachable(_) => "unreachable",
        AwayReason::Hung => "hung",
        AwayReason::Closed => "closed",
        AwayReason::TlsExpected => "tls_expected",
        AwayReason::Certificate(_) => "certificate",
        AwayReason::TooOld { .. } => "too_old",
        AwayReason::Forbidden(_) => "forbidden",
        AwayReason::NotAnEngine(_) => "not_an_engine",
        AwayReason::Tls(fault) => tls(fault),
        AwayReason::Starting => "starting",
    }
}

/// What keeps bridge and daemon from agreeing on TLS.
fn tls(fault: &TlsFault) -> &'static str {
    match fault {
        TlsFault::File { .. } => "tls_file",
        TlsFault::UnknownAuthority => "tls_unknown_authority",
        TlsFault::OtherName { .. } => "tls_other_name",
        TlsFault::Expired { .. } => "tls_expired",
        TlsFault::NotYetValid { .. } => "tls_not_yet_valid",
        TlsFault::Unfit(_) => "tls_unfit",
        TlsFault::ClientMissing { .. } => "tls_client_missing",
        TlsFault::ClientExpired { .. } => "tls_client_expired",
        TlsFault::ClientUnknownAuthority => "tls_client_unknown_authority",
        TlsFault::ClientRefused(_) => "tls_client_refused",
        TlsFault::PlainHttp => "tls_plain_http",
        TlsFault::Handshake(_) => "tls_handshake",
    }
}

/// Why events may be missing.
pub fn gap(reason: GapReason) -> &'static str {
    match reason {
        GapReason::BridgeStarted => "bridge_started",
        GapReason::DaemonRestarted => "daemon_restarted",
        GapReason::RingOverrun => "ring_overrun",
        GapReason::StreamStalled => "stream_stalled",
        GapReason::ViewerTooSlow => "no_longer_kept",
        GapReason::Unreadable => "unreadable",
        GapReason::BridgeWasDown => "bridge_was_down",
        GapReason::NotStored => "not_stored",
    }
}

/// Why something needs attention.
pub fn concern(reason: &Reason) -> &'static str {
    match reason {
        Reason::Dead => "dead",
        Reason::CrashLoop { .. } => "crash_loop",
        Reason::Restarting { .. } => "restarting",
        Reason::Unhealthy => "unhealthy",
        Reason::OutOfMemory { .. } => "out_of_memory",
        Reason::Failed { .. } => "failed",
        Reason::CameBack { .. } => "restarted",
        Reason::Reclaimable { .. } => "disk_reclaimable",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use protocol::FileFault;

    use super::*;

    #[test]
    fn each_code_is_another_and_is_documented() {
        let said = String::new;
        let tls = [
            TlsFault::File {
                path: said(),
                fault: FileFault::Missing,
            },
            TlsFault::UnknownAuthority,
            TlsFault::OtherName {
                wanted: said(),
                presented: Vec::new(),
            },
            TlsFault::Expired { not_after: said() },
            TlsFault::NotYetValid { not_before: said() },
            TlsFault::Unfit(said()),
            TlsFault::ClientMissing { path: said() },
            TlsFault::ClientExpired { not_after: None },
            TlsFault::ClientUnknownAuthority,
            TlsFault::ClientRefused(said()),
            TlsFault::PlainHttp,
            TlsFault::Handshake(said()),
        ];
        let reasons = [
            AwayReason::SocketMissing,
            AwayReason::Refused,
            AwayReason::PermissionDenied,
            AwayReason::Unreachable(said()),
            AwayReason::Hung,
            AwayReason::Closed,
            AwayReason::TlsExpected,
            AwayReason::TooOld {
                api: said(),
                needs: said(),
            },
            AwayReason::Forbidden(403),
            AwayReason::NotAnEngine(said()),
            AwayReason::Starting,
        ];
        let all: Vec<_> = reasons
            .into_iter()
            .chain(tls.into_iter().map(AwayReason::Tls))
            .map(|reason| away(&reason))
            .collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        let (api, metrics) = (
            include_str!("../../../docs/api.md"),
            include_str!("../../../docs/metrics.md"),
        );
        for code in all {
            let word = format!("`{code}`");
            assert!(metrics.contains(&word), "docs/metrics.md has no {code}");
            // there the codes of TLS are those of metrics.md
            let elsewhere = code.starts_with("tls_") && code != "tls_expected";
            assert!(
                elsewhere || api.contains(&word),
                "docs/api.md has no {code}"
            );
        }
    }
}
