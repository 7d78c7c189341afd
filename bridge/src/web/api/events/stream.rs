use std::{io, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::{
    select,
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{line, query::Query};
use crate::hub::{Ended, Reader, wall_clock};

/// A client that takes nothing for so long is gone.
const WRITE_PATIENCE: Duration = Duration::from_secs(60);

pub enum Chunk {
    Lines(Bytes),
    /// All was told. A body that ends without this is cut off, so that nobody takes a part for the whole.
    End,
}

/// The body of an answer, and where its chunks come from.
pub fn channel() -> (
    impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    mpsc::Sender<Chunk>,
) {
    let (chunks, body) = mpsc::channel(1);
    let body = stream::unfold(Some(body), async |body: Option<mpsc::Receiver<Chunk>>| {
        let mut body = body?;
        match body.recv().await {
            Some(Chunk::Lines(lines)) => Some((Ok(lines), Some(body))),
            Some(Chunk::End) => None,
            None => Some((Err(io::ErrorKind::ConnectionAborted.into()), None)),
        }
    });
    (body, chunks)
}

/// Tells what the query asks for, until there is no more, or the client goes.
pub async fn tell(
    reader: Reader,
    query: Query,
    chunks: mpsc::Sender<Chunk>,
    cancel: &CancellationToken,
) {
    select! {
        () = cancel.cancelled() => {}
        () = chunks.closed() => {}
        told = all(reader, &query, &chunks) => if told.is_ok() {
            // It may have gone.
            let _ = chunks.send_timeout(Chunk::End, WRITE_PATIENCE).await;
        }
    }
}

/// Why not all was told.
struct Broken;

impl From<Ended> for Broken {
    fn from(_: Ended) -> Self {
        Self
    }
}

async fn all(
    mut reader: Reader,
    query: &Query,
    chunks: &mpsc::Sender<Chunk>,
) -> Result<(), Broken> {
    if let Some(since) = query.since_nano {
        reader.skip_to(since).await;
    }
    let ends = query.until_nano.map(|until| {
        let millis = u64::try_from(until / 1_000_000).unwrap_or(0);
        Instant::now() + Duration::from_millis(millis.saturating_sub(wall_clock()))
    });
    loop {
        // Before the run is read: what comes after it is not of the time that was asked for.
        let is_over = !query.follow || ends.is_some_and(|ends| ends <= Instant::now());
        let run = reader.next().await?;
        let mut lines = Vec::new();
        for entry in run.entries.iter().filter(|entry| query.admits(&entry.item)) {
            line::write(run.epoch, entry, &mut lines);
        }
        if !lines.is_empty() {
            let sent = chunks.send_timeout(Chunk::Lines(lines.into()), WRITE_PATIENCE);
            sent.await.map_err(|_| Broken)?;
        }
        if run.entries.is_empty() {
            if is_over {
                return Ok(());
            }
            select! {
                news = reader.wait() => news?,
                () = async {
                    match ends {
                        Some(ends) => sleep_until(ends).await,
                        None => std::future::pending().await,
                    }
                } => {}
            }
        }
    }
}
