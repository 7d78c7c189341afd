//! What reaches the daemon, read on the wire.

use std::{sync::Arc, time::Duration};

use super::support::{
    A, Answer, Daemon, Watcher, event, eventually, inspection, item, now_nano, quick,
};
use daemonscope::engine::{
    Endpoint, StatsDemand,
    transport::{Call, Costs, Failure, Limits, Transport},
};
use protocol::AwayReason;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn door(daemon: &Daemon) -> Transport {
    let endpoint = Endpoint::parse(&daemon.endpoint()).unwrap();
    Transport::new(endpoint, Limits::default(), Arc::new(Costs::default()))
}

/// The version in each path is the lower of the daemon's and ours, and follows the daemon's.
#[tokio::test]
async fn every_path_begins_with_the_agreed_version() {
    let mut daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    daemon.usage([Answer::ok("{}")]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::All, true);
    eventually("all routes but the ping", || {
        daemon.count("/stats") > 0
            && daemon.count("/json") > 1
            && daemon.count("/info") > 0
            && daemon.count("/df") > 0
    })
    .await;
    eventually("a ping", || daemon.count("/_ping") > 0).await;
    let (versionless, others): (Vec<_>, Vec<_>) = daemon
        .asked()
        .into_iter()
        .partition(|line| line == "GET /version");
    assert_eq!(versionless.len(), 1);
    for line in &others {
        assert!(line.starts_with("GET /v1.41/"), "{line}");
    }

    for (spoken, written) in [
        ("1.51", "GET /v1.51/"),
        ("1.99", "GET /v1.53/"),
        ("1.41", "GET /v1.41/"),
    ] {
        daemon.kill();
        watcher.away().await;
        daemon.speak(spoken);
        daemon.forget_asked();
        daemon.start();
        watcher.live().await;
        eventually("the list", || daemon.count("/containers/json") > 0).await;
        for line in daemon.asked() {
            assert!(
                line == "GET /version" || line.starts_with(written),
                "{spoken}: {line}"
            );
        }
    }
}

/// Whatever an id holds, and by whichever of our clients it is sent, the daemon sees nothing of it.
#[tokio::test]
async fn nothing_outside_the_table_reaches_the_daemon() {
    let daemon = Daemon::started();
    let door = door(&daemon);
    door.know(&A.into());
    let hostile = [
        "x/attach/ws?stdin=1&stream=1#",
        "x/../../images/json?",
        "../images/get",
        "..",
        "",
        "%2e%2e%2finfo",
        "unknown",
        &format!("{A}/export"),
        &format!("{A}?size=1"),
        &format!("{A}\r\nX-Other: 1\r\n\r\nGET /info HTTP/1.1"),
    ];
    for id in hostile {
        for call in [Call::Inspect(id), Call::Stats(id)] {
            let refused = door.get(call).await;
            assert!(
                matches!(refused, Err(Failure::NotAdmitted(_))),
                "{id:?}: {refused:?}"
            );
        }
        let typed = door.typed().unwrap();
        assert!(typed.inspect_container(id, None).await.is_err(), "{id:?}");
    }
    // what the typed client could do, and must not
    let typed = door.typed().unwrap();
    assert!(typed.start_container(A, None).await.is_err());
    assert!(typed.stop_container(A, None).await.is_err());
    assert!(typed.remove_container(A, None).await.is_err());
    assert!(typed.pause_container(A).await.is_err());
    assert!(typed.top_processes(A, None).await.is_err());
    assert!(typed.container_changes(A).await.is_err());
    assert!(typed.list_networks(None).await.is_err());
    assert!(typed.inspect_image("bb:1").await.is_err());
    assert_eq!(daemon.asked(), Vec::<String>::new());
    // and the door is not simply shut
    daemon.inspection(A, inspection(A, "web", "running"));
    assert!(door.get(Call::Inspect(A)).await.is_ok());
    assert!(typed.inspect_container(A, None).await.is_ok());
    assert_eq!(daemon.count(&format!("GET /v1.41/containers/{A}/json")), 2);
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let daemon = Daemon::started();
    daemon.answer_instead("/version", Answer::ok(vec![b' '; 3 * 1024 * 1024]));
    let door = door(&daemon);
    let refused = door.get(Call::Version).await;
    assert!(
        matches!(refused, Err(Failure::TooLong { .. })),
        "{refused:?}"
    );
    assert!(door.costs().too_long() > 0);
    // through the typed client, which has no limit of its own, the connection is cut too
    assert!(door.typed().unwrap().version().await.is_err());
    let received: u64 = door.costs().routes().iter().map(|cost| cost.bytes).sum();
    assert!(received < 3 * 1024 * 1024, "{received}");
}

#[tokio::test]
async fn refusals_keep_the_daemons_words() {
    let daemon = Daemon::started();
    let door = door(&daemon);
    for (answer, words) in [
        (
            Answer::status(500, "a disk usage operation is already running"),
            "already running",
        ),
        (
            Answer {
                status: 400,
                ..Answer::ok("client version 1.10 is too old.")
            },
            "too old",
        ),
    ] {
        daemon.answer_instead("/system/df", answer);
        match door.get(Call::Usage).await {
            Err(Failure::Status { message, .. }) => assert!(message.contains(words), "{message}"),
            other => panic!("{other:?}"),
        }
    }
    let plain_http_to_tls = Answer {
        status: 400,
        ..Answer::ok("Client sent an HTTP request to an HTTPS server.\n")
    };
    daemon.answer_instead("/version", plain_http_to_tls);
    assert!(matches!(
        door.get(Call::Version).await,
        Err(Failure::TlsExpected)
    ));
}

/// What a minute of health checks tells costs the daemon nothing.
#[tokio::test]
async fn probes_cause_no_call() {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.detailed().await;
    eventually("the engine's facts", || daemon.count("/info") > 0).await;
    daemon.forget_asked();

    let begin = now_nano();
    for probe in 0..60 {
        let at = begin + probe * 1_000_000_000;
        daemon.emit_all([
            event(at, "exec_create: /bin/sh -c test -f /tmp/ok", A),
            event(at + 1, "exec_start: /bin/sh -c test -f /tmp/ok", A),
            event(at + 2, "exec_die", A),
        ]);
    }
    for (number, action) in ["top", "attach", "resize", "archive-path", "extract-to-dir"]
        .iter()
        .enumerate()
    {
        daemon.emit(event(
            begin + 61_000_000_000 + i64::try_from(number).unwrap(),
            action,
            A,
        ));
    }
    daemon.emit(event(begin + 70_000_000_000, "the last one", A));
    watcher.event("the last one").await;
    assert_eq!(watcher.event_times().len(), 186);
    // longer than any call would have waited
    tokio::time::sleep(Duration::from_millis(150)).await;
    let asked: Vec<_> = daemon
        .asked()
        .into_iter()
        .filter(|line| !line.ends_with("/_ping"))
        .collect();
    assert_eq!(asked, Vec::<String>::new());
}

#[tokio::test]
async fn costs_are_counted_for_each_route() {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.detailed().await;
    let costs = watcher.handle.counts().costs.routes();
    for (route, calls) in [
        ("/version", 1),
        ("/containers/json", 1),
        ("/containers/{id}/json", 1),
        ("/events", 1),
        ("/system/df", 0),
    ] {
        let cost = costs.iter().find(|cost| cost.route == route).unwrap();
        assert_eq!(cost.calls, calls, "{route}");
        assert_eq!(cost.bytes > 0, calls > 0, "{route}");
        assert_eq!(cost.waited > Duration::ZERO, calls > 0, "{route}");
    }
}

#[tokio::test]
async fn a_daemon_of_another_kind_is_named_so() {
    for (answer, expected) in [
        (Answer::status(403, "no"), AwayReason::Forbidden(403)),
        (
            Answer::ok(r#"{"ApiVersion":"1.40","MinAPIVersion":"1.12"}"#),
            AwayReason::TooOld {
                api: "1.40".to_owned(),
                needs: "1.41".to_owned(),
            },
        ),
        (
            Answer::ok("<html>hello</html>"),
            AwayReason::NotAnEngine("its answer to /version is not JSON".to_owned()),
        ),
    ] {
        let daemon = Daemon::started();
        daemon.answer_instead("/version", answer);
        let mut watcher = Watcher::of(&daemon);
        let away = watcher.away().await;
        assert_eq!(away.reason, expected);
    }
}

#[tokio::test]
async fn a_daemon_on_tcp_is_watched_alike() {
    let mut daemon = Daemon::absent();
    let endpoint = daemon.start_tcp().await;
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    let mut watcher = Watcher::with(&endpoint, quick());
    assert_eq!(watcher.listed().await.len(), 1);
    watcher.detailed().await;
    daemon.emit(event(now_nano(), "destroy", A));
    watcher.event("destroy").await;
}

/// What a TLS server says to one that speaks plain HTTP: an alert.
#[tokio::test]
async fn a_daemon_that_asks_for_tls_is_named_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(&[0x15, 3, 3, 0, 2, 2, 40]).await.unwrap();
            // ends as the client does, so that the alert is read before
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    let mut watcher = Watcher::with(&endpoint, quick());
    assert_eq!(watcher.away().await.reason, AwayReason::TlsExpected);
}

/// Read from the sources: the compiler cannot say it.
#[test]
fn only_the_door_opens_connections_and_only_the_engines_side_names_bollard() {
    fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut in_the_door = 0;
    for file in files {
        let inside = file.strip_prefix(&root).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let opens = ["Stream::connect", "client::conn", "client::legacy"]
            .iter()
            .any(|word| text.contains(word));
        if inside == std::path::Path::new("demo_engine.rs") {
            // it asks whether the engine that it started listens yet, and says nothing
            assert!(!text.contains("client"));
        } else if inside == std::path::Path::new("healthcheck.rs") {
            // it asks another bridge, and knows no daemon
            assert!(!text.contains("Unix") && !text.contains("engine::"));
        } else if inside.starts_with("engine/transport") {
            in_the_door += usize::from(opens);
        } else {
            assert!(!opens, "{} opens a connection", inside.display());
        }
        if !inside.starts_with("engine") {
            assert!(
                !text.contains("bollard::"),
                "{} names bollard",
                inside.display()
            );
        }
    }
    assert!(in_the_door > 0);
}
