//! Takes the timeline to the disk, as one more reader of it: the hub does not wait, and what the disk does not take at
//! once stays in the ring until it does.

use std::{sync::Arc, time::Duration};

use protocol::{Entry, GapReason, Item};
use tokio::{
    select,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{Ended, Hub, Reader, wall_clock};
use crate::store::{Bounds, State, Store};

/// So long an entry waits for others: each writing costs the disk the same, however much is written.
const BATCH: Duration = Duration::from_secs(1);
/// So many do not wait any longer.
const ENOUGH: u64 = 256;
const POLL: Duration = Duration::from_millis(100);
/// No more are written at once.
const MOST: usize = 4096;
/// How long it waits after a failure, and after many: each try reads the whole file anew.
const RETRY: Duration = Duration::from_secs(5);
const LAST_RETRY: Duration = Duration::from_secs(60);
const ONE: Bounds = Bounds {
    entries: 1,
    bytes: 0,
};
/// How long the last writing may take at the end of the bridge.
const LAST_WORDS: Duration = Duration::from_millis(700);

/// The task that writes.
pub struct Keeper {
    finish: CancellationToken,
    task: JoinHandle<()>,
}

impl Keeper {
    /// Begins to write all that comes to the hub's timeline from now on, if it has a store.
    pub fn spawn(hub: &Hub) -> Option<Self> {
        let store = hub.store()?.clone();
        if store.state() == State::Refused {
            return None;
        }
        let (hub, finish) = (hub.clone(), CancellationToken::new());
        let finished = finish.clone();
        let task = tokio::spawn(async move {
            let last = store.before(store.next(), ONE).await;
            let writing = Writing {
                news: Reader::of_ring(hub, store.next(), last.last()),
                store,
                finish: finished,
            };
            // The hub has ended: there is nothing more to write.
            let _ = writing.run().await;
        });
        Some(Self { finish, task })
    }

    /// Writes what there is, and ends.
    pub async fn finish(self) {
        self.finish.cancel();
        if timeout(LAST_WORDS, self.task).await.is_err() {
            tracing::warn!("the last entries of the timeline were not written in time");
        }
    }
}

struct Writing {
    store: Arc<Store>,
    news: Reader,
    finish: CancellationToken,
}

impl Writing {
    async fn run(mut self) -> Result<(), Ended> {
        while !self.finish.is_cancelled() {
            select! {
                () = self.finish.cancelled() => {}
                news = self.news.wait() => news?,
            }
            self.gather().await;
            while self.news.waiting() > 0 {
                let entries = Arc::new(self.take().await?);
                if entries.is_empty() || !self.write(entries).await {
                    break;
                }
            }
        }
        // the last may not have been told of yet
        loop {
            let run = self.news.next().await?;
            let entries: Vec<_> = run.entries.into_iter().map(of_the_disk).collect();
            if entries.is_empty() || !self.write(Arc::new(entries)).await {
                return Ok(());
            }
        }
    }

    async fn gather(&self) {
        let mut waited = Duration::ZERO;
        while waited < BATCH && self.news.waiting() < ENOUGH && !self.finish.is_cancelled() {
            select! {
                () = self.finish.cancelled() => {}
                () = sleep(POLL) => waited += POLL,
            }
        }
    }

    async fn take(&mut self) -> Result<Vec<Entry>, Ended> {
        let mut entries = Vec::new();
        while entries.len() < MOST && self.news.waiting() > 0 {
            let run = self.news.next().await?;
            if run.entries.is_empty() {
                break;
            }
            entries.extend(run.entries.into_iter().map(of_the_disk));
        }
        Ok(entries)
    }

    /// Until they are written; `false`: they are not, and the bridge ends.
    async fn write(&self, entries: Arc<Vec<Entry>>) -> bool {
        let mut pause = RETRY;
        while !self.store.append(entries.clone(), wall_clock()).await {
            if self.finish.is_cancelled() {
                return false;
            }
            select! {
                () = self.finish.cancelled() => {}
                () = sleep(pause) => pause = LAST_RETRY.min(pause * 2),
            }
        }
        true
    }
}

/// What the ring lost before the disk took it.
fn of_the_disk(mut entry: Entry) -> Entry {
    if let Item::Gap(gap) = &mut entry.item
        && gap.reason == GapReason::ViewerTooSlow
    {
        gap.reason = GapReason::NotStored;
    }
    entry
}
