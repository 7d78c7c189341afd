//! The demo engine as a process of its own, for tests and measurements:
//! `cargo run -p daemonscope-demo -- --socket /tmp/demo.sock --control /tmp/demo-control.sock`,
//! then `docker -H unix:///tmp/demo.sock ps`, and to make it misbehave
//! `echo '{"do": "forbid", "path": "/system/df"}' | nc -U -N /tmp/demo-control.sock`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use daemonscope_demo::{Cgroup, Engine, Options, Release, control, serve_engine, serve_tcp};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A Docker engine with made-up containers, which misbehaves on request.
#[derive(Debug, Parser)]
#[command(name = "demo-engine")]
struct Arguments {
    /// The socket that it answers on
    #[arg(long, value_name = "PATH", required_unless_present = "listen")]
    socket: Option<PathBuf>,

    /// A TCP address that it answers on, instead or beside
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,

    /// The socket that takes commands: a JSON object a line (demo/src/control.rs)
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,

    #[arg(long, value_name = "N", default_value_t = Options::default().containers)]
    containers: usize,

    /// The same number gives the same containers
    #[arg(long, value_name = "NUMBER", default_value_t = Options::default().seed)]
    seed: u64,

    /// How lively it is: 1 is usual, 0 leaves only health checks and what each container does by its own nature
    #[arg(long, value_name = "NUMBER", default_value_t = Options::default().pace)]
    pace: f64,

    /// Which engine it speaks like: 20.10 (API 1.41), 28.5 (1.51) or 29.1 (1.52)
    #[arg(long, value_enum, default_value = "28")]
    release: Spoken,

    #[arg(long, value_enum, default_value = "2")]
    cgroup: Groups,

    /// How long a reading of the disk usage takes
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 350)]
    usage_takes: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Spoken {
    #[value(name = "20")]
    V20,
    #[value(name = "28")]
    V28,
    #[value(name = "29")]
    V29,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Groups {
    #[value(name = "1")]
    V1,
    #[value(name = "2")]
    V2,
}

impl Arguments {
    fn options(&self) -> Options {
        Options {
            containers: self.containers,
            seed: self.seed,
            pace: self.pace,
            release: match self.release {
                Spoken::V20 => Release::V20,
                Spoken::V28 => Release::V28,
                Spoken::V29 => Release::V29,
            },
            cgroup: match self.cgroup {
                Groups::V1 => Cgroup::V1,
                Groups::V2 => Cgroup::V2,
            },
            usage_takes: Duration::from_millis(self.usage_takes),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo-engine: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> io::Result<()> {
    let cancel = CancellationToken::new();
    let engine = Engine::start(arguments.options(), cancel.clone());
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let listener = match arguments.listen {
        Some(address) => Some(TcpListener::bind(address).await?),
        None => None,
    };
    let mut serving = tokio::task::JoinSet::new();
    if let Some(socket) = arguments.socket.clone() {
        let (engine, cancel) = (engine.clone(), cancel.clone());
        serving.spawn(async move { serve_engine(engine, &socket, cancel).await });
    }
    if let Some(socket) = arguments.control.clone() {
        let (engine, cancel) = (engine.clone(), cancel.clone());
        serving.spawn(async move { control(engine, &socket, cancel).await });
    }
    if let Some(listener) = listener {
        let address = listener.local_addr()?;
        let cancel = cancel.clone();
        serving.spawn(async move { serve_tcp(engine, listener, cancel).await });
        say(&format!("demo-engine: tcp://{address}\n"))?;
    }
    let mut outcome = Ok(());
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        Some(ended) = serving.join_next() => outcome = ended.map_err(io::Error::other).flatten(),
    }
    cancel.cancel();
    while let Some(ended) = serving.join_next().await {
        outcome = outcome.and(ended.map_err(io::Error::other).flatten());
    }
    outcome
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}
