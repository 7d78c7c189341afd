use std::{
    collections::HashMap,
    convert::Infallible,
    env, fs,
    future::ready,
    path::{Path, PathBuf},
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
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

use super::Answers;

/// Answers on a socket of its own until it is dropped.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    socket: PathBuf,
    task: JoinHandle<()>,
}

impl Server {
    pub fn start(answers: Answers) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = env::temp_dir().join(format!(
            "replay-{}-{}",
            process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ));
        fs::create_dir_all(&folder).expect("a folder");
        let socket = folder.join("docker.sock");
        let listener = UnixListener::bind(&socket).expect("a socket");
        let router = Router::new().fallback(answer).with_state(Arc::new(answers));
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
    State(answers): State<Arc<Answers>>,
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
            json!({"Version": answers.engine, "ApiVersion": answers.api, "MinAPIVersion": answers.oldest_api, "Os": answers.os})
                .to_string(),
        ),
        ["containers", "json"] => json(answers.containers.clone()),
        ["containers", name, "stats"] => match statistics(&answers, name) {
            Some(recorded) if whole => json(recorded),
            Some(recorded) => endless([first_frame(&recorded), recorded, b"\n".to_vec()].concat()),
            None => unknown(),
        },
        ["system", "df"] => json(answers.usage.clone()),
        ["events"] => {
            let recorded = answers.events.clone();
            if query.contains_key("until") {
                json(recorded)
            } else {
                endless(recorded)
            }
        }
        _ => unknown(),
    };
    let headers = response.headers_mut();
    headers.insert("Api-Version", answers.api.parse().expect("a value"));
    // the docker command reads the system of an engine's statistics from this one
    let server = format!("Docker/{} ({})", answers.engine, answers.os);
    headers.insert("Server", server.parse().expect("a value"));
    headers.insert("Ostype", answers.os.parse().expect("a value"));
    response
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// By name, or by id as the list has it.
fn statistics(answers: &Answers, container: &str) -> Option<Vec<u8>> {
    let listed: Value = serde_json::from_slice(&answers.containers).expect("JSON");
    let by_id = listed.as_array().into_iter().flatten().find_map(|item| {
        (item["Id"] == *container).then(|| item["Names"][0].as_str()?.strip_prefix('/'))?
    });
    answers.statistics.get(by_id.unwrap_or(container)).cloned()
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
