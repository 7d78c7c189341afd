//! The page's sentences about TLS between daemonscope and the daemon.

use super::Advice;
use crate::{FileFault, TlsFault, format};

pub(super) fn fault(fault: &TlsFault, endpoint: &str) -> Advice {
    let (what, remedy) = match fault {
        TlsFault::File { path, fault } => return file(path, fault),
        TlsFault::UnknownAuthority => (
            format!("The certificate of {endpoint} is not signed by an authority in ca.pem."),
            "Put the certificate of the authority that signed it into ca.pem. If nobody made a new one, somebody else may be answering.",
        ),
        TlsFault::OtherName { presented, .. } if presented.is_empty() => (
            format!("The certificate of {endpoint} names no host."),
            "Give the daemon a certificate that names this host (subjectAltName).",
        ),
        TlsFault::OtherName { wanted, presented } => (
            format!(
                "The certificate of {endpoint} is not for {wanted}. It is for {}.",
                presented.join(", ")
            ),
            "Name the daemon so in --host or DOCKER_HOST, or give it a certificate that names this host (subjectAltName).",
        ),
        TlsFault::Expired { not_after } => (
            format!("The certificate of {endpoint} expired on {not_after}."),
            "Renew the daemon's certificate (its --tlscert) and restart the daemon.",
        ),
        TlsFault::NotYetValid { not_before } => (
            format!("The certificate of {endpoint} is not valid before {not_before}."),
            "Compare the clocks of the two machines.",
        ),
        TlsFault::Unfit(reason) => (
            format!("The certificate of {endpoint} cannot be used: {reason}."),
            "Give the daemon a certificate for TLS servers.",
        ),
        TlsFault::ClientMissing { path } => (
            format!("{endpoint} asks who daemonscope is, and {path} is missing."),
            "Put cert.pem and key.pem, signed by the authority that the daemon trusts, beside ca.pem.",
        ),
        TlsFault::ClientExpired {
            not_after: Some(not_after),
        } => (
            format!("daemonscope's own certificate, cert.pem, expired on {not_after}."),
            "Renew cert.pem; it is read again at the next attempt.",
        ),
        TlsFault::ClientExpired { not_after: None } => (
            format!("{endpoint} says that daemonscope's own certificate, cert.pem, has expired."),
            "Renew cert.pem, or compare the clocks of the two machines.",
        ),
        TlsFault::ClientUnknownAuthority => (
            format!(
                "{endpoint} does not know the authority that signed daemonscope's own certificate, cert.pem."
            ),
            "Use a certificate signed by the authority that the daemon was given with --tlscacert.",
        ),
        TlsFault::ClientRefused(reason) => (
            format!("{endpoint} refuses daemonscope's own certificate, cert.pem ({reason})."),
            "Use a certificate for TLS clients, signed by the authority that the daemon trusts.",
        ),
        TlsFault::PlainHttp => (
            format!("{endpoint} does not speak TLS, and daemonscope was told to."),
            "Check the port (2376 is usual with TLS, 2375 without), or unset DOCKER_TLS_VERIFY.",
        ),
        TlsFault::Handshake(reason) => (
            format!("{endpoint} and daemonscope find no common way to speak TLS ({reason})."),
            "The daemon must offer TLS 1.2 or 1.3.",
        ),
    };
    Advice { what, remedy }
}

/// What is wrong with a file on the machine where daemonscope runs.
fn file(path: &str, fault: &FileFault) -> Advice {
    let (what, remedy) = match fault {
        FileFault::Missing => (
            format!("There is no {path} on daemonscope's machine."),
            "DOCKER_CERT_PATH must name the folder of ca.pem, cert.pem and key.pem.",
        ),
        FileFault::Unreadable(reason) => (
            format!("daemonscope cannot read {path} ({reason})."),
            "Let its user read the file.",
        ),
        FileFault::TooLong { limit_bytes } => (
            format!(
                "{path} is longer than {}.",
                format::bytes_size(*limit_bytes as f64)
            ),
            "It must hold what its name says, and nothing else.",
        ),
        FileFault::Malformed => (
            format!("{path} holds nothing that daemonscope can use."),
            "It must be in the PEM form, whose blocks start with -----BEGIN.",
        ),
        FileFault::Encrypted => (
            format!("{path} is behind a passphrase."),
            "Write the key without one (openssl pkey -in key.pem -out plain.pem).",
        ),
        FileFault::UnsupportedKey => (
            format!("{path} is a key of a kind that daemonscope cannot use."),
            "Use RSA of 2048 to 4096 bits, P-256, P-384 or Ed25519.",
        ),
        FileFault::OtherKey => (
            format!("{path} is not the key of the certificate beside it, cert.pem."),
            "Put the two that belong together there.",
        ),
    };
    Advice { what, remedy }
}
