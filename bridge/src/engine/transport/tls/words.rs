use protocol::{FileFault, TlsFault};

/// For the log: what is wrong and what to do, in a line.
pub fn words(fault: &TlsFault) -> String {
    match fault {
        TlsFault::File { path, fault } => file(path, fault),
        TlsFault::UnknownAuthority => {
            "no authority in ca.pem signed the daemon's certificate: put the one that did there".into()
        }
        TlsFault::OtherName { wanted, presented } if presented.is_empty() => format!(
            "the daemon's certificate names no host: give it one for {wanted}"
        ),
        TlsFault::OtherName { wanted, presented } => format!(
            "the daemon's certificate is not for {wanted} but for {}: name it so in DOCKER_HOST, or give it a certificate for {wanted}",
            presented.join(", ")
        ),
        TlsFault::Expired { not_after } => {
            format!("the daemon's certificate expired on {not_after}: renew it on the daemon's side")
        }
        TlsFault::NotYetValid { not_before } => format!(
            "the daemon's certificate is not valid before {not_before}: compare the clocks of the two machines"
        ),
        TlsFault::Unfit(reason) => format!("the daemon's certificate cannot be used: {reason}"),
        TlsFault::ClientMissing { path } => format!(
            "the daemon asks for a certificate and there is none: {path} is missing; cert.pem and key.pem belong beside ca.pem"
        ),
        TlsFault::ClientExpired {
            not_after: Some(not_after),
        } => format!("our certificate cert.pem expired on {not_after}: renew it"),
        TlsFault::ClientExpired { not_after: None } => {
            "the daemon says that our certificate cert.pem has expired: renew it, or compare the clocks of the two machines".into()
        }
        TlsFault::ClientUnknownAuthority => {
            "the daemon does not know the authority that signed our certificate cert.pem: use one signed by the authority of its --tlscacert".into()
        }
        TlsFault::ClientRefused(reason) => {
            format!("the daemon refuses our certificate cert.pem: {reason}")
        }
        TlsFault::PlainHttp => {
            "we speak TLS and what answers does not: check the port, or unset DOCKER_TLS_VERIFY".into()
        }
        TlsFault::Handshake(reason) => format!("no common way to speak TLS: {reason}"),
    }
}

fn file(path: &str, fault: &FileFault) -> String {
    match fault {
        FileFault::Missing => {
            format!(
                "{path} is missing: DOCKER_CERT_PATH must name the folder of ca.pem, cert.pem and key.pem"
            )
        }
        FileFault::Unreadable(reason) => format!("{path} cannot be read: {reason}"),
        FileFault::TooLong { limit_bytes } => {
            format!("{path} is longer than {limit_bytes} bytes: it must hold certificates only")
        }
        FileFault::Malformed => {
            format!("{path} holds nothing of use in the PEM form (`-----BEGIN …`)")
        }
        FileFault::Encrypted => format!(
            "{path} is behind a passphrase, which nobody is there to type: write it without, as `openssl pkey -in key.pem` does"
        ),
        FileFault::UnsupportedKey => format!(
            "{path} is a key of a kind that cannot be used: RSA of 2048 to 4096 bits, P-256, P-384 and Ed25519 can"
        ),
        FileFault::OtherKey => {
            format!("{path} is not the key of the certificate beside it, cert.pem")
        }
    }
}
