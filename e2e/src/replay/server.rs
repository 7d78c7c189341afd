use std::{
    collections::HashMap,
    convert::Infallible,
    env, fs,
    future::ready,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Query, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::{net::UnixListener, task::JoinHandle};

use super::Capture;

/// Answers on a socket of its own until it is dropped.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    socket: PathBuf,
    task: JoinHandle<()>,
}

impl Server {
    pub fn start(capture: Capture) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = env::temp_dir().join(format!(
            "replay-{}-{}",
            process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir_all(&folder).expect("a folder");
        let socket = folder.join("docker.sock");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let router = Router::new().fallback(answer).with_state(capture);
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            folder,
            socket,
            task,
        }
    }

    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        // a folder that stays harms nobody
        let _ = fs::remove_dir_all(&self.folder);
    }
}

type Questions = Query<HashMap<String, String>>;

async fn answer(
    State(capture): State<Capture>,
    Query(query): Questions,
    request: Request,
) -> Response {
    let path: Vec<&str> = request
        .uri()
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .skip_while(|part| is_version(part))
        .collect();
    let whole = query
        .get("stream")
        .is_some_and(|value| value == "0" || value == "false");
    let mut response = match path.as_slice() {
        ["_ping"] => "OK".into_response(),
        ["version"] => json(
            json!({"Version": capture.engine, "ApiVersion": capture.api, "MinAPIVersion": capture.oldest_api, "Os": "linux"})
                .to_string(),
        ),
        ["containers", "json"] => json(capture.read("containers.json")),
        ["containers", name, "stats"] => match statistics(capture, name) {
            Some(recorded) if whole => json(recorded),
            Some(recorded) => endless(first_frame(&recorded).into_iter().chain(recorded).collect()),
            None => unknown(),
        },
        ["system", "df"] => json(capture.read("df.json")),
        ["events"] => {
            let recorded = capture.read("events.ndjson");
            if query.contains_key("until") {
                json(recorded)
            } else {
                endless(recorded)
            }
        }
        _ => unknown(),
    };
    let headers = response.headers_mut();
    headers.insert("Api-Version", capture.api.parse().expect("a value"));
    headers.insert("Ostype", "linux".parse().expect("a value"));
    response
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn statistics(capture: Capture, name: &str) -> Option<Vec<u8>> {
    let listed = capture.containers();
    let container = listed
        .iter()
        .find(|container| container.name == name || container.id.starts_with(name))?;
    capture.statistics(&container.name)
}

/// A stream begins with an answer that has no past: what was recorded, less what came before it.
fn first_frame(recorded: &[u8]) -> Vec<u8> {
    let mut frame: Value = serde_json::from_slice(recorded).expect("JSON");
    frame["preread"] = json!("0001-01-01T00:00:00Z");
    frame["precpu_stats"] = json!({"cpu_usage": {"total_usage": 0}});
    let mut line = frame.to_string().into_bytes();
    line.push(b'\n');
    line
}

fn json(body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.into()).into_response()
}

/// What a stream has brought so far that does not end.
fn endless(beginning: Vec<u8>) -> Response {
    let beginning = stream::once(ready(Ok::<_, Infallible>(Bytes::from(beginning))));
    json(Body::from_stream(beginning.chain(stream::pending())))
}

fn unknown() -> Response {
    let message = json!({"message": "this was not recorded"}).to_string();
    (StatusCode::INTERNAL_SERVER_ERROR, json(message)).into_response()
}
