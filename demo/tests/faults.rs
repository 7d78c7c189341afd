//! What a test can make the engine do wrong: each happens, spoils what it should, and goes away.

mod common;

use std::time::Duration;

use common::{LONG, Lines, Next, living, quick, still};
use daemonscope_demo::{Act, Endless, Mangled, Options, control, serve_tcp};
use http_body_util::BodyExt;
use hyper::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_util::sync::CancellationToken;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_hung_engine_answers_nothing_until_it_goes_on() {
    let served = still().await;
    served.engine.faults().hang(true);
    let events = tokio::time::timeout(Duration::from_millis(100), served.get("/events")).await;
    assert!(events.is_err(), "a hung engine answered");
    served.engine.faults().hang(false);
    assert_eq!(served.get("/events").await.status(), StatusCode::OK);
    served.stop().await;
}

#[tokio::test]
async fn streams_are_cut_at_once_or_after_a_time() {
    let served = still().await;
    let mut frames = served.open("/containers/adguard/stats").await;
    served.engine.pass(SECOND);
    frames.line().await;
    served.engine.faults().cut();
    assert!(matches!(frames.next().await, Next::Cut));

    let life = Duration::from_millis(50);
    served.engine.faults().limit_streams(Some(life));
    let mut short = served.open("/events").await;
    assert!(matches!(short.next().await, Next::Cut));
    served.stop().await;
}

#[tokio::test]
async fn a_torn_connection_ends_in_the_middle_of_a_chunk() {
    let served = still().await;
    let mut stream = UnixStream::connect(&served.socket).await.unwrap();
    let request = b"GET /containers/adguard/stats HTTP/1.1\r\nHost: demo\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).await.unwrap();
    }
    served.engine.faults().tear();
    served.engine.pass(SECOND);
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).await.unwrap();
    let rest = String::from_utf8(rest).unwrap();
    let (length, chunk) = rest.split_once("\r\n").expect("a chunk begins");
    let promised = usize::from_str_radix(length, 16).expect("its length");
    assert!(!chunk.is_empty() && chunk.len() < promised, "{rest}");
    served.stop().await;
}

/// Reads until it goes wrong or comes to its end.
async fn end_of(mut stream: impl tokio::io::AsyncRead + Unpin) -> std::io::Result<usize> {
    let mut read = Vec::new();
    tokio::time::timeout(LONG, stream.read_to_end(&mut read))
        .await
        .expect("it ends in time")
}

#[tokio::test]
async fn connections_are_reset() {
    let served = still().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, cancel) = (listener.local_addr().unwrap(), CancellationToken::new());
    tokio::spawn(serve_tcp(served.engine.clone(), listener, cancel.clone()));
    let request = b"GET /events HTTP/1.1\r\nHost: demo\r\n\r\n";

    let mut open = TcpStream::connect(address).await.unwrap();
    open.write_all(request).await.unwrap();
    open.read_u8().await.unwrap();
    served.engine.faults().reset();
    let error = end_of(open).await.expect_err("reset, not ended");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);

    served.engine.faults().reset_new(true);
    let mut tcp = TcpStream::connect(address).await.unwrap();
    tcp.write_all(request).await.unwrap();
    let error = end_of(tcp).await.expect_err("reset, not ended");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    let mut unix = UnixStream::connect(&served.socket).await.unwrap();
    unix.write_all(request).await.unwrap();
    let error = end_of(unix).await.expect_err("reset, not ended");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);

    served.engine.faults().clear();
    assert_eq!(served.get("/events").await.status(), StatusCode::OK);
    cancel.cancel();
    served.stop().await;
}

#[tokio::test]
async fn answers_are_spoilt_by_path() {
    let served = still().await;
    let faults = served.engine.faults();
    faults.forbid("/system/df");
    assert_eq!(
        served.text("/v1.51/system/df").await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(served.text("/v1.51/info").await.0, StatusCode::OK);

    faults.mangle("/volumes", Mangled::NullLists);
    assert_eq!(served.json("/volumes").await["Volumes"], Value::Null);
    faults.mangle("/info", Mangled::NumbersAsText);
    assert_eq!(served.json("/info").await["NCPU"], "8");
    faults.mangle("/info", Mangled::OtherTypes);
    let info = served.json("/v1.51/info").await;
    assert_eq!(
        (&info["NCPU"], &info["Name"], &info["Debug"]),
        (&json!([true]), &json!(-0.5), &json!("maybe"))
    );
    let before = served.json("/containers/json").await;
    faults.mangle("/containers/json", Mangled::OddItem);
    let list = served.json("/containers/json").await;
    assert_eq!(list[0], 7);
    assert_eq!(list[1], before[1]);

    faults.strange_state(Some("hibernating"));
    let state = async || {
        let inspected = served.json("/containers/pg-migration/json").await;
        inspected["State"]["Status"].as_str().map(str::to_owned)
    };
    assert_eq!(state().await.as_deref(), Some("hibernating"));

    faults.clear();
    assert_eq!(state().await.as_deref(), Some("exited"));
    assert_eq!(served.text("/v1.51/system/df").await.0, StatusCode::OK);
    assert_eq!(served.json("/info").await["NCPU"], 8);
    assert_eq!(served.json("/containers/json").await[0], before[0]);
    served.stop().await;
}

#[tokio::test]
async fn lines_of_streams_are_spoilt_too() {
    let served = still().await;
    let mut events = served.open("/events?since=1795500000").await;
    served
        .engine
        .faults()
        .mangle("/events", Mangled::NumbersAsText);
    let strange = Act::Tell {
        kind: "pod".into(),
        action: "hatch".into(),
    };
    served.engine.act(&strange).expect("told");
    let told = async {
        loop {
            let event = events.line().await;
            if event["Type"] == "pod" {
                return event;
            }
        }
    };
    let told = tokio::time::timeout(LONG, told).await.expect("the event");
    assert!(told["timeNano"].is_string(), "{told}");
    served.stop().await;
}

#[tokio::test]
async fn some_answers_never_end() {
    let served = still().await;
    for (what, has_lines) in [(Endless::Line, false), (Endless::Body, true)] {
        served.engine.faults().endless("/containers/json", what);
        let mut body = served.get("/containers/json").await.into_body();
        let (mut read, mut lines) = (0, 0);
        while read < 1 << 20 {
            let frame = body.frame().await.expect("no end").expect("no error");
            let data = frame.into_data().unwrap_or_default();
            read += data.len();
            lines += data.iter().filter(|byte| **byte == b'\n').count();
        }
        assert_eq!(lines > 1000, has_lines, "{what:?}: {lines} lines");
    }
    served.stop().await;
}

#[tokio::test]
async fn a_clock_that_jumps_takes_the_engine_with_it() {
    const HOUR: i64 = 3_600_000_000_000;
    let served = living(Options {
        pace: 20.0,
        ..quick()
    })
    .await;
    for jump in [HOUR, -2 * HOUR] {
        let mut events = served.open("/events").await;
        let before = events.line().await["timeNano"].as_i64().expect("a time");
        served.engine.jump(jump);
        let after = async {
            // What was told already keeps its time.
            loop {
                let after = events.line().await["timeNano"].as_i64().expect("a time");
                if (after - before - jump).abs() < HOUR / 10 {
                    return;
                }
            }
        };
        tokio::time::timeout(LONG, after)
            .await
            .expect("life goes on, at the new time");
        let date = served.get("/_ping").await.headers()["date"].clone();
        let now = daemonscope_demo::Time::now().nanos();
        let moved = served.engine.now().nanos() - now;
        assert!(moved.abs() > HOUR / 2, "{moved}: the clock was set");
        assert!(date.to_str().expect("text").ends_with(" GMT"));
    }
    served.stop().await;
}

#[tokio::test]
async fn a_flood_tells_as_many_events_as_are_asked_for() {
    let served = living(quick()).await;
    let mut events = served.open("/events").await;
    served.engine.flood(1000);
    let (mut told, mut last_nano) = (0, 0);
    while told < 1500 {
        told = next_tick(&mut events, told, &mut last_nano).await;
    }
    served.engine.flood(0);
    while told < served.engine.flooded() {
        told = next_tick(&mut events, told, &mut last_nano).await;
    }
    let ahead = last_nano - served.engine.now().nanos();
    assert!(ahead <= 0, "an event's time is the one when it is told");
    served.stop().await;
}

/// Reads on to an event of the flood, which must be the one after `last`.
async fn next_tick(events: &mut Lines, last: u64, last_nano: &mut i64) -> u64 {
    loop {
        let event = events.line().await;
        let action = event["Action"].as_str().expect("an action");
        if let Some(number) = action.strip_prefix("exec_start: tick ") {
            assert_eq!(number.parse(), Ok(last + 1), "in order, and none twice");
            *last_nano = event["timeNano"].as_i64().expect("a time");
            return last + 1;
        }
    }
}

#[tokio::test]
async fn a_hand_from_outside_does_the_same() {
    let served = still().await;
    let socket = served.socket.with_extension("control");
    let (engine, path, cancel) = (
        served.engine.clone(),
        socket.clone(),
        CancellationToken::new(),
    );
    let token = cancel.clone();
    let controlling = tokio::spawn(async move { control(engine, &path, token).await });
    common::until(|| socket.exists()).await;
    let mut hand = BufReader::new(UnixStream::connect(&socket).await.unwrap());
    let mut answers = Vec::new();
    for command in [
        r#"{"do": "forbid", "path": "/info"}"#,
        r#"{"do": "mangle", "path": "/volumes", "how": "null-lists"}"#,
        r#"{"do": "endless", "path": "/networks", "what": "line"}"#,
        r#"{"do": "tell", "type": "pod", "action": "hatch"}"#,
        r#"{"do": "limit-streams", "seconds": 600}"#,
        r#"{"do": "usage-takes", "seconds": null}"#,
        r#"{"do": "flood", "events-per-second": 10}"#,
        r#"{"do": "status"}"#,
        r#"{"do": "dance"}"#,
        "nonsense",
    ] {
        hand.write_all(format!("{command}\n").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        hand.read_line(&mut answer).await.unwrap();
        answers.push(serde_json::from_str::<Value>(&answer).unwrap());
    }
    for answer in &answers[..7] {
        assert_eq!(answer, &json!({}));
    }
    assert_eq!(answers[7]["containers"], 24);
    assert_eq!(answers[7]["flooded"], 0, "its clock stands still");
    for (answer, reason) in [(&answers[8], "dance"), (&answers[9], "not a command")] {
        assert!(
            answer["error"].as_str().unwrap().contains(reason),
            "{answer}"
        );
    }
    assert_eq!(served.text("/info").await.0, StatusCode::FORBIDDEN);
    assert_eq!(served.json("/volumes").await["Volumes"], Value::Null);
    hand.write_all(b"{\"do\": \"clear\"}\n").await.unwrap();
    hand.read_line(&mut String::new()).await.unwrap();
    assert_eq!(served.text("/info").await.0, StatusCode::OK);
    cancel.cancel();
    controlling.await.unwrap().unwrap();
    assert!(!socket.exists());
    served.stop().await;
}
