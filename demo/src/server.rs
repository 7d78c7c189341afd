//! The socket that the engine answers on.

use std::io;
use std::path::Path;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;

use crate::api;
use crate::connection::{Gate, Reset};
use crate::engine::Engine;
use crate::options::Options;

/// How long open connections may take to end once the engine stops.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Runs a made-up engine on a unix socket until `cancel`; then the socket is removed.
pub async fn serve(options: Options, socket: &Path, cancel: CancellationToken) -> io::Result<()> {
    let engine = Engine::start(options, cancel.clone());
    serve_engine(engine, socket, cancel).await
}

/// The same for an engine that the caller keeps a hand on.
pub async fn serve_engine(
    engine: Engine,
    socket: &Path,
    cancel: CancellationToken,
) -> io::Result<()> {
    let outcome = answer(UnixListener::bind(socket)?, engine, cancel).await;
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => outcome,
    }
}

/// The same on TCP, where a connection can be reset in the middle of an answer.
pub async fn serve_tcp(
    engine: Engine,
    listener: TcpListener,
    cancel: CancellationToken,
) -> io::Result<()> {
    answer(listener, engine, cancel).await
}

async fn answer<L>(listener: L, engine: Engine, cancel: CancellationToken) -> io::Result<()>
where
    L: Listener<Io: Reset, Addr: std::fmt::Debug>,
{
    let app = api::router(engine.clone(), cancel.clone());
    let serving = axum::serve(Gate { listener, engine }, app)
        .with_graceful_shutdown(cancel.clone().cancelled_owned());
    let stopped = async {
        cancel.cancelled().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    tokio::select! {
        outcome = async { serving.await } => outcome,
        () = stopped => Ok(()),
    }
}
