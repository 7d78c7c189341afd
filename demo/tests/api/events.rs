//! Events that are remembered, and those that come.

use daemonscope_demo::{Act, Options, Release};
use hyper::StatusCode;

use crate::common::{held, quick, still};
use crate::{SECOND, encode};

#[tokio::test]
async fn events_come_from_the_ring_and_then_live_without_a_seam() {
    let served = still().await;
    let now = 1_795_500_000;
    let kept = served
        .open(&format!("/events?since=0&until={now}"))
        .await
        .all()
        .await;
    assert!(
        (50..=256).contains(&kept.len()),
        "{} events kept",
        kept.len()
    );
    let filters = encode(
        r#"{"container":["proxy-traefik-1"],"event":["kill","die","stop","start"],"type":["container"]}"#,
    );
    let mut live = served
        .open(&format!("/events?since={now}&filters={filters}"))
        .await;
    served
        .engine
        .act(&Act::Stop("proxy-traefik-1".into()))
        .expect("it runs");
    served.engine.pass(SECOND * 3);
    served
        .engine
        .act(&Act::Start("proxy-traefik-1".into()))
        .expect("it is stopped");
    let mut actions = Vec::new();
    for _ in 0..4 {
        let event = live.line().await;
        actions.push(event["Action"].as_str().expect("an action").to_owned());
        assert_eq!(event["status"], event["Action"]);
    }
    assert_eq!(actions, ["kill", "die", "stop", "start"]);
    for wrong in ["since=1h", "since=2&until=1", "filters=x"] {
        assert_eq!(
            served.text(&format!("/events?{wrong}")).await.0,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
    served.stop().await;
}

#[tokio::test]
async fn events_are_in_the_new_form_from_1_52_on() {
    let served = held(Options {
        release: Release::V29,
        ..quick()
    })
    .await;
    for (version, old) in [("v1.51", true), ("v1.52", false)] {
        let events = served
            .open(&format!("/{version}/events?since=0&until=1795500000"))
            .await
            .all()
            .await;
        let of_container = events.iter().filter(|event| event["Type"] == "container");
        for event in of_container {
            assert_eq!(event.get("status").is_some(), old, "{version}: {event}");
        }
    }
    served.stop().await;
}
