use std::net::{Ipv4Addr, Ipv6Addr};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::answer::Refused;

/// Who may ask: only a request that names this machine's loopback as its host, which a page under a foreign name
/// cannot do even when that name leads here, and that comes from our own page or from no page at all.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    /// The port that we listen on.
    pub port: u16,
}

const HTTP_PORT: u16 = 80;

impl Guard {
    pub fn check(self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refused> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = match (hosts.next(), hosts.next()) {
            (Some(host), None) => host.to_str().unwrap_or_default(),
            _ => "",
        };
        if !self.is_ours(host)
            || uri
                .authority()
                .is_some_and(|one| !self.is_ours(one.as_str()))
        {
            let port = self.port;
            return Err(Refused::new(
                StatusCode::FORBIDDEN,
                "foreign_host",
                format!(
                    "The bridge answers only under localhost:{port}, 127.0.0.1:{port} or [::1]:{port}, and this \
                     request is for another host; open it under one of these."
                ),
            ));
        }
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let origin_is_ours = match (origins.next(), origins.next()) {
            (None, _) => true,
            (Some(origin), None) => origin
                .to_str()
                .ok()
                .and_then(|origin| origin.strip_prefix("http://"))
                .is_some_and(|origin| origin.eq_ignore_ascii_case(host)),
            _ => false,
        };
        if !origin_is_ours {
            return Err(Refused::new(
                StatusCode::FORBIDDEN,
                "foreign_origin",
                "The bridge answers only its own page, and a page of another origin made this request.",
            ));
        }
        Ok(())
    }

    fn is_ours(self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        let name = authority.host();
        let loopback = name.eq_ignore_ascii_case("localhost")
            || name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
            || name
                .strip_prefix('[')
                .and_then(|name| name.strip_suffix(']'))
                .is_some_and(|name| name.parse().is_ok_and(|ip: Ipv6Addr| ip.is_loopback()));
        let port = match authority.as_str().strip_prefix(name) {
            // Nothing but a port may follow the name, and nothing come before it.
            Some("") => Some(HTTP_PORT),
            Some(_) => authority.port_u16(),
            None => None,
        };
        loopback && port == Some(self.port)
    }
}

pub async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    match guard.check(request.uri(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refused) => refused.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(port: u16, uri: &str, headers: &[(&str, &str)]) -> Result<(), &'static str> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: header::HeaderName = name.parse().unwrap();
            map.append(name, value.parse().unwrap());
        }
        let answer = Guard { port }.check(&uri.parse().unwrap(), &map);
        answer.map_err(|refused| refused.code())
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in [
            "localhost:8375",
            "LocalHost:8375",
            "127.0.0.1:8375",
            "127.8.9.1:8375",
            "[::1]:8375",
        ] {
            assert_eq!(check(8375, "/", &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:8376",
            "localhost:",
            "localhost.:8375",
            "localhost.evil.example:8375",
            "evil.localhost:8375",
            "evil.example:8375",
            "127.0.0.1.nip.io:8375",
            "user@localhost:8375",
            "localhost:8375@evil.example",
            "0.0.0.0:8375",
            "192.168.1.5:8375",
            "127.1:8375",
            "2130706433:8375",
            "0x7f.0.0.1:8375",
            "0177.0.0.1:8375",
            "[::]:8375",
            "[::ffff:127.0.0.1]:8375",
            "::1:8375",
            "localhost:8375:8375",
            "localhost:08375x",
            "localhost:8375/x",
            " localhost:8375",
        ] {
            let answer = check(8375, "/", &[("host", host)]);
            assert_eq!(answer, Err("foreign_host"), "{host}");
        }
        assert_eq!(check(8375, "/", &[]), Err("foreign_host"), "no Host at all");
        let twice = [("host", "localhost:8375"), ("host", "localhost:8375")];
        assert_eq!(check(8375, "/", &twice), Err("foreign_host"));
    }

    #[test]
    fn the_port_of_http_need_not_be_said() {
        assert_eq!(check(80, "/", &[("host", "localhost")]), Ok(()));
        assert_eq!(check(80, "/", &[("host", "127.0.0.1:80")]), Ok(()));
        assert_eq!(check(80, "/", &[("host", "[::1]")]), Ok(()));
    }

    #[test]
    fn a_target_with_a_host_must_name_us_too() {
        let host = [("host", "localhost:8375")];
        assert_eq!(check(8375, "http://127.0.0.1:8375/x", &host), Ok(()));
        let answer = check(8375, "http://evil.example:8375/x", &host);
        assert_eq!(answer, Err("foreign_host"));
    }

    #[test]
    fn only_our_own_page_or_no_page_may_ask() {
        let with = |origin| check(8375, "/", &[("host", "localhost:8375"), ("origin", origin)]);
        assert_eq!(with("http://localhost:8375"), Ok(()));
        assert_eq!(with("http://LOCALHOST:8375"), Ok(()));
        for origin in [
            "null",
            "",
            "localhost:8375",
            "https://localhost:8375",
            "http://localhost",
            "http://localhost:3000",
            "http://127.0.0.1:8375",
            "http://evil.example",
            "http://localhost:8375.evil.example",
            "http://localhost:8375/",
            "http://localhost:8375, http://evil.example",
            "chrome-extension://abc",
            "file://",
        ] {
            assert_eq!(with(origin), Err("foreign_origin"), "{origin}");
        }
        let twice = [
            ("host", "localhost:8375"),
            ("origin", "http://localhost:8375"),
            ("origin", "http://localhost:8375"),
        ];
        assert_eq!(check(8375, "/", &twice), Err("foreign_origin"));
    }
}
