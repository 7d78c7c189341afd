//! Bodies that go on: what ends, holds or cuts every stream alike.

use std::future::Future;
use std::io;

use tokio_util::sync::CancellationToken;

use super::Site;
use crate::engine::Engine;

/// One open stream.
#[derive(Clone)]
pub struct Flow {
    engine: Engine,
    cancel: CancellationToken,
    cut: CancellationToken,
}

impl Flow {
    pub fn open(site: &Site) -> Self {
        let cut = site.engine.faults().cutter();
        if let Some(life) = site.engine.faults().stream_life() {
            let (cut, cancel) = (cut.clone(), site.cancel.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = tokio::time::sleep(life) => cut.cancel(),
                    () = cut.cancelled() => {}
                    () = cancel.cancelled() => {}
                }
            });
        }
        Self {
            engine: site.engine.clone(),
            cancel: site.cancel.clone(),
            cut,
        }
    }

    /// The stream's next piece: None at its end, an error where it is cut in the middle.
    pub async fn next<T>(&self, piece: impl Future<Output = Option<T>>) -> Option<io::Result<T>> {
        let piece = async {
            let piece = piece.await;
            self.engine.faults().while_hung().await;
            piece
        };
        tokio::select! {
            biased;
            () = self.cut.cancelled() => Some(Err(io::Error::other("cut on request"))),
            () = self.cancel.cancelled() => None,
            piece = piece => piece.map(Ok),
        }
    }
}
