//! A demo engine on a socket, and a client that speaks plain HTTP to it.
#![allow(dead_code)]

use std::path::PathBuf;
use std::time::Duration;

use axum::body::Bytes;
use daemonscope_demo::{Engine, Options, Time, serve_engine};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;

/// Nothing in these tests takes longer.
pub const LONG: Duration = Duration::from_secs(20);

pub struct Served {
    pub engine: Engine,
    pub socket: PathBuf,
    cancel: CancellationToken,
    serving: tokio::task::JoinHandle<std::io::Result<()>>,
}

pub fn quick() -> Options {
    Options {
        usage_takes: Duration::ZERO,
        ..Options::default()
    }
}

/// An engine whose clock stands still until the test moves it.
pub async fn held(options: Options) -> Served {
    let start = Time::from_nanos(1_795_500_000_000_000_000);
    serve(Engine::held(options, start), CancellationToken::new()).await
}

/// A held engine in which nothing happens but what the test does.
pub async fn still() -> Served {
    held(Options {
        pace: 0.0,
        ..quick()
    })
    .await
}

/// An engine that lives by the machine's clock.
pub async fn living(options: Options) -> Served {
    let cancel = CancellationToken::new();
    serve(Engine::start(options, cancel.clone()), cancel).await
}

async fn serve(engine: Engine, cancel: CancellationToken) -> Served {
    let name = format!("demo-test-{:016x}.sock", fastrand::u64(..));
    let socket = std::env::temp_dir().join(name);
    let (path, token, served) = (socket.clone(), cancel.clone(), engine.clone());
    let serving = tokio::spawn(async move { serve_engine(served, &path, token).await });
    until(|| socket.exists()).await;
    Served {
        engine,
        socket,
        cancel,
        serving,
    }
}

/// Waits for a condition.
pub async fn until(mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LONG, waiting)
        .await
        .expect("the condition never held");
}

impl Served {
    pub async fn stop(self) {
        self.cancel.cancel();
        let outcome = tokio::time::timeout(LONG, self.serving).await;
        outcome
            .expect("ends in time")
            .expect("no panic")
            .expect("ends well");
        assert!(!self.socket.exists(), "the socket stays behind");
    }

    pub async fn send(&self, method: &str, path: &str) -> Response<Incoming> {
        let stream = UnixStream::connect(&self.socket).await.expect("connects");
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .expect("handshake");
        tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "demo")
            .body(Empty::<Bytes>::new())
            .expect("a request");
        sender.send_request(request).await.expect("an answer")
    }

    pub async fn get(&self, path: &str) -> Response<Incoming> {
        self.send("GET", path).await
    }

    pub async fn text(&self, path: &str) -> (StatusCode, String) {
        let response = self.get(path).await;
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    pub async fn json(&self, path: &str) -> Value {
        let (status, text) = self.text(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    pub async fn open(&self, path: &str) -> Lines {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        Lines {
            body: response.into_body(),
            rest: Vec::new(),
        }
    }
}

/// A stream of lines of JSON.
pub struct Lines {
    body: Incoming,
    rest: Vec<u8>,
}

#[derive(Debug)]
pub enum Next {
    Line(Value),
    End,
    Cut,
}

impl Lines {
    pub async fn next(&mut self) -> Next {
        let reading = self.read();
        tokio::time::timeout(LONG, reading)
            .await
            .expect("a line in time")
    }

    async fn read(&mut self) -> Next {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Next::Line(serde_json::from_slice(&line).expect("JSON"));
            }
            match self.body.frame().await {
                None => return Next::End,
                Some(Err(_)) => return Next::Cut,
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.rest.extend_from_slice(data);
                    }
                }
            }
        }
    }

    pub async fn line(&mut self) -> Value {
        match self.next().await {
            Next::Line(line) => line,
            other => panic!("a line was expected, and there was {other:?}"),
        }
    }

    /// All lines until the stream ends by itself.
    pub async fn all(mut self) -> Vec<Value> {
        let mut lines = Vec::new();
        loop {
            match self.next().await {
                Next::Line(line) => lines.push(line),
                Next::End => return lines,
                Next::Cut => panic!("cut"),
            }
        }
    }

    /// What comes next, unless nothing comes in time.
    pub async fn next_within(&mut self, patience: Duration) -> Option<Next> {
        tokio::time::timeout(patience, self.read()).await.ok()
    }
}
