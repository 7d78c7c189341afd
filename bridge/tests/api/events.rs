use serde_json::Value;

use super::{
    client::{Lines, ask, get, have, refused, watching},
    support::{A, B, Daemon, event, now_nano},
};

const SECOND: i64 = 1_000_000_000;

/// Unix seconds with all digits of the fraction.
fn seconds(nano: i64) -> String {
    format!("{}.{:09}", nano / SECOND, nano % SECOND)
}

fn actions(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line["action"].as_str())
        .collect()
}

async fn until_there_are(bridge: &daemonscope::Bridge, count: usize) -> Vec<Value> {
    loop {
        let lines = get(bridge, "/api/v1/events").await.lines();
        if actions(&lines).len() >= count {
            return lines;
        }
    }
}

#[tokio::test]
async fn events_are_chosen_by_time_and_filter() {
    let daemon = Daemon::started();
    let begin = now_nano() - 60 * SECOND;
    daemon.emit_all(
        ["create", "start", "exec_start: /bin/sh -c true", "die"]
            .iter()
            .zip(0..)
            .map(|(action, second)| event(begin + second * SECOND, action, A)),
    );
    let bridge = watching(&daemon).await;
    let lines = until_there_are(&bridge, 4).await;
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["gap"]["reason"], "bridge_started");
    assert!(lines[0]["gap"]["from_nano"].is_null());
    assert_eq!(lines[4]["time_nano"], begin + 3 * SECOND);
    assert_eq!(lines[4]["actor"]["id"], A);
    assert_eq!(lines[4]["actor"]["attributes"]["name"], "web");
    let places: Vec<_> = lines.iter().map(|line| line["seq"].as_u64()).collect();
    assert_eq!(places, (1..=5).map(Some).collect::<Vec<_>>());

    let (second, third) = (seconds(begin + SECOND), seconds(begin + 2 * SECOND));
    let whole = ["create", "start", "exec_start: /bin/sh -c true", "die"];
    for (query, expected) in [
        (String::new(), &whole[..]),
        (format!("since={second}"), &whole[1..]),
        (format!("since={second}&until={third}"), &whole[1..3]),
        (format!("until={second}"), &whole[..2]),
        (
            "filter=event=create&filter=event=die".to_owned(),
            &["create", "die"],
        ),
        (
            "filter=event=exec_start".to_owned(),
            &["exec_start: /bin/sh -c true"],
        ),
        (
            "filter=event%3Dexec_start%3A+/bin/sh%20-c+true".to_owned(),
            &["exec_start: /bin/sh -c true"],
        ),
        ("filter=event=exec_start:".to_owned(), &[]),
        ("filter=container=we&filter=event=die".to_owned(), &["die"]),
        ("filter=container=other".to_owned(), &[]),
        ("filter=label=name=web".to_owned(), &whole),
    ] {
        let lines = get(&bridge, &format!("/api/v1/events?{query}")).await;
        assert_eq!(actions(&lines.lines()), expected, "{query}");
    }
    for (query, code, needle) in [
        (
            "filter=contianer=web",
            "unknown_filter",
            "nearest is “container”",
        ),
        ("filter=web", "bad_filter", "container=web"),
        ("since=yesterday", "bad_time", "“yesterday”"),
        ("since=2&until=1", "since_after_until", "“since”"),
        ("since=1&since=2", "parameter_twice", "“since”"),
        ("follow=yes", "bad_follow", "“yes”"),
        ("filters=type=container", "unknown_parameter", "“filters”"),
    ] {
        let target = format!("/api/v1/events?{query}");
        let (status, said, message) = refused(&bridge, "GET", &target).await;
        assert_eq!((status, said.as_str()), (400, code), "{query}");
        assert!(message.contains(needle), "{message}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn what_is_of_a_time_is_told_though_the_clock_was_set_back() {
    let daemon = Daemon::started();
    let bridge = watching(&daemon).await;
    let begin = now_nano();
    let ahead = |seconds: i64| begin + seconds * SECOND;
    for (seconds, action) in [
        (1, "create"),
        (50, "start"),
        (20, "kill"),
        (60, "die"),
        (10, "stop"),
    ] {
        daemon.emit(event(ahead(seconds), action, A));
    }
    until_there_are(&bridge, 5).await;
    for (since, until, expected) in [
        (0, 30, &["create", "kill", "stop"][..]),
        (15, 50, &["start", "kill"]),
        (55, 90, &["die"]),
    ] {
        let query = format!(
            "since={}&until={}",
            seconds(ahead(since)),
            seconds(ahead(until))
        );
        let lines = get(&bridge, &format!("/api/v1/events?{query}")).await;
        assert_eq!(actions(&lines.lines()), expected, "{query}");
        let query = format!("{query}&buckets=1");
        let counted = get(&bridge, &format!("/api/v1/events/histogram?{query}")).await;
        assert_eq!(counted.json()["counts"]["container"][0], expected.len());
    }
    bridge.stop().await;
}

#[tokio::test]
async fn following_goes_on_with_what_comes_and_tells_gaps() {
    let mut daemon = Daemon::started();
    have(&daemon, &[(A, "web", "running")]);
    let begin = now_nano();
    daemon.emit(event(begin, "start", A));
    let bridge = watching(&daemon).await;
    until_there_are(&bridge, 1).await;
    let target = format!("/api/v1/events?follow=1&since={}", seconds(begin + 1));
    let mut follower = Lines::open(&bridge, &target).await;
    let mut other = Lines::open(&bridge, "/api/v1/events?follow=1&filter=event=die").await;
    assert_eq!(
        other.next().await.unwrap().unwrap()["gap"]["reason"],
        "bridge_started"
    );
    daemon.emit(event(now_nano(), "kill", A));
    daemon.emit(event(now_nano(), "die", A));
    let first = follower.next().await.unwrap().unwrap();
    assert_eq!(first["action"], "kill", "what was before is not asked for");
    assert_eq!(follower.next().await.unwrap().unwrap()["action"], "die");
    assert_eq!(other.next().await.unwrap().unwrap()["action"], "die");

    // its memory goes with it
    daemon.kill();
    while get(&bridge, "/api/v1/engine").await.json()["daemon"]["state"] != "away" {}
    daemon.emit(event(now_nano(), "die", B));
    daemon.start();
    let gap = other.next().await.unwrap().unwrap();
    assert_eq!(gap["gap"]["reason"], "daemon_restarted", "{gap}");
    assert_eq!(other.next().await.unwrap().unwrap()["actor"]["id"], B);

    bridge.stop().await;
    let cut = async {
        while let Some(_line) = follower.next().await? {}
        Ok::<_, hyper::Error>(())
    };
    assert!(cut.await.is_err(), "what is cut off is not taken for whole");
}

#[tokio::test]
async fn following_ends_when_its_time_is_over() {
    let daemon = Daemon::started();
    let bridge = watching(&daemon).await;
    daemon.emit(event(now_nano(), "start", A));
    until_there_are(&bridge, 1).await;
    let until = now_nano() + SECOND;
    let target = format!("/api/v1/events?follow=1&until={}", seconds(until));
    let mut follower = Lines::open(&bridge, &target).await;
    let mut told = Vec::new();
    while let Some(line) = follower.next().await.unwrap() {
        told.push(line);
    }
    assert_eq!(actions(&told), ["start"]);
    assert!(now_nano() >= until - SECOND / 1000);
    bridge.stop().await;
}

#[tokio::test]
async fn only_so_many_streams_are_open_and_one_that_is_left_makes_room() {
    let daemon = Daemon::started();
    let bridge = watching(&daemon).await;
    let mut open = Vec::new();
    for _ in 0..64 {
        open.push(Lines::open(&bridge, "/api/v1/events?follow=1").await);
    }
    let (status, code, _) = refused(&bridge, "GET", "/api/v1/events").await;
    assert_eq!((status, code.as_str()), (503, "too_many_streams"));
    assert_eq!(get(&bridge, "/healthz").await.status, 200);
    open.pop();
    loop {
        let answer = ask(&bridge, "GET", "/api/v1/events").await;
        if answer.status == 200 {
            break;
        }
    }
    // streams that nobody ends do not hold up the end
    let begun = std::time::Instant::now();
    bridge.stop().await;
    assert!(begun.elapsed() < std::time::Duration::from_millis(1500));
}
