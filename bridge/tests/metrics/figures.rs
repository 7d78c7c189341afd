//! What a daemon tells, against what a scrape says.

use serde_json::{Value, json};

use crate::{
    fleet::{USAGE, listing, steady},
    page::{Page, at},
    scrape::{OPEN_METRICS, Scrape},
    support::{A, Answer, B, Daemon, event, eventually, inspection, item, now_nano},
    web_support::{ask, get, watching},
};

#[tokio::test]
async fn figures_equal_those_of_the_page() {
    let daemon = listing([item(A, "web", "running")]);
    daemon.usage([Answer::ok(USAGE)]);
    steady(&daemon);
    let bridge = watching(&daemon.endpoint()).await;
    let scrape = Scrape::until(&bridge, "a sample", |scrape| {
        scrape.count("daemonscope_container_pids") == 1
    })
    .await;
    assert_eq!(
        scrape.count("daemonscope_disk_usage_size_bytes"),
        0,
        "what was never read is not zero"
    );
    assert_eq!(daemon.count("/system/df"), 0);

    let mut page = Page::open(&bridge).await;
    let key = page.snapshot().await.containers[0].key;
    let (stats, usage) = page.figures(key).await;
    let scrape = Scrape::of(&bridge, "/metrics").await;
    let of_web = |name: &str| scrape.value(name, &[("name", "web")]);
    let as_float = |value: Option<u64>| value.map(|value| value as f64);
    // written in the frames
    assert_eq!(of_web("daemonscope_container_cpu_seconds_total"), Some(2.5));
    assert_eq!(of_web("daemonscope_container_cpu_ratio"), Some(1.5));
    assert_eq!(
        of_web("daemonscope_container_cpu_ratio").map(|ratio| (ratio * 1e4).round() as u64),
        at(&stats.cpu_hundredths, key)
    );
    for (name, value) in [
        ("memory_used_bytes", at(&stats.memory_used_bytes, key)),
        ("memory_limit_bytes", at(&stats.memory_limit_bytes, key)),
        (
            "network_rx_bytes_total",
            at(&stats.network_rx_bytes, key).flatten(),
        ),
        (
            "network_tx_bytes_total",
            at(&stats.network_tx_bytes, key).flatten(),
        ),
        (
            "block_read_bytes_total",
            at(&stats.block_read_bytes, key).flatten(),
        ),
        (
            "block_write_bytes_total",
            at(&stats.block_write_bytes, key).flatten(),
        ),
        ("pids", at(&stats.pids, key).flatten()),
    ] {
        assert!(value.is_some(), "{name}");
        let name = format!("daemonscope_container_{name}");
        assert_eq!(of_web(&name), as_float(value), "{name}");
    }
    let last = usage.last.unwrap();
    assert_eq!(last.rows.len(), 4);
    for row in &last.rows {
        let of_type = |name: &str| {
            let name = format!("daemonscope_disk_usage_{name}");
            scrape.value(&name, &[("type", row.class.word())])
        };
        assert_eq!(
            of_type("size_bytes"),
            row.size_bytes.map(|size| size as f64)
        );
        assert_eq!(
            of_type("reclaimable_bytes"),
            row.reclaimable_bytes.map(|bytes| bytes as f64)
        );
        assert_eq!(of_type("items"), as_float(row.total));
        assert_eq!(of_type("active_items"), as_float(row.active));
    }
    assert_eq!(
        scrape.value("daemonscope_disk_usage_read_timestamp_seconds", &[]),
        Some(last.read_at_millis as f64 / 1e3)
    );
    assert_eq!(scrape.value("daemonscope_viewers", &[]), Some(1.0));
    assert!(scrape.value("daemonscope_viewer_frames_total", &[]) >= Some(2.0));
    bridge.stop().await;
}

#[tokio::test]
async fn what_of_the_disk_usage_or_the_host_cannot_be_read_has_no_series() {
    let mut usage: Value = serde_json::from_str(USAGE).unwrap();
    usage["LayersSize"] = json!("large");
    usage["Volumes"] = json!({});
    let daemon = listing([item(A, "web", "running")]);
    daemon.usage([Answer::ok(usage.to_string())]);
    daemon.answer_instead("/info", Answer::ok(r#"{"NCPU": 4, "MemTotal": "large"}"#));
    let bridge = watching(&daemon.endpoint()).await;
    let mut page = Page::open(&bridge).await;
    page.snapshot().await;
    let scrape = Scrape::until(&bridge, "the usage and the host", |scrape| {
        scrape.count("daemonscope_disk_usage_items") > 0
            && scrape.count("daemonscope_engine_cpus") > 0
    })
    .await;
    for (name, of_class) in [
        ("size_bytes", [None, Some(0.0), None, Some(0.0)]),
        ("reclaimable_bytes", [None, Some(0.0), None, Some(0.0)]),
        ("items", [Some(5.0), Some(16.0), None, Some(2.0)]),
        ("active_items", [Some(2.0), Some(10.0), None, Some(0.0)]),
    ] {
        let name = format!("daemonscope_disk_usage_{name}");
        let classes = ["Images", "Containers", "Local Volumes", "Build Cache"];
        let values = classes.map(|class| scrape.value(&name, &[("type", class)]));
        assert_eq!(values, of_class, "{name}");
    }
    assert_eq!(scrape.count("daemonscope_engine_memory_bytes"), 0);
    bridge.stop().await;
}

#[tokio::test]
async fn a_daemon_that_is_not_there_has_no_figures() {
    let daemon = Daemon::absent();
    let bridge = watching(&daemon.endpoint()).await;
    let scrape = Scrape::until(&bridge, "away", |scrape| {
        scrape.count("daemonscope_daemon_away") > 0
    })
    .await;
    assert_eq!(scrape.value("daemonscope_daemon_up", &[]), Some(0.0));
    let away = [("state", "away")];
    assert_eq!(scrape.value("daemonscope_daemon_state", &away), Some(1.0));
    let reason = [("reason", "socket_missing")];
    assert_eq!(scrape.value("daemonscope_daemon_away", &reason), Some(1.0));
    let told_of = ["daemonscope_container", "daemonscope_engine_info"];
    for series in scrape.series.keys() {
        assert!(
            !told_of.iter().any(|name| series.name.starts_with(name)),
            "{series:?}"
        );
    }
    assert!(scrape.value("process_resident_memory_bytes", &[]) > Some(1e6));
    bridge.stop().await;
}

#[tokio::test]
async fn what_was_known_of_a_daemon_that_went_away_is_not_told_as_if_it_were_so() {
    let mut daemon = listing([item(A, "web", "running")]);
    steady(&daemon);
    let bridge = watching(&daemon.endpoint()).await;
    Scrape::until(&bridge, "a sample", |scrape| {
        scrape.count("daemonscope_container_pids") == 1
    })
    .await;
    daemon.kill();
    let scrape = Scrape::until(&bridge, "away", |scrape| {
        scrape.value("daemonscope_daemon_up", &[]) == Some(0.0)
    })
    .await;
    let name = "daemonscope_container";
    let told = scrape.series.keys().find(|one| one.name.starts_with(name));
    assert_eq!(told, None);
    bridge.stop().await;
}

#[tokio::test]
async fn a_container_without_samples_has_no_series_of_them() {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running"), item(B, "done", "exited")]);
    daemon.answer_instead("/stats", Answer::status(500, "no statistics here"));
    daemon.inspection(A, inspection(A, "web", "running"));
    let ended = r#"{"Id":"ID","State":{"Status":"exited","ExitCode":3},"RestartCount":2}"#;
    daemon.inspection(B, ended.replace("ID", B));
    let bridge = watching(&daemon.endpoint()).await;
    let scrape = Scrape::until(&bridge, "the inspection", |scrape| {
        scrape.count("daemonscope_container_exit_code") > 0
    })
    .await;
    let running = |name| scrape.value("daemonscope_container_running", &[("name", name)]);
    assert_eq!((running("web"), running("done")), (Some(1.0), Some(0.0)));
    let done = [("name", "done")];
    assert_eq!(
        scrape.value("daemonscope_container_exit_code", &done),
        Some(3.0)
    );
    assert_eq!(
        scrape.value("daemonscope_container_restarts_total", &done),
        Some(2.0)
    );
    for name in ["cpu_seconds_total", "memory_used_bytes", "pids"] {
        assert_eq!(scrape.count(&format!("daemonscope_container_{name}")), 0);
    }
    bridge.stop().await;
}

#[tokio::test]
async fn events_are_counted_from_the_beginning_of_the_bridge() {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    let minutes_ago = now_nano() - 600_000_000_000;
    daemon.emit(event(minutes_ago, "start", A));
    let bridge = watching(&daemon.endpoint()).await;
    let started = [("reason", "bridge_started")];
    let scrape = Scrape::until(&bridge, "the events are joined", |scrape| {
        scrape.value("daemonscope_event_gaps_total", &started) == Some(1.0)
    })
    .await;
    assert_eq!(scrape.count("daemonscope_events_total"), 0);

    let actions = [
        "exec_create: /bin/sh -c true",
        "exec_create: /bin/false",
        "health_status: healthy",
        "health_status: unhealthy",
        "made up",
    ];
    for (number, action) in actions.into_iter().enumerate() {
        daemon.emit(event(now_nano() + number as i64, action, A));
    }
    let count = |scrape: &Scrape, labels: &[(&str, &str)]| {
        let all = [&[("type", "container")], labels].concat();
        scrape.value("daemonscope_events_total", &all)
    };
    let scrape = Scrape::until(&bridge, "the last event", |scrape| {
        count(scrape, &[("action", "made up")]).is_some()
    })
    .await;
    assert_eq!(count(&scrape, &[("action", "exec_create")]), Some(2.0));
    let healthy = [("action", "health_status"), ("health", "healthy")];
    assert_eq!(count(&scrape, &healthy), Some(1.0));
    let unhealthy = [("action", "health_status"), ("health", "unhealthy")];
    assert_eq!(count(&scrape, &unhealthy), Some(1.0));
    assert_eq!(scrape.count("daemonscope_events_total"), 4);
    bridge.stop().await;
}

#[tokio::test]
async fn scrapes_keep_the_streams_open_and_ask_for_nothing_else() {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    steady(&daemon);
    let bridge = watching(&daemon.endpoint()).await;
    // the first calls are those of every bridge
    Scrape::of(&bridge, "/metrics?statistics=0").await;
    eventually("the inspection", || daemon.count("/json") >= 2).await;
    eventually("the engine's facts", || daemon.count("/info") == 1).await;
    let scrape = Scrape::of(&bridge, "/metrics?statistics=0").await;
    assert_eq!(scrape.count("daemonscope_container_running"), 1);
    assert_eq!(daemon.count("/stats"), 0);

    daemon.forget_asked();
    Scrape::until(&bridge, "a sample", |scrape| {
        scrape.count("daemonscope_container_pids") == 1
    })
    .await;
    for _ in 0..5 {
        let scrape = Scrape::of(&bridge, "/metrics").await;
        assert_eq!(scrape.count("daemonscope_container_pids"), 1);
    }
    assert_eq!(daemon.stats_open(), 1);
    let calls = daemon.asked();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(calls[0].contains("/stats"));
    // known, and not wanted
    let scrape = Scrape::of(&bridge, "/metrics?statistics=0").await;
    assert_eq!(scrape.count("daemonscope_container_pids"), 0);
    bridge.stop().await;
}

#[tokio::test]
async fn requests_that_are_wrong_are_told_so() {
    let daemon = Daemon::absent();
    let bridge = watching(&daemon.endpoint()).await;
    for (query, code) in [
        ("statistics=2", "bad_statistics"),
        ("statistics=", "bad_statistics"),
        ("statistics", "bad_statistics"),
        ("statistic=0", "unknown_parameter"),
        ("statistics=0&x=1", "unknown_parameter"),
    ] {
        let answer = get(&bridge, &format!("/metrics?{query}"), &[OPEN_METRICS]).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.body.contains(code), "{}", answer.body);
    }
    let answer = ask(&bridge, "POST", "/metrics", &[]).await;
    assert_eq!(answer.status, 405);
    assert!(answer.body.contains("only_get"), "{}", answer.body);
    let answer = get(&bridge, "/metrics", &["Host: evil.example"]).await;
    assert_eq!(answer.status, 403);
    bridge.stop().await;
}
