//! The text of `--listen`, for who listens there and for who asks there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::Stop;

/// Where the page is served if nobody says otherwise.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8375";

/// An address and a port, the usual ones if there is no text. `localhost` is an address too.
fn address(text: &str) -> Result<SocketAddr, Stop> {
    let text = if text.is_empty() {
        DEFAULT_LISTEN
    } else {
        text
    };
    let localhost = || {
        let port = text.strip_prefix("localhost:")?.parse().ok()?;
        Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    };
    text.parse().ok().or_else(localhost).ok_or_else(|| {
        Stop::Usage(format!(
            "`--listen` (or DAEMONSCOPE_LISTEN) must be an address and a port, and `{text}` is not: write for example \
             `--listen {DEFAULT_LISTEN}`"
        ))
    })
}

/// Where a bridge is asked that listens so: one that listens everywhere is found on the loopback.
pub fn to_ask(text: &str) -> Result<SocketAddr, Stop> {
    let mut address = address(text)?;
    if address.port() == 0 {
        return Err(Stop::Usage(format!(
            "`--listen {text}` lets the system choose the port, and a health check must know it: write for example \
             `--listen {DEFAULT_LISTEN}`"
        )));
    }
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    Ok(address)
}

/// An address of the loopback.
pub fn to_listen_on(text: &str) -> Result<SocketAddr, Stop> {
    let address = address(text)?;
    if !address.ip().is_loopback() {
        return Err(Stop::Usage(format!(
            "`--listen {text}` would serve other machines, and this version has no sign-in: listen on the loopback, for \
             example `--listen {DEFAULT_LISTEN}`"
        )));
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(outcome: Result<SocketAddr, Stop>, text: &str, needle: &str) {
        match outcome {
            Err(Stop::Usage(sentence)) => assert!(sentence.contains(needle), "{sentence}"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_bridge_that_listens_everywhere_is_asked_on_the_loopback() {
        for (text, expected) in [
            ("0.0.0.0:8375", "127.0.0.1:8375"),
            ("[::]:99", "[::1]:99"),
            ("127.0.0.2:8375", "127.0.0.2:8375"),
            ("localhost:99", "127.0.0.1:99"),
            ("", "127.0.0.1:8375"),
        ] {
            assert_eq!(to_ask(text).unwrap().to_string(), expected, "{text}");
        }
        for (text, needle) in [
            ("127.0.0.1:0", "the port"),
            ("nas", "an address and a port"),
        ] {
            refuses(to_ask(text), text, needle);
        }
    }

    #[test]
    fn only_the_loopback_is_listened_on() {
        for (text, expected) in [
            ("127.0.0.1:8375", "127.0.0.1:8375"),
            ("127.0.0.2:0", "127.0.0.2:0"),
            ("[::1]:80", "[::1]:80"),
            ("localhost:99", "127.0.0.1:99"),
            ("", "127.0.0.1:8375"),
        ] {
            assert_eq!(to_listen_on(text).unwrap().to_string(), expected, "{text}");
        }
        for (text, needle) in [
            ("0.0.0.0:8375", "no sign-in"),
            ("[::]:8375", "no sign-in"),
            ("192.168.1.5:8375", "no sign-in"),
            ("[::ffff:127.0.0.1]:8375", "no sign-in"),
            ("8375", "an address and a port"),
            (":8375", "an address and a port"),
            ("127.0.0.1", "an address and a port"),
            ("127.0.0.1:99999", "an address and a port"),
            ("nas.lan:8375", "an address and a port"),
            ("unix:///run/daemonscope.sock", "an address and a port"),
        ] {
            refuses(to_listen_on(text), text, needle);
        }
    }
}
