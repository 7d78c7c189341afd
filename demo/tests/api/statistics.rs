//! What streams of statistics begin with, hold and end with.

use daemonscope_demo::Act;
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::SECOND;
use crate::common::{Next, held, living, quick, still};

#[tokio::test]
async fn the_first_frame_of_a_stream_has_nothing_before_it() {
    let served = held(quick()).await;
    let mut frames = served.open("/containers/photos-server-1/stats").await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        served.engine.pass(SECOND);
        seen.push(frames.line().await);
    }
    assert_eq!(seen[0]["preread"], "0001-01-01T00:00:00Z");
    assert_eq!(seen[0]["precpu_stats"]["cpu_usage"]["total_usage"], 0);
    assert_eq!(seen[0]["precpu_stats"].get("system_cpu_usage"), None);
    for pair in seen.windows(2) {
        assert_eq!(pair[1]["preread"], pair[0]["read"]);
        assert_eq!(pair[1]["precpu_stats"], pair[0]["cpu_stats"]);
        let total = |frame: &Value| {
            frame["cpu_stats"]["cpu_usage"]["total_usage"]
                .as_u64()
                .expect("a count")
        };
        assert!(total(&pair[1]) > total(&pair[0]));
        let system = |frame: &Value| {
            frame["cpu_stats"]["system_cpu_usage"]
                .as_u64()
                .expect("a count")
        };
        // Eight processors, one second.
        assert_eq!(system(&pair[1]) - system(&pair[0]), 8_000_000_000);
    }
    // A second subscriber's first frame is its own.
    let mut other = served.open("/containers/photos-server-1/stats").await;
    served.engine.pass(SECOND);
    assert_eq!(other.line().await["preread"], "0001-01-01T00:00:00Z");
    assert_eq!(frames.line().await["preread"], seen[2]["read"]);
    assert_eq!(served.engine.streams(), 2);
    served.stop().await;
}

#[tokio::test]
async fn a_stream_sends_zeros_once_its_container_stops_and_ends_when_it_is_removed() {
    let served = still().await;
    let mut frames = served.open("/containers/proxy-traefik-1/stats").await;
    served.engine.pass(SECOND);
    assert!(
        frames.line().await["memory_stats"]["usage"]
            .as_u64()
            .is_some()
    );
    served
        .engine
        .act(&Act::Kill {
            container: "proxy-traefik-1".into(),
            signal: 9,
        })
        .expect("it runs");
    served.engine.pass(SECOND);
    let zeros = frames.line().await;
    assert_eq!(
        (&zeros["read"], &zeros["memory_stats"]),
        (&json!("0001-01-01T00:00:00Z"), &json!({}))
    );
    served
        .engine
        .act(&Act::Remove("proxy-traefik-1".into()))
        .expect("it is there");
    served.engine.pass(SECOND);
    assert!(matches!(frames.next().await, Next::End));
    served.stop().await;
}

#[tokio::test]
async fn one_answer_of_statistics_takes_two_samples() {
    let served = living(quick()).await;
    let stats = served
        .json("/containers/photos-server-1/stats?stream=false")
        .await;
    assert_ne!(stats["preread"], "0001-01-01T00:00:00Z");
    let at_once = served
        .json("/containers/photos-server-1/stats?stream=false&one-shot=true")
        .await;
    assert_eq!(at_once["preread"], "0001-01-01T00:00:00Z");
    let (status, _) = served
        .text("/containers/photos-server-1/stats?stream=true&one-shot=true")
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    served.stop().await;
}
