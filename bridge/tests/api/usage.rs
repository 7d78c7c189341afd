use std::time::Duration;

use super::{
    client::{get, refused, watching},
    support::{Answer, Daemon},
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
