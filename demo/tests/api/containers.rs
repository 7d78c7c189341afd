//! Lists of containers, deeds done to them, and their logs.

use daemonscope_demo::Options;
use hyper::StatusCode;
use serde_json::{Value, json};

use crate::common::{held, quick, still};
use crate::{SECOND, encode};

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|container| container["Names"][0].as_str().expect("a name"))
        .collect()
}

#[tokio::test]
async fn lists_are_filtered() {
    let served = still().await;
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
async fn deeds_change_what_is_listed() {
    let served = still().await;
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
    let served = still().await;
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
