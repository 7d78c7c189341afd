//! The socket that the engine answers on.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::net::UnixListener;
use tokio_util::sync::CancellationToken;

use crate::api;
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
    let listener = UnixListener::bind(socket)?;
    let serving = axum::serve(listener, api::router(engine, cancel.clone()))
        .with_graceful_shutdown(cancel.clone().cancelled_owned());
    let stopped = async {
        cancel.cancelled().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    let outcome = tokio::select! {
        outcome = async { serving.await } => outcome,
        () = stopped => Ok(()),
    };
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => outcome,
    }
}
