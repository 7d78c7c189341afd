//! A hand on an engine that runs in another process: commands by a socket of its own, one JSON object a line, each
//! answered by one line. Only the program `demo-engine` opens it, and only where it is told to.

use std::io;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;
use crate::faults::{Endless, Mangled};
use crate::life::Act;

/// More than any command is long.
const LINE_BYTES: u64 = 64 * 1024;

/// `{"do": "forbid", "path": "/system/df"}`. Paths are meant as in [`crate::Faults`].
#[derive(Debug, Deserialize)]
#[serde(
    tag = "do",
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
enum Command {
    Hang {
        on: bool,
    },
    Cut,
    Tear,
    Reset,
    ResetNew {
        on: bool,
    },
    /// `null`: no limit.
    LimitStreams {
        seconds: Option<f64>,
    },
    /// `null`: as at first.
    UsageTakes {
        seconds: Option<f64>,
    },
    Forbid {
        path: String,
    },
    Mangle {
        path: String,
        how: Mangled,
    },
    Endless {
        path: String,
        what: Endless,
    },
    /// `null`: as it is.
    StrangeState {
        word: Option<String>,
    },
    /// An event of a type or an action that no daemon has.
    Tell {
        r#type: String,
        action: String,
    },
    /// Forwards, or back when negative.
    Jump {
        seconds: f64,
    },
    Flood {
        events_per_second: u32,
    },
    /// Takes all faults back, and the flood; not what happened once.
    Clear,
    Status,
}

#[derive(Debug, Default, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(flatten)]
    status: Option<Status>,
}

#[derive(Debug, Serialize)]
struct Status {
    now_nano: i64,
    containers: usize,
    event_streams: usize,
    stats_streams: usize,
    /// The number of the last event that a flood told.
    flooded: u64,
}

/// Takes commands until `cancel`; then the socket is removed.
pub async fn control(engine: Engine, socket: &Path, cancel: CancellationToken) -> io::Result<()> {
    let listener = UnixListener::bind(socket)?;
    loop {
        tokio::select! {
            () = cancel.cancelled() => break,
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                let (engine, cancel) = (engine.clone(), cancel.clone());
                tokio::spawn(async move {
                    // Who goes away in the middle has nothing to be told.
                    cancel.run_until_cancelled(converse(&engine, stream)).await
                });
            }
        }
    }
    std::fs::remove_file(socket)
}

async fn converse(engine: &Engine, stream: UnixStream) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut reader).take(LINE_BYTES);
        if limited.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let answer = match serde_json::from_slice(&line) {
            Ok(command) => obey(engine, command),
            Err(error) => Answer {
                error: Some(format!("not a command: {error}")),
                ..Answer::default()
            },
        };
        let mut answer = serde_json::to_vec(&answer)?;
        answer.push(b'\n');
        writer.write_all(&answer).await?;
    }
}

fn obey(engine: &Engine, command: Command) -> Answer {
    let faults = engine.faults();
    match command {
        Command::Hang { on } => faults.hang(on),
        Command::Cut => faults.cut(),
        Command::Tear => faults.tear(),
        Command::Reset => faults.reset(),
        Command::ResetNew { on } => faults.reset_new(on),
        Command::LimitStreams { seconds } => faults.limit_streams(seconds.map(lasting)),
        Command::UsageTakes { seconds } => faults.usage_takes(seconds.map(lasting)),
        Command::Forbid { path } => faults.forbid(&path),
        Command::Mangle { path, how } => faults.mangle(&path, how),
        Command::Endless { path, what } => faults.endless(&path, what),
        Command::StrangeState { word } => faults.strange_state(word.as_deref()),
        Command::Tell { r#type, action } => {
            let told = engine.act(&Act::Tell {
                kind: r#type,
                action,
            });
            if let Err(refusal) = told {
                return Answer {
                    error: Some(refusal.to_string()),
                    ..Answer::default()
                };
            }
        }
        Command::Jump { seconds } => engine.jump((seconds * 1e9) as i64),
        Command::Flood { events_per_second } => engine.flood(events_per_second),
        Command::Clear => {
            faults.clear();
            engine.flood(0);
        }
        Command::Status => {
            return Answer {
                status: Some(Status {
                    now_nano: engine.now().nanos(),
                    containers: engine.containers(),
                    event_streams: engine.listeners(),
                    stats_streams: engine.streams(),
                    flooded: engine.flooded(),
                }),
                ..Answer::default()
            };
        }
    }
    Answer::default()
}

/// As near as a duration can come to it.
fn lasting(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}
