//! What an error of rustls means to the person who set up the certificates.

use std::io;

use protocol::TlsFault;
use rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, pki_types::UnixTime,
    server::WebPkiClientVerifier,
};

use super::files::Given;
use crate::engine::rfc3339;

const MOST_NAMES: usize = 8;

/// `None`: the connection ended, for a reason that has nothing to do with TLS.
pub fn of_io(error: &io::Error, given: &Given) -> Option<TlsFault> {
    let error = error.get_ref()?.downcast_ref::<Error>()?;
    Some(of(error, given))
}

fn of(error: &Error, given: &Given) -> TlsFault {
    match error {
        Error::InvalidCertificate(error) => of_the_daemons(error),
        Error::AlertReceived(alert) => of_ours(*alert, given),
        // where a record should begin stands `HTTP/1.1 400 Bad Request`
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => TlsFault::PlainHttp,
        other => TlsFault::Handshake(other.to_string()),
    }
}

/// What is wrong with the daemon's certificate.
fn of_the_daemons(error: &CertificateError) -> TlsFault {
    match error {
        // the latter: an authority of the same name signed it, with another key
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            TlsFault::UnknownAuthority
        }
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => TlsFault::OtherName {
            wanted: expected.to_str().into_owned(),
            presented: names(presented),
        },
        CertificateError::ExpiredContext { not_after, .. } => TlsFault::Expired {
            not_after: date(*not_after),
        },
        CertificateError::NotValidYetContext { not_before, .. } => TlsFault::NotYetValid {
            not_before: date(*not_before),
        },
        other => TlsFault::Unfit(other.to_string()),
    }
}

/// What the daemon does not like about our certificate. Older daemons say no more than "bad".
fn of_ours(alert: AlertDescription, given: &Given) -> TlsFault {
    let about_certificates = matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateRequired
    );
    if !about_certificates {
        return TlsFault::Handshake(format!("the daemon says {alert:?}"));
    }
    let Some((first, others)) = given.chain.split_first() else {
        return TlsFault::ClientMissing {
            path: given.missing.display().to_string(),
        };
    };
    let own_view =
        WebPkiClientVerifier::builder_with_provider(given.roots.clone(), given.provider.clone())
            .build()
            .ok()
            .and_then(|verifier| {
                verifier
                    .verify_client_cert(first, others, UnixTime::now())
                    .err()
            });
    match (alert, own_view) {
        (
            _,
            Some(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })),
        ) => TlsFault::ClientExpired {
            not_after: Some(date(not_after)),
        },
        (AlertDescription::CertificateExpired, _) => TlsFault::ClientExpired { not_after: None },
        (AlertDescription::UnknownCA, _)
        | (
            AlertDescription::BadCertificate,
            Some(Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            )),
        ) => TlsFault::ClientUnknownAuthority,
        (_, Some(Error::InvalidCertificate(reason))) => TlsFault::ClientRefused(reason.to_string()),
        (alert, _) => TlsFault::ClientRefused(format!("{alert:?}")),
    }
}

/// As many as a sentence holds: whoever answers chose them.
fn names(presented: &[String]) -> Vec<String> {
    let mut names: Vec<_> = presented
        .iter()
        .take(MOST_NAMES)
        .map(|one| bare(one))
        .collect();
    let more = presented.len() - names.len();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names
}

/// `DnsName("nas.lan")` is how webpki tells a name, `IpAddress(192.0.2.7)` an address.
fn bare(name: &str) -> String {
    name.split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .unwrap_or(name)
        .trim_matches('"')
        .to_owned()
}

fn date(time: UnixTime) -> String {
    rfc3339::written(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_certificate_are_as_many_as_a_sentence_holds() {
        let names = |count| {
            let presented: Vec<_> = (0..count)
                .map(|n| format!("DnsName(\"{n}.lan\")"))
                .collect();
            names(&presented)
        };
        assert_eq!(names(0).len(), 0);
        assert_eq!(names(2), ["0.lan", "1.lan"]);
        assert_eq!(names(8).last().unwrap(), "7.lan");
        assert_eq!(names(100).len(), 9);
        assert_eq!(names(100).last().unwrap(), "92 more");
    }
}
