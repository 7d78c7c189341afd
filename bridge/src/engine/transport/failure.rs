use std::{fmt, io, time::Duration};

use protocol::{AwayReason, TlsFault};

use super::{routes::NotAdmitted, tls};

/// Why a call gave nothing.
#[derive(Debug)]
pub enum Failure {
    NotAdmitted(NotAdmitted),
    Connect(io::Error),
    ConnectTimedOut(Duration),
    /// Connected, and no answer within the limit.
    Silent(Duration),
    /// The connection ended before the answer did.
    Closed(String),
    NotHttp(String),
    /// It speaks TLS, and the bridge was not told to.
    TlsExpected,
    Tls(TlsFault),
    Status {
        status: u16,
        message: String,
    },
    TooLong {
        limit: usize,
    },
    Unreadable(String),
    /// The daemon speaks no version of the API that the bridge does.
    TooOld {
        api: String,
        needs: String,
    },
    NotAnEngine(String),
}

impl Failure {
    /// What it means for the whole connection, if this call was one that it stands on.
    pub fn away_reason(&self) -> AwayReason {
        match self {
            Self::Connect(error) => match error.kind() {
                io::ErrorKind::NotFound => AwayReason::SocketMissing,
                io::ErrorKind::ConnectionRefused => AwayReason::Refused,
                io::ErrorKind::PermissionDenied => AwayReason::PermissionDenied,
                // a unix socket whose queue is full: nobody takes connections from it
                io::ErrorKind::WouldBlock => AwayReason::Hung,
                _ => AwayReason::Unreachable(error.to_string()),
            },
            Self::ConnectTimedOut(limit) => {
                AwayReason::Unreachable(format!("no connection within {} s", limit.as_secs_f32()))
            }
            Self::Silent(_) => AwayReason::Hung,
            Self::Closed(_) => AwayReason::Closed,
            Self::TlsExpected => AwayReason::TlsExpected,
            Self::Tls(fault) => AwayReason::Tls(fault.clone()),
            Self::Status { status, .. } if matches!(status, 401 | 403 | 407) => {
                AwayReason::Forbidden(*status)
            }
            // a proxy in between that finds nobody behind it, or nobody who answers
            Self::Status {
                status: 502 | 503, ..
            } => AwayReason::Refused,
            Self::Status { status: 504, .. } => AwayReason::Hung,
            Self::TooOld { api, needs } => AwayReason::TooOld {
                api: api.clone(),
                needs: needs.clone(),
            },
            Self::NotHttp(text) | Self::Unreadable(text) | Self::NotAnEngine(text) => {
                AwayReason::NotAnEngine(text.clone())
            }
            Self::Status { .. } | Self::NotAdmitted(_) | Self::TooLong { .. } => {
                AwayReason::NotAnEngine(self.to_string())
            }
        }
    }

    /// Read from hyper's error and what lies under it.
    pub(super) fn of_hyper(error: &hyper::Error) -> Self {
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(cause) = source {
            if let Some(io) = cause.downcast_ref::<io::Error>() {
                if let Some(limit) = super::connect::limit_of(io) {
                    return Self::TooLong { limit };
                }
                if let Some(fault) = tls::fault_of(io) {
                    return Self::Tls(fault);
                }
            }
            source = cause.source();
        }
        if error.is_parse() {
            Self::NotHttp("what it sends is not HTTP".to_owned())
        } else {
            Self::Closed(error.to_string())
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAdmitted(reason) => reason.fmt(f),
            Self::Connect(error) => write!(f, "cannot connect: {error}"),
            Self::ConnectTimedOut(limit) => write!(f, "no connection within {limit:?}"),
            Self::Silent(limit) => write!(f, "no answer within {limit:?}"),
            Self::Closed(error) => write!(f, "the connection ended: {error}"),
            Self::NotHttp(text) => f.write_str(text),
            Self::TlsExpected => f.write_str(
                "the daemon asks for TLS: set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem",
            ),
            Self::Tls(fault) => f.write_str(&tls::words(fault)),
            Self::Status { status, message } => write!(f, "status {status}: {message}"),
            Self::TooLong { limit } => write!(f, "the answer is longer than {limit} bytes"),
            Self::Unreadable(text) => write!(f, "the answer cannot be read: {text}"),
            Self::TooOld { api, needs } => {
                write!(f, "the daemon speaks API {api}; the bridge needs {needs}")
            }
            Self::NotAnEngine(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use io::ErrorKind;

    use super::*;

    #[test]
    fn each_failure_is_a_reason_to_be_away() {
        let status = |status| Failure::Status {
            status,
            message: "words".to_owned(),
        };
        let connect = |kind: ErrorKind| Failure::Connect(kind.into());
        for (failure, reason) in [
            (connect(ErrorKind::NotFound), AwayReason::SocketMissing),
            (connect(ErrorKind::ConnectionRefused), AwayReason::Refused),
            (
                connect(ErrorKind::PermissionDenied),
                AwayReason::PermissionDenied,
            ),
            (connect(ErrorKind::WouldBlock), AwayReason::Hung),
            (Failure::Silent(Duration::from_secs(5)), AwayReason::Hung),
            (Failure::Closed("x".to_owned()), AwayReason::Closed),
            (Failure::TlsExpected, AwayReason::TlsExpected),
            (
                Failure::Tls(TlsFault::PlainHttp),
                AwayReason::Tls(TlsFault::PlainHttp),
            ),
            (status(403), AwayReason::Forbidden(403)),
            (status(401), AwayReason::Forbidden(401)),
            (status(503), AwayReason::Refused),
            (status(504), AwayReason::Hung),
            (
                status(500),
                AwayReason::NotAnEngine("status 500: words".to_owned()),
            ),
        ] {
            assert_eq!(failure.away_reason(), reason, "{failure}");
        }
        for failure in [
            connect(ErrorKind::HostUnreachable),
            Failure::ConnectTimedOut(Duration::from_secs(5)),
        ] {
            let reason = failure.away_reason();
            assert!(
                matches!(reason, AwayReason::Unreachable(_)),
                "{failure}: {reason:?}"
            );
        }
    }
}
