//! The live socket, by a client that is not ours.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod web_support;

use std::time::{Duration, Instant};

use daemonscope::Bridge;
use futures_util::{SinkExt, StreamExt};
use protocol::{
    BUILD, ClientMsg, Encoding, Hello, Interest, MAX_CLIENT_MESSAGE_BYTES, PROTOCOL, Refusal,
    ServerMsg,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::Response},
};
use web_support::bridge;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const POSTCARD: (&str, &str) = ("Sec-WebSocket-Protocol", "daemonscope.v1.postcard");
const JSON: (&str, &str) = ("Sec-WebSocket-Protocol", "daemonscope.v1.json");

async fn connect(
    bridge: &Bridge,
    headers: &[(&'static str, &str)],
) -> Result<(Socket, Option<String>), Box<Response<Option<Vec<u8>>>>> {
    let url = format!("ws://{}/api/v1/live", bridge.address());
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, response)) => {
            let chosen = response.headers().get("sec-websocket-protocol");
            Ok((
                socket,
                chosen.map(|chosen| chosen.to_str().unwrap().to_owned()),
            ))
        }
        Err(Error::Http(response)) => Err(response),
        Err(error) => panic!("{error}"),
    }
}

async fn receive(socket: &mut Socket) -> Message {
    timeout(Duration::from_secs(10), socket.next())
        .await
        .expect("a message comes")
        .expect("the socket is open")
        .unwrap()
}

async fn next(socket: &mut Socket) -> ServerMsg {
    match receive(socket).await {
        Message::Binary(bytes) => Encoding::Postcard.decode(&bytes).unwrap(),
        Message::Text(text) => Encoding::Json.decode(text.as_bytes()).unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn close_code(socket: &mut Socket) -> u16 {
    loop {
        if let Message::Close(frame) = receive(socket).await {
            return frame.unwrap().code.into();
        }
    }
}

fn hello() -> ServerMsg {
    ServerMsg::Hello(Hello {
        protocol: PROTOCOL,
        build: BUILD.to_owned(),
    })
}

fn interest() -> Message {
    let message = ClientMsg::Interest(Interest::default());
    Message::Binary(Encoding::Postcard.encode(&message).into())
}

#[tokio::test]
async fn hello_comes_first_and_a_snapshot_answers_the_interest_in_both_encodings() {
    let bridge = bridge().await;
    let json = r#"{"Interest":{"stats":"None","events":"None","usage":false}}"#;
    for (offer, name, say) in [
        (POSTCARD, POSTCARD.1, interest()),
        (JSON, JSON.1, Message::text(json)),
    ] {
        let (mut socket, chosen) = connect(&bridge, &[offer]).await.unwrap();
        assert_eq!(chosen.as_deref(), Some(name));
        assert_eq!(next(&mut socket).await, hello());
        socket.send(say).await.unwrap();
        let ServerMsg::Snapshot(snapshot) = next(&mut socket).await else {
            panic!("a snapshot comes first");
        };
        assert_eq!(snapshot.endpoint, "unix:///nowhere/docker.sock");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_page_of_another_version_learns_it_and_is_let_go() {
    let bridge = bridge().await;
    for name in ["daemonscope.v2.postcard", "daemonscope.v77.json"] {
        let offer = ("Sec-WebSocket-Protocol", name);
        let (mut socket, chosen) = connect(&bridge, &[offer]).await.unwrap();
        assert_eq!(chosen.as_deref(), Some(name));
        assert_eq!(next(&mut socket).await, hello());
        assert_eq!(close_code(&mut socket).await, 4001);
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_client_that_offers_none_of_ours_is_told_so() {
    let bridge = bridge().await;
    for headers in [&[][..], &[("Sec-WebSocket-Protocol", "graphql-ws, chat")]] {
        let response = connect(&bridge, headers).await.err().unwrap();
        assert_eq!(response.status(), 400);
        let body = String::from_utf8(response.into_body().unwrap()).unwrap();
        assert!(body.contains("daemonscope.v1.json"), "{body}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_refused_and_the_socket_stays_open() {
    let bridge = bridge().await;
    let (mut socket, _) = connect(&bridge, &[POSTCARD]).await.unwrap();
    next(&mut socket).await;
    let Message::Binary(good) = interest() else {
        unreachable!();
    };
    let with_rest = [&good[..], &[0]].concat();
    for bad in [
        Message::binary(vec![]),
        Message::binary(vec![255; 40]),
        Message::binary(good[..good.len() - 1].to_vec()),
        Message::binary(with_rest),
        Message::text("{}"),
    ] {
        socket.send(bad.clone()).await.unwrap();
        let answer = next(&mut socket).await;
        assert!(
            matches!(answer, ServerMsg::Refused(Refusal::Malformed(_))),
            "{bad:?}: {answer:?}"
        );
    }
    socket.send(interest()).await.unwrap();
    assert!(matches!(next(&mut socket).await, ServerMsg::Snapshot(_)));

    let (mut socket, _) = connect(&bridge, &[JSON]).await.unwrap();
    next(&mut socket).await;
    for bad in ["", "{", "null", r#"{"Interest":{}}"#, r#"{"Nonsense":1}"#] {
        socket.send(Message::text(bad)).await.unwrap();
        let answer = next(&mut socket).await;
        assert!(
            matches!(answer, ServerMsg::Refused(Refusal::Malformed(_))),
            "{bad}: {answer:?}"
        );
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_that_socket_only() {
    let bridge = bridge().await;
    let (mut good, _) = connect(&bridge, &[POSTCARD]).await.unwrap();
    next(&mut good).await;
    let (mut bad, _) = connect(&bridge, &[POSTCARD]).await.unwrap();
    next(&mut bad).await;
    let large = Message::binary(vec![0; MAX_CLIENT_MESSAGE_BYTES + 1]);
    bad.send(large).await.unwrap();
    assert_eq!(close_code(&mut bad).await, 1008);
    good.send(interest()).await.unwrap();
    assert!(matches!(next(&mut good).await, ServerMsg::Snapshot(_)));
    bridge.stop().await;
}

#[tokio::test]
async fn a_foreign_page_cannot_open_the_socket() {
    let bridge = bridge().await;
    let port = bridge.address().port();
    let ours = format!("127.0.0.1:{port}");
    let localhost = format!("localhost:{port}");
    let rebinding = format!("evil.example:{port}");
    let origin = |host: &str| format!("http://{host}");
    for (host, page, allowed) in [
        (&ours, None, true),
        (&ours, Some(origin(&ours)), true),
        (&localhost, Some(origin(&localhost)), true),
        (&rebinding, None, false),
        (&rebinding, Some(origin(&rebinding)), false),
        (&ours, Some("null".to_owned()), false),
        (&ours, Some(origin("evil.example")), false),
        (&ours, Some(origin(&localhost)), false),
        (&ours, Some(origin("127.0.0.1:1")), false),
        (&ours, Some(format!("https://{ours}")), false),
    ] {
        let mut headers = vec![POSTCARD, ("Host", host)];
        if let Some(page) = &page {
            headers.push(("Origin", page));
        }
        match connect(&bridge, &headers).await {
            Ok((mut socket, _)) => {
                assert!(allowed, "{host} {page:?}");
                assert_eq!(next(&mut socket).await, hello());
            }
            Err(response) => {
                assert!(!allowed, "{host} {page:?}");
                assert_eq!(response.status(), 403);
            }
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn open_sockets_are_told_that_the_bridge_stops() {
    let bridge = bridge().await;
    let (mut socket, _) = connect(&bridge, &[POSTCARD]).await.unwrap();
    next(&mut socket).await;
    socket.send(interest()).await.unwrap();
    let began = Instant::now();
    let (code, ()) = tokio::join!(close_code(&mut socket), bridge.stop());
    assert_eq!(code, 1001);
    assert!(began.elapsed() < Duration::from_secs(2));
}
