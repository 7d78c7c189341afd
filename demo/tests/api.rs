//! What the daemon answers, and when it refuses.

mod common;

use std::time::Duration;

use common::{Next, held, living, quick};
use daemonscope_demo::{Act, Options, Release};
use hyper::StatusCode;
use serde_json::{Value, json};

const SECOND: Duration = Duration::from_secs(1);

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|container| container["Names"][0].as_str().expect("a name"))
        .collect()
}

#[tokio::test]
async fn paths_take_every_version_that_the_engine_knows() {
    let served = held(quick()).await;
    for path in ["/_ping", "/v1.24/_ping", "/v1.51/_ping"] {
        let response = served.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        for (header, value) in [
            ("api-version", "1.51"),
            ("ostype", "linux"),
            ("docker-experimental", "false"),
            ("server", "Docker/28.5.2 (linux)"),
        ] {
            assert_eq!(response.headers()[header], value, "{path}");
        }
    }
    let (status, text) = served.text("/v1.99/info").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        text,
        "{\"message\":\"client version 1.99 is too new. Maximum supported API version is 1.51\"}\n"
    );
    let (status, text) = served.text("/v1.10/info").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        text.starts_with("client version 1.10 is too old. Minimum supported API version is 1.24,"),
        "{text}"
    );
    let (status, text) = served.text("/v1.51/containers/nosuch/json").await;
    assert_eq!(
        (status, text.as_str()),
        (
            StatusCode::NOT_FOUND,
            "{\"message\":\"No such container: nosuch\"}\n"
        )
    );
    assert_eq!(served.text("/nosuch").await.0, StatusCode::NOT_FOUND);
    served.stop().await;
}

#[tokio::test]
async fn lists_are_filtered() {
    let served = held(Options {
        pace: 0.0,
        ..quick()
    })
    .await;
    let all = served.json("/containers/json?all=1").await;
    assert_eq!(names(&all).len(), 24);
    assert!(names(&served.json("/containers/json").await).len() < 24);
    for (filters, expected) in [
        (json!({"name": ["minecraft"]}), vec!["/games-minecraft-1"]),
        (json!({"status": ["created"]}), vec!["/jupyter-test"]),
        (
            json!({"label": ["com.docker.compose.project=shop", "com.docker.compose.service=db"]}),
            vec!["/shop-db-1"],
        ),
        (
            json!({"label": {"homepage.name=사진첩": true}}),
            vec!["/photos-server-1"],
        ),
    ] {
        let encoded = encode(&filters.to_string());
        let list = served
            .json(&format!("/containers/json?all=1&filters={encoded}"))
            .await;
        assert_eq!(names(&list), expected, "{filters}");
    }
    assert_eq!(
        names(&served.json("/containers/json?limit=3").await).len(),
        3
    );
    let (status, text) = served
        .text(&format!(
            "/containers/json?filters={}",
            encode(r#"{"nosuch":["x"]}"#)
        ))
        .await;
    assert_eq!(
        (status, text.as_str()),
        (
            StatusCode::BAD_REQUEST,
            "{\"message\":\"invalid filter 'nosuch'\"}\n"
        )
    );
    served.stop().await;
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[tokio::test]
async fn names_are_such_as_docker_allows() {
    let served = held(Options {
        containers: 500,
        ..quick()
    })
    .await;
    for container in served
        .json("/containers/json?all=1")
        .await
        .as_array()
        .expect("a list")
    {
        let name = container["Names"][0]
            .as_str()
            .expect("a name")
            .strip_prefix('/')
            .expect("a slash");
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
        assert!(
            name.len() > 1
                && name.as_bytes()[0].is_ascii_alphanumeric()
                && name.bytes().all(allowed),
            "{name}"
        );
    }
    served.stop().await;
}

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
    let served = held(Options {
        pace: 0.0,
        ..quick()
    })
    .await;
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

#[tokio::test]
async fn events_come_from_the_ring_and_then_live_without_a_seam() {
    let served = held(Options {
        pace: 0.0,
        ..quick()
    })
    .await;
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

#[tokio::test]
async fn disk_usage_counts_the_same_in_both_shapes() {
    let served = held(Options {
        release: Release::V29,
        ..quick()
    })
    .await;
    let old = served.json("/v1.51/system/df").await;
    let new = served.json("/v1.52/system/df").await;
    let verbose = served.json("/v1.52/system/df?verbose=1").await;
    assert_eq!(new["LayersSize"], old["LayersSize"]);
    assert_eq!(verbose.get("LayersSize"), None);
    for (class, list) in [
        ("ImageUsage", "Images"),
        ("ContainerUsage", "Containers"),
        ("VolumeUsage", "Volumes"),
        ("BuildCacheUsage", "BuildCache"),
    ] {
        assert_eq!(new[class].get("Items"), None);
        assert_eq!(verbose[class]["Items"], old[list], "{class}");
        assert_eq!(
            new[class]["TotalCount"],
            json!(old[list].as_array().expect("a list").len()),
            "{class}"
        );
    }
    let volumes = old["Volumes"].as_array().expect("a list");
    let sum: u64 = volumes
        .iter()
        .map(|volume| volume["UsageData"]["Size"].as_u64().expect("a size"))
        .sum();
    assert_eq!(new["VolumeUsage"]["TotalSize"], json!(sum));
    let images = old["Images"].as_array().expect("a list");
    let apparent: u64 = images
        .iter()
        .map(|image| image["Size"].as_u64().expect("a size"))
        .sum();
    assert!(
        old["LayersSize"].as_u64().expect("a size") < apparent,
        "images share layers"
    );
    let only = served.json("/v1.51/system/df?type=volume").await;
    assert_eq!(
        (&only["Images"], &only["Volumes"]),
        (&Value::Null, &old["Volumes"])
    );
    served.stop().await;
}

#[tokio::test]
async fn docker_20_refuses_a_second_reading_of_the_disk() {
    let served = held(Options {
        release: Release::V20,
        usage_takes: SECOND,
        ..Options::default()
    })
    .await;
    let (one, other) = tokio::join!(served.text("/system/df"), served.text("/system/df"));
    let mut statuses = [one.0, other.0];
    statuses.sort();
    assert_eq!(
        statuses,
        [StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR]
    );
    let refusal = if one.0 == StatusCode::OK {
        other.1
    } else {
        one.1
    };
    assert_eq!(
        refusal,
        "{\"message\":\"a disk usage operation is already running\"}\n"
    );
    served.stop().await;
}

#[tokio::test]
async fn deeds_change_what_is_listed() {
    let served = held(Options {
        pace: 0.0,
        ..quick()
    })
    .await;
    let state = async |name: &str| {
        served.json(&format!("/containers/{name}/json")).await["State"]["Status"]
            .as_str()
            .map(str::to_owned)
    };
    for (deed, status, after) in [
        ("pause", StatusCode::NO_CONTENT, "paused"),
        ("pause", StatusCode::CONFLICT, "paused"),
        ("unpause", StatusCode::NO_CONTENT, "running"),
        ("stop", StatusCode::NO_CONTENT, "exited"),
        ("stop", StatusCode::NOT_MODIFIED, "exited"),
        ("start", StatusCode::NO_CONTENT, "running"),
    ] {
        let response = served
            .send("POST", &format!("/v1.51/containers/adguard/{deed}"))
            .await;
        assert_eq!(response.status(), status, "{deed}");
        served.engine.pass(SECOND * 2);
        assert_eq!(state("adguard").await.as_deref(), Some(after), "{deed}");
    }
    let removed = served.send("DELETE", "/containers/pg-migration").await;
    assert_eq!(removed.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        served.text("/containers/pg-migration/json").await.0,
        StatusCode::NOT_FOUND
    );
    served.stop().await;
}

#[tokio::test]
async fn logs_are_framed_unless_there_is_a_terminal() {
    let served = held(Options {
        pace: 0.0,
        ..quick()
    })
    .await;
    let response = served
        .get("/containers/adguard/logs?stdout=1&stderr=1&tail=3&timestamps=1")
        .await;
    assert_eq!(
        response.headers()["content-type"],
        "application/vnd.docker.multiplexed-stream"
    );
    let (_, text) = served
        .text("/containers/adguard/logs?stdout=1&stderr=1&tail=3")
        .await;
    assert_eq!(text.lines().count(), 3);
    assert!(matches!(text.as_bytes()[..4], [1 | 2, 0, 0, 0]));
    let response = served
        .get("/containers/games-minecraft-1/logs?stdout=1")
        .await;
    assert_eq!(
        response.headers()["content-type"],
        "application/vnd.docker.raw-stream"
    );
    assert_eq!(
        served.text("/containers/adguard/logs").await.0,
        StatusCode::BAD_REQUEST
    );
    served.stop().await;
}
