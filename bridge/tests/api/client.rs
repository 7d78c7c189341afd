//! A bridge that watches what a test says, and a client of its API.

use daemonscope::Bridge;
use http_body_util::{BodyExt, Empty};
use hyper::{
    HeaderMap, Request, Response,
    body::{Bytes, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};

use super::{
    support::{Daemon, PATIENCE, inspection, item},
    web_support,
};

/// What the daemon has: id, name and state of each container, the newest last.
pub fn have(daemon: &Daemon, containers: &[(&str, &str, &str)]) {
    daemon.list(containers.iter().zip(1_795_502_560..).map(
        |((id, name, state), created): (_, u64)| {
            item(id, name, state).replace("1795502560", &created.to_string())
        },
    ));
    for (id, name, state) in containers {
        daemon.inspection(id, inspection(id, name, state));
    }
}

pub async fn watching(daemon: &Daemon) -> Bridge {
    web_support::watching(&daemon.endpoint()).await
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    /// A JSON value from each line.
    pub fn lines(&self) -> Vec<Value> {
        let text = std::str::from_utf8(&self.body).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// The answer to a `GET` that is well.
pub async fn get(bridge: &Bridge, target: &str) -> Answer {
    let answer = ask(bridge, "GET", target).await;
    assert_eq!(answer.status, 200, "{target}: {:?}", answer.body);
    answer
}

/// The code and the sentence of a refusal, which the documentation must know.
pub async fn refused(bridge: &Bridge, method: &str, target: &str) -> (u16, String, String) {
    let answer = ask(bridge, method, target).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let error = &answer.json()["error"];
    let code = error["code"].as_str().unwrap().to_owned();
    let documented = include_str!("../../../docs/api.md").lines().any(|line| {
        line.contains(&format!("`{code}`")) && line.contains(&format!("| {} |", answer.status))
    });
    assert!(documented, "{code} with {} is documented", answer.status);
    let message = error["message"].as_str().unwrap();
    assert!(message.ends_with('.'), "{message}");
    (answer.status, code, message.to_owned())
}

pub async fn ask(bridge: &Bridge, method: &str, target: &str) -> Answer {
    let (head, body) = begin(bridge, method, target).await.into_parts();
    let body = timeout(PATIENCE, body.collect())
        .await
        .unwrap_or_else(|_| panic!("{target} has no end"));
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        body: body.unwrap().to_bytes(),
    }
}

/// An answer whose body comes by and by. The connection ends with it.
pub async fn begin(bridge: &Bridge, method: &str, target: &str) -> Response<Incoming> {
    let stream = TcpStream::connect(bridge.address()).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", bridge.address().to_string())
        .body(Empty::<Bytes>::new())
        .unwrap();
    timeout(PATIENCE, sender.send_request(request))
        .await
        .unwrap_or_else(|_| panic!("no answer to {target}"))
        .unwrap()
}

/// A body that is read line by line.
pub struct Lines {
    body: Incoming,
    text: Vec<u8>,
}

impl Lines {
    pub async fn open(bridge: &Bridge, target: &str) -> Self {
        let answer = begin(bridge, "GET", target).await;
        assert_eq!(answer.status(), 200);
        Self {
            body: answer.into_body(),
            text: Vec::new(),
        }
    }

    /// `None` after the last one; `Err` if the body was cut off.
    pub async fn next(&mut self) -> Result<Option<Value>, hyper::Error> {
        loop {
            if let Some(end) = self.text.iter().position(|&byte| byte == b'\n') {
                let line: Vec<u8> = self.text.drain(..=end).collect();
                return Ok(Some(serde_json::from_slice(&line).unwrap()));
            }
            let frame = timeout(PATIENCE, self.body.frame()).await;
            match frame.unwrap_or_else(|_| panic!("no line comes")) {
                None => {
                    assert!(self.text.is_empty(), "half a line at the end");
                    return Ok(None);
                }
                Some(frame) => self.text.extend(frame?.into_data().unwrap()),
            }
        }
    }
}
