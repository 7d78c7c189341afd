use protocol::TlsFault;

/// What keeps bridge and daemon from agreeing on TLS, for programs.
pub fn tls_code(fault: &TlsFault) -> &'static str {
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
