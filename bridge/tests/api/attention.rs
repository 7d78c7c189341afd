use serde_json::{Value, json};

use super::{
    client::{get, have, watching},
    support::{A, Answer, B, Daemon, event, inspection, now_nano},
};

const SECOND: i64 = 1_000_000_000;
const GONE: &str = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
const USAGE: &str = r#"{"LayersSize":20000000000,"Images":[{"Id":"sha256:1","Size":20000000000,"SharedSize":0,"Containers":0}],"Containers":[],"Volumes":[],"BuildCache":[]}"#;

fn died(time_nano: i64, id: &str, code: i64) -> String {
    let attributes = format!(r#""exitCode":"{code}","name":"web""#);
    event(time_nano, "die", id).replace(r#""name":"web""#, &attributes)
}

fn with_exit(id: &str, name: &str, state: &str, code: i64) -> String {
    let status = format!(r#""Status":"{state}""#);
    inspection(id, name, state).replace(&status, &format!(r#"{status},"ExitCode":{code}"#))
}

#[tokio::test]
async fn what_needs_attention_is_told_with_the_events_that_show_it() {
    let daemon = Daemon::started();
    have(&daemon, &[(A, "web", "exited"), (B, "db", "restarting")]);
    daemon.inspection(A, with_exit(A, "web", "exited", 3));
    daemon.inspection(B, with_exit(B, "db", "restarting", 1));
    daemon.usage([Answer::ok(USAGE)]);
    let begin = now_nano() - 60 * SECOND;
    daemon.emit_all([
        event(begin, "start", A),
        died(begin + 1, GONE, 9),
        event(begin + 2, "exec_start: true", A),
        died(begin + SECOND, A, 3),
        event(begin + 2 * SECOND, "start", B),
        died(begin + 3 * SECOND, B, 1),
    ]);
    let bridge = watching(&daemon).await;
    let told = loop {
        let told = get(&bridge, "/api/v1/attention").await.json();
        let shown = |one: &Value| !one["evidence"].as_array().unwrap().is_empty();
        if told
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| shown(one))
            .count()
            == 2
        {
            break told;
        }
    };
    let without_evidence = |one: &Value| {
        let mut one = one.clone();
        one.as_object_mut().unwrap().remove("evidence");
        one
    };
    assert_eq!(
        without_evidence(&told[0]),
        json!({
            "about": "container", "id": B, "name": "db", "severity": "bad", "reason": "restarting",
            "message": "restarting, 1 restart in all, last exit 1", "since": told[0]["since"],
        })
    );
    assert_eq!(
        without_evidence(&told[1]),
        json!({
            "about": "container", "id": A, "name": "web", "severity": "warn", "reason": "failed",
            "message": "exited with code 3", "since": told[1]["since"],
        })
    );
    let since = told[1]["since"].as_f64().unwrap();
    let died_at = (begin + SECOND) as f64 / 1e9;
    assert!((since - died_at).abs() < 0.01, "{since} {died_at}");
    let actions = |one: &Value| -> Vec<(String, String)> {
        let line = |line: &Value| {
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            (word(&line["action"]), word(&line["actor"]["id"]))
        };
        one["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .map(line)
            .collect()
    };
    let of = |id: &str| {
        [
            ("start".to_owned(), id.to_owned()),
            ("die".to_owned(), id.to_owned()),
        ]
    };
    assert_eq!(actions(&told[0]), of(B));
    assert_eq!(actions(&told[1]), of(A));
    assert_eq!(
        told.as_array().unwrap().len(),
        2,
        "the disk usage is not read for it"
    );

    get(&bridge, "/api/v1/usage").await;
    let told = get(&bridge, "/api/v1/attention").await.json();
    let disk = told
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["about"] == "disk_usage");
    assert_eq!(
        disk,
        Some(&json!({
            "about": "disk_usage", "id": null, "name": null, "severity": "warn",
            "reason": "disk_reclaimable", "message": "20GB can be reclaimed, most of it images",
            "since": null, "evidence": [],
        }))
    );
    bridge.stop().await;
}

#[tokio::test]
async fn where_all_is_well_nothing_is_told() {
    let daemon = Daemon::started();
    have(&daemon, &[(A, "web", "running")]);
    daemon.emit(event(now_nano() - SECOND, "start", A));
    let bridge = watching(&daemon).await;
    while get(&bridge, "/api/v1/events").await.lines().len() < 2 {}
    assert_eq!(get(&bridge, "/api/v1/attention").await.json(), json!([]));
    bridge.stop().await;
}
