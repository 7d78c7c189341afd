//! What a viewer sends, through every door of ours, and what the daemon sees of it.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::{
    support::{A, Answer, Daemon, eventually, inspection, item},
    web_support::{ask, watching},
};

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE",
];

const TARGETS: [&str; 26] = [
    "/",
    "/healthz",
    "/api/v1/live",
    "/api/v1/containers/x/attach/ws?stdin=1&stream=1",
    "/api/v1/../../info",
    "/api/v1/containers/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/export",
    "/api/v1/containers/..%2f..%2fimages%2fjson%3f",
    "/api/v1/containers/bbbb%3fsize=1",
    "/api/v1/containers/%0d%0aGET%20/info",
    "/api/v1/engine",
    "/api/v1/stats?container=..%2f..%2finfo",
    "/api/v1/summary",
    "/api/v1/usage?type=image",
    "/api/v1/events?since=0&filter=container=..%2f..%2finfo",
    "/api/v1/events?filters=%7B%22type%22%3A%5B%22x%22%5D%7D",
    "/v1.41/containers/json",
    "/containers/json?all=1",
    "/containers/x/../../images/json?",
    "/containers/%2e%2e%2fimages%2fget",
    "/containers/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/export",
    "/containers/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/stop",
    "/assets/..%2f..%2fimages/get",
    "/assets/../../events",
    "//info",
    "/%00/%0d%0aGET%20/info",
    "http://docker/info",
];

const MESSAGES: [&str; 9] = [
    r#"{"Interest":{"stats":{"One":4294967295},"events":"None","usage":false}}"#,
    r#"{"Interest":{"stats":{"One":"x/../../images/json?"},"events":"None","usage":false}}"#,
    r#"{"Interest":{"stats":"Everything","events":"None","usage":false}}"#,
    r#"{"Series":{"keys":[4294967295],"points":4294967295}}"#,
    r#"{"EventsBefore":{"seq":18446744073709551615,"limit":4294967295}}"#,
    r#"{"Post":{"path":"/containers/x/stop"}}"#,
    "GET /info HTTP/1.1",
    "",
    "\u{0}\u{202e}",
];

/// Whether a request line is one of those that watching takes.
fn is_of_the_table(line: &str) -> bool {
    let Some(target) = line.strip_prefix("GET ") else {
        return false;
    };
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    let path = path.strip_prefix("/v1.41").unwrap_or(path);
    let of_a = [
        format!("/containers/{A}/json"),
        format!("/containers/{A}/stats"),
    ];
    let plain = [
        "/version",
        "/_ping",
        "/info",
        "/events",
        "/containers/json",
        "/system/df",
    ];
    plain.contains(&path) || of_a.iter().any(|known| known == path)
}

#[tokio::test]
async fn no_method_and_no_id_of_a_viewer_reaches_the_daemon() {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    daemon.usage([Answer::ok("{}")]);
    let bridge = watching(&daemon.endpoint()).await;
    eventually("the first inspection", || {
        daemon.asked().iter().any(|line| line.contains(A))
    })
    .await;
    let before = daemon.asked().len();

    let url = format!("ws://{}/api/v1/live", bridge.address());
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert(
        "Sec-WebSocket-Protocol",
        "daemonscope.v1.json".parse().unwrap(),
    );
    let (mut socket, _) = connect_async(request).await.unwrap();
    for message in MESSAGES {
        socket.send(Message::text(message)).await.unwrap();
    }
    let bytes: Vec<u8> = (0..=255).collect();
    socket.send(Message::binary(bytes)).await.unwrap();

    // what is allowed still comes through the same socket, behind all that was not
    let all = r#"{"Interest":{"stats":"All","events":"None","usage":true}}"#;
    socket.send(Message::text(all)).await.unwrap();
    let listening = tokio::spawn(async move { while socket.next().await.is_some() {} });
    eventually("statistics and disk usage", || {
        daemon.count("/stats") > 0 && daemon.count("/system/df") > 0
    })
    .await;

    for method in METHODS {
        for target in TARGETS {
            ask(&bridge, method, target, &[]).await;
        }
    }

    let asked = daemon.asked();
    assert!(asked.len() > before);
    let strange: Vec<_> = asked.iter().filter(|line| !is_of_the_table(line)).collect();
    assert!(strange.is_empty(), "{strange:#?}");
    listening.abort();
}
