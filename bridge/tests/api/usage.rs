use std::time::Duration;

use daemonscope::Bridge;
use serde_json::{Value, json};

use super::{
    client::{ask, get, refused, watching},
    support::{Answer, Daemon, eventually},
};

const READING: &str = include_str!("../captures/v20/df.json");

#[tokio::test]
async fn a_reading_is_waited_for_and_its_age_is_told() {
    let daemon = Daemon::started();
    daemon.usage([Answer::ok(READING).after(Duration::from_millis(300))]);
    let bridge = watching(&daemon).await;
    assert_eq!(daemon.count("/system/df"), 0, "nobody looks");
    let usage = get(&bridge, "/api/v1/usage").await;
    let rows = usage.json();
    let types: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        ["Images", "Containers", "Local Volumes", "Build Cache"]
    );
    assert_eq!(usage.header("daemonscope-stale"), Some("false"));
    let number = |name: &str| usage.header(name).unwrap().parse::<f64>().unwrap();
    assert!(number("daemonscope-read-at") > 1_700_000_000.0);
    assert!(number("daemonscope-reading-seconds") >= 0.3);

    let again = get(&bridge, "/api/v1/usage").await;
    assert_eq!(again.body, usage.body);
    assert_eq!(
        again.header("daemonscope-read-at"),
        usage.header("daemonscope-read-at")
    );
    assert_eq!(
        daemon.count("/system/df"),
        1,
        "nothing changed, so it is not read"
    );
    bridge.stop().await;
}

#[tokio::test]
async fn a_figure_that_cannot_be_read_is_null_and_costs_no_other() {
    let mut answer: Value = serde_json::from_str(READING).unwrap();
    answer["LayersSize"] = json!("large");
    answer["Volumes"] = json!({});
    let daemon = Daemon::started();
    daemon.usage([Answer::ok(answer.to_string())]);
    let bridge = watching(&daemon).await;
    assert_eq!(
        get(&bridge, "/api/v1/usage").await.json(),
        json!([
            {"type": "Images", "total": 8, "active": 2, "size_bytes": null, "reclaimable_bytes": null},
            {"type": "Containers", "total": 16, "active": 10, "size_bytes": 0, "reclaimable_bytes": 0},
            {"type": "Local Volumes", "total": null, "active": null, "size_bytes": null, "reclaimable_bytes": null},
            {"type": "Build Cache", "total": 5, "active": 0, "size_bytes": 0, "reclaimable_bytes": 0},
        ])
    );
    bridge.stop().await;
}

#[tokio::test]
async fn what_the_daemon_does_not_tell_is_refused_with_its_reason() {
    for (answer, code, needle) in [
        (
            Answer::status(500, "no space left"),
            "usage_failed",
            "no space left",
        ),
        (
            Answer::status(403, "not allowed"),
            "usage_forbidden",
            "status 403",
        ),
        (
            Answer::ok("[[["),
            "usage_failed",
            "the answer cannot be read",
        ),
    ] {
        let daemon = Daemon::started();
        daemon.usage([answer]);
        let bridge = watching(&daemon).await;
        let (status, said, message) = refused(&bridge, "GET", "/api/v1/usage").await;
        assert_eq!((status, said.as_str()), (503, code), "{message}");
        assert!(message.contains(needle), "{message}");
        bridge.stop().await;
    }
}

#[tokio::test]
async fn why_there_is_no_reading_is_told_of_the_daemon_that_is_there_now() {
    let mut daemon = Daemon::started();
    daemon.usage([Answer::status(500, "no space left")]);
    let bridge = watching(&daemon).await;
    let (_, code, _) = refused(&bridge, "GET", "/api/v1/usage").await;
    assert_eq!(code, "usage_failed");
    daemon.kill();
    until_summary(&bridge, 503).await;
    let (_, code, _) = refused(&bridge, "GET", "/api/v1/usage").await;
    assert_eq!(code, "daemon_away");
    bridge.stop().await;
}

#[tokio::test]
async fn a_reading_that_is_not_due_yet_is_no_word_about_the_containers() {
    let mut daemon = Daemon::started();
    daemon.usage([Answer::ok(READING).after(Duration::from_secs(60))]);
    let bridge = watching(&daemon).await;
    let asking = refused(&bridge, "GET", "/api/v1/usage");
    let killing = async {
        eventually("a reading", || daemon.count("/system/df") == 1).await;
        daemon.kill();
    };
    let ((_, code, _), ()) = tokio::join!(asking, killing);
    assert_eq!(code, "daemon_away");
    // what was cut off is not begun again at once
    daemon.start();
    until_summary(&bridge, 200).await;
    let (_, code, message) = refused(&bridge, "GET", "/api/v1/usage").await;
    assert!(code.starts_with("usage_"), "{code}: {message}");
    bridge.stop().await;
}

async fn until_summary(bridge: &Bridge, status: u16) {
    while ask(bridge, "GET", "/api/v1/summary").await.status != status {}
}
