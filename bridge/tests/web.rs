//! The page's files and the doors, seen from a socket.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod web_support;

use web_support::{ask, bridge, bridge_with, get, site};

const HTML: &str = "<!doctype html><base href=\"/\">";

fn files() -> daemonscope::web::Site {
    site(&[
        ("index.html", HTML),
        ("icon.svg", "<svg/>"),
        (
            "assets/page-0123456789abcdef.js",
            "let plain = true; // long",
        ),
        ("assets/page-0123456789abcdef.js.gz", "gzip of the script"),
        ("assets/page-0123456789abcdef.js.br", "brotli"),
    ])
}

#[tokio::test]
async fn the_best_form_that_the_client_takes_is_served() {
    let bridge = bridge_with(files()).await;
    for (accepts, coding) in [
        (Some("gzip, deflate, br, zstd"), Some("br")),
        (Some("gzip, deflate"), Some("gzip")),
        (Some("gzip;q=1.0, br;q=0.5"), Some("gzip")),
        (Some("br;q=0, gzip"), Some("gzip")),
        (Some("br;q=0, *"), Some("gzip")),
        (Some("*"), Some("br")),
        (Some("*;q=0"), None),
        (Some("gzip;q=0"), None),
        (Some("gzip;q=nonsense"), None),
        (Some("identity"), None),
        (Some("identity, gzip;q=0.5"), None),
        (Some("deflate"), None),
        (Some("BR"), Some("br")),
        (Some(""), None),
        (None, None),
    ] {
        let line = accepts.map(|accepts| format!("Accept-Encoding: {accepts}"));
        let lines: Vec<&str> = line.iter().map(String::as_str).collect();
        let answer = get(&bridge, "/assets/page-0123456789abcdef.js", &lines).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-encoding"), coding, "{accepts:?}");
        let body = match coding {
            Some("br") => "brotli",
            Some(_) => "gzip of the script",
            None => "let plain = true; // long",
        };
        assert_eq!(answer.body, body);
        assert_eq!(
            answer.header("content-type"),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert_eq!(
            answer.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_file_that_may_change_is_asked_for_again_and_not_sent_again() {
    let bridge = bridge_with(files()).await;
    let answer = get(&bridge, "/icon.svg", &[]).await;
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
    let tag = answer.header("etag").unwrap();
    for known in [tag.to_owned(), format!("\"other\", W/{tag}")] {
        let answer = get(&bridge, "/icon.svg", &[&format!("If-None-Match: {known}")]).await;
        assert_eq!((answer.status, &*answer.body), (304, ""), "{known}");
        assert_eq!(answer.header("etag"), Some(tag));
    }
    let answer = get(&bridge, "/icon.svg", &["If-None-Match: \"other\""]).await;
    assert_eq!((answer.status, &*answer.body), (200, "<svg/>"));
    let answer = ask(&bridge, "HEAD", "/icon.svg", &[]).await;
    assert_eq!((answer.status, &*answer.body), (200, ""));
    bridge.stop().await;
}

#[tokio::test]
async fn every_address_of_the_page_leads_to_the_page_and_nothing_else_does() {
    let bridge = bridge_with(files()).await;
    let browser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";
    for (target, lines) in [
        ("/", &[][..]),
        ("/index.html", &[]),
        ("/containers", &[]),
        ("/containers/shop-web?tab=events", &[]),
        ("/events?filter=type%3Dimage", &[]),
        ("/containers/my.app", &[browser]),
    ] {
        let answer = get(&bridge, target, lines).await;
        assert_eq!((answer.status, &*answer.body), (200, HTML), "{target}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
    for (method, target, status) in [
        ("GET", "/assets/old-fedcba9876543210.js", 404),
        ("GET", "/../Cargo.toml", 404),
        ("GET", "/assets/%2e%2e/index.html", 404),
        ("GET", "/api", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/live", 426),
        ("POST", "/api/v1/live", 405),
        ("POST", "/", 405),
        ("DELETE", "/containers/abc", 405),
        ("POST", "/assets/page-0123456789abcdef.js", 405),
    ] {
        let answer = ask(&bridge, method, target, &[]).await;
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert!(
            answer.body.starts_with("{\"error\":{\"code\":\""),
            "{}",
            answer.body
        );
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_binary_without_the_page_says_how_to_get_it() {
    let bridge = bridge().await;
    let answer = get(&bridge, "/", &[]).await;
    assert_eq!(answer.status, 503);
    assert!(answer.body.contains("cargo xtask run"), "{}", answer.body);
    bridge.stop().await;
}

#[tokio::test]
async fn only_this_machine_and_our_own_page_are_answered() {
    let bridge = bridge_with(files()).await;
    let port = bridge.address().port();
    let ours = format!("Host: localhost:{port}");
    let our_origin = format!("Origin: http://localhost:{port}");
    let rebinding = format!("Host: evil.example:{port}");
    let rebinding_origin = format!("Origin: http://evil.example:{port}");
    let other_port = format!("Origin: http://localhost:{}", port ^ 1);
    for target in [
        "/",
        "/containers",
        "/healthz",
        "/metrics?statistics=0",
        "/api/v1/live",
        "/api/v1/nothing",
    ] {
        for (lines, code) in [
            (&[&*ours][..], None),
            (&[&ours, &our_origin], None),
            (&[&rebinding], Some("foreign_host")),
            (&[&rebinding, &rebinding_origin], Some("foreign_host")),
            (&["Host: 192.168.1.5"], Some("foreign_host")),
            (&["Host:"], Some("foreign_host")),
            (&[&ours, "Origin: null"], Some("foreign_origin")),
            (
                &[&ours, "Origin: http://evil.example"],
                Some("foreign_origin"),
            ),
            (&[&ours, &other_port], Some("foreign_origin")),
        ] {
            let answer = get(&bridge, target, lines).await;
            match code {
                None => assert_ne!(answer.status, 403, "{target} {lines:?}"),
                Some(code) => {
                    assert_eq!(answer.status, 403, "{target} {lines:?}");
                    assert!(answer.body.contains(code), "{}", answer.body);
                }
            }
        }
    }
    let plain = get(&bridge, "/icon.svg", &[&rebinding]).await;
    assert_eq!(plain.status, 200, "the page's files are no secret");
    let target = format!("http://evil.example:{port}/");
    assert_eq!(get(&bridge, &target, &[&ours]).await.status, 403);
    bridge.stop().await;
}

#[tokio::test]
async fn every_answer_says_how_it_may_be_used() {
    let bridge = bridge_with(files()).await;
    for target in ["/", "/icon.svg", "/healthz", "/api/v1/nothing", "/no.file"] {
        let answer = get(&bridge, target, &[]).await;
        let policy = answer.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "style-src 'self';",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{target}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let foreign = get(&bridge, "/", &["Host: evil.example"]).await;
    assert!(foreign.header("content-security-policy").is_some());
    bridge.stop().await;
}

#[tokio::test]
async fn health_is_served_while_the_daemon_is_not_there() {
    let bridge = bridge().await;
    let answer = get(&bridge, "/healthz", &[]).await;
    assert_eq!(answer.status, 200);
    let known = ["\"state\":\"away\"", "\"state\":\"connecting\""];
    assert!(
        known.iter().any(|state| answer.body.contains(state)),
        "{}",
        answer.body
    );
    bridge.stop().await;
}
