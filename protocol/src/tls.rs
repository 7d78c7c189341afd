use serde::{Deserialize, Serialize};

/// What keeps the bridge and the daemon from agreeing on TLS: a code for each thing that a person would do something else about.
/// Times are written as `2026-11-24 06:44:55 UTC`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TlsFault {
    /// One of the bridge's own files cannot be used.
    File { path: String, fault: FileFault },
    /// None of the authorities in `ca.pem` signed the daemon's certificate.
    UnknownAuthority,
    /// The daemon's certificate is for others than the host that was asked for.
    OtherName {
        wanted: String,
        presented: Vec<String>,
    },
    /// The daemon's certificate.
    Expired { not_after: String },
    /// The daemon's certificate.
    NotYetValid { not_before: String },
    /// The daemon's certificate is refused for another reason.
    Unfit(String),
    /// The daemon asks for a certificate, and the bridge has none: the path of the file that is missing.
    ClientMissing { path: String },
    /// The bridge's certificate; without a time where only the daemon says so.
    ClientExpired { not_after: Option<String> },
    /// The daemon does not know the authority that signed the bridge's certificate.
    ClientUnknownAuthority,
    /// The daemon refuses the bridge's certificate for another reason.
    ClientRefused(String),
    /// The bridge speaks TLS, and what answers does not.
    PlainHttp,
    /// They find no common way.
    Handshake(String),
}

/// What is wrong with one of the bridge's own files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFault {
    Missing,
    /// The system's word.
    Unreadable(String),
    TooLong {
        limit_bytes: u64,
    },
    /// It holds no certificate, or no key, in the PEM form.
    Malformed,
    /// A key behind a passphrase.
    Encrypted,
    /// A key of a kind that the bridge cannot use.
    UnsupportedKey,
    /// The key is not that of `cert.pem`.
    OtherKey,
}
