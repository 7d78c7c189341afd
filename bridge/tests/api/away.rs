//! A daemon that is not there, and requests that are none.

use serde_json::{Value, json};

use super::{
    client::{ask, get, have, refused, watching},
    support::{A, Answer, Daemon},
    web_support::bridge,
};

const OF_THE_DAEMON: [&str; 6] = [
    "/api/v1/attention",
    "/api/v1/containers",
    "/api/v1/containers/web",
    "/api/v1/stats",
    "/api/v1/summary",
    "/api/v1/usage",
];

#[tokio::test]
async fn what_only_the_daemon_can_tell_is_refused_while_it_is_away() {
    let bridge = bridge().await;
    for target in OF_THE_DAEMON {
        let (status, code, message) = refused(&bridge, "GET", target).await;
        assert_eq!((status, code.as_str()), (503, "daemon_away"), "{target}");
        assert!(message.contains("socket is not there"), "{message}");
    }
    let engine = get(&bridge, "/api/v1/engine").await.json();
    assert_eq!(engine["daemon"]["state"], "away");
    assert_eq!(engine["daemon"]["reason"], "socket_missing");
    assert!(engine["daemon"]["since"].as_f64().unwrap() > 1_700_000_000.0);
    assert!(engine["engine"].is_null());
    let health = get(&bridge, "/healthz").await.json();
    assert_eq!(health["daemon"]["reason"], "socket_missing");
    assert_eq!(get(&bridge, "/api/v1/events").await.lines().len(), 0);
    bridge.stop().await;
}

#[tokio::test]
async fn facts_that_the_daemon_refuses_are_unknown_and_not_zero() {
    let daemon = Daemon::started();
    daemon.answer_instead("/info", Answer::status(403, "no"));
    let bridge = watching(&daemon).await;
    let engine = loop {
        let engine = get(&bridge, "/api/v1/engine").await.json();
        if !engine["engine"].is_null() && !engine["engine"]["info_refused"].is_null() {
            break engine["engine"].clone();
        }
    };
    assert_eq!(engine["info_refused"], 403);
    assert_eq!(engine["version"], "20.10.24", "which /version tells");
    for field in ["name", "storage_driver", "cpus", "memory_bytes", "debug"] {
        assert!(engine[field].is_null(), "{field}: {engine}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn facts_that_cannot_be_read_are_null_and_cost_no_other() {
    let daemon = Daemon::started();
    let odd = r#"{"Name": "nas", "Driver": 7, "NCPU": 4, "MemTotal": -1, "Containers": 3, "ContainersRunning": [],
        "ContainersPaused": 0, "Images": "many", "Debug": "yes"}"#;
    daemon.answer_instead("/info", Answer::ok(odd));
    let bridge = watching(&daemon).await;
    let engine = loop {
        let engine = get(&bridge, "/api/v1/engine").await.json();
        if !engine["engine"].is_null() {
            break engine["engine"].clone();
        }
    };
    for (field, value) in [
        ("name", json!("nas")),
        ("storage_driver", Value::Null),
        ("cpus", json!(4)),
        ("memory_bytes", Value::Null),
        ("containers", json!(3)),
        ("containers_running", Value::Null),
        ("containers_paused", json!(0)),
        ("containers_stopped", Value::Null),
        ("images", Value::Null),
        ("debug", Value::Null),
        ("info_refused", Value::Null),
    ] {
        assert_eq!(engine[field], value, "{field}: {engine}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_daemon_that_went_away_leaves_no_old_figures_behind() {
    let mut daemon = Daemon::started();
    have(&daemon, &[(A, "web", "running")]);
    let bridge = watching(&daemon).await;
    assert_eq!(get(&bridge, "/api/v1/summary").await.json()["running"], 1);
    daemon.kill();
    loop {
        let answer = ask(&bridge, "GET", "/api/v1/summary").await;
        if answer.status == 503 {
            break;
        }
    }
    for target in OF_THE_DAEMON {
        let (status, code, _) = refused(&bridge, "GET", target).await;
        assert_eq!((status, code.as_str()), (503, "daemon_away"), "{target}");
    }
    let engine = get(&bridge, "/api/v1/engine").await.json();
    assert_eq!(engine["engine"]["version"], "20.10.24", "what it was");

    daemon.start();
    loop {
        let answer = ask(&bridge, "GET", "/api/v1/summary").await;
        if answer.status == 200 {
            assert_eq!(answer.json()["running"], 1);
            break;
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_daemon_that_is_slow_to_answer_is_waited_for() {
    let daemon = Daemon::started();
    have(&daemon, &[(A, "web", "running")]);
    daemon.hang(true);
    let bridge = watching(&daemon).await;
    let (status, code, _) = refused(&bridge, "GET", "/api/v1/containers").await;
    assert_eq!((status, code.as_str()), (503, "daemon_connecting"));
    let asking = async { get(&bridge, "/api/v1/containers").await.json() };
    let answering = async {
        tokio::task::yield_now().await;
        daemon.hang(false);
    };
    let (containers, ()) = tokio::join!(asking, answering);
    assert_eq!(containers[0]["name"], "web");
    bridge.stop().await;
}

#[tokio::test]
async fn every_route_takes_head_and_nothing_that_writes_and_is_never_stored() {
    let daemon = Daemon::started();
    have(&daemon, &[(A, "web", "running")]);
    daemon.usage([Answer::ok("{}")]);
    let bridge = watching(&daemon).await;
    for target in OF_THE_DAEMON
        .into_iter()
        .chain(["/healthz", "/api/v1/engine", "/api/v1/events"])
    {
        let whole = get(&bridge, target).await;
        let head = ask(&bridge, "HEAD", target).await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{target}");
        for answer in [&whole, &head] {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{target}");
            let content_type = answer.header("content-type").unwrap();
            let expected = match target {
                "/api/v1/events" => "application/x-ndjson",
                _ => "application/json",
            };
            assert_eq!(content_type, expected, "{target}");
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let (status, code, _) = refused(&bridge, method, target).await;
            assert_eq!(
                (status, code.as_str()),
                (405, "only_get"),
                "{method} {target}"
            );
            let answer = ask(&bridge, method, target).await;
            assert_eq!(answer.header("allow"), Some("GET,HEAD"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
    for target in ["/api", "/api/v1", "/api/v2/stats", "/api/v1/stats/web"] {
        let (status, code, message) = refused(&bridge, "GET", target).await;
        assert_eq!((status, code.as_str()), (404, "unknown_path"), "{target}");
        assert!(message.contains(target), "{message}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn nobody_under_another_name_is_answered() {
    let bridge = bridge().await;
    let address = bridge.address();
    for target in OF_THE_DAEMON
        .into_iter()
        .chain(["/healthz", "/api/v1/engine", "/api/v1/events"])
    {
        for head in [
            format!("Host: evil.example:{}", address.port()),
            format!("Host: {address}\r\nOrigin: http://evil.example"),
        ] {
            let status = raw(address, &format!("GET {target} HTTP/1.1\r\n{head}\r\n")).await;
            assert_eq!(status, "403", "{target} {head}");
        }
    }
    bridge.stop().await;
}

async fn raw(address: std::net::SocketAddr, head: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("{head}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}
