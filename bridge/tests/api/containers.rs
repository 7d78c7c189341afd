use super::{
    client::{get, have, refused, watching},
    support::{A, B, Daemon},
};

const AB: &str = "aaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

#[tokio::test]
async fn a_container_is_found_as_the_docker_command_finds_it() {
    let daemon = Daemon::started();
    have(
        &daemon,
        &[
            (A, "web", "running"),
            (B, "한글 a/b", "paused"),
            (AB, "bbbb", "exited"),
        ],
    );
    let bridge = watching(&daemon).await;
    let list = get(&bridge, "/api/v1/containers").await.json();
    let names: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["bbbb", "한글 a/b", "web"], "the newest first");
    assert_eq!(list[0]["created_at"], 1_795_502_562);
    assert_eq!(list[1]["state"], "paused");

    for (reference, id) in [
        (A, A),
        ("web", A),
        ("%2Fweb", A),
        ("bbbb", AB),
        ("bbbbb", B),
        ("aaaaaaaab", AB),
        ("%ED%95%9C%EA%B8%80%20a%2Fb", B),
    ] {
        let one = get(&bridge, &format!("/api/v1/containers/{reference}")).await;
        assert_eq!(one.json()["id"], id, "{reference}");
    }
    for (reference, expected) in [
        ("aaaa", (400, "ambiguous_id")),
        ("nobody", (404, "unknown_container")),
        ("we", (404, "unknown_container")),
        ("..%2F..%2Finfo", (404, "unknown_container")),
        ("%00", (404, "unknown_container")),
        ("%ff", (400, "bad_path")),
    ] {
        let target = format!("/api/v1/containers/{reference}");
        let (status, code, message) = refused(&bridge, "GET", &target).await;
        assert_eq!((status, code.as_str()), expected, "{reference}: {message}");
    }
    let (.., message) = refused(&bridge, "GET", "/api/v1/containers/aaaa").await;
    assert!(message.contains("2 containers"), "{message}");
    bridge.stop().await;
}
