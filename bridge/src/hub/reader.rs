use std::sync::Arc;

use protocol::{Entry, Gap, GapReason, Item};
use tokio::sync::{oneshot, watch};

use super::{Command, Ended, Hub, PAGE, viewer::Cursor};
use crate::store::{Store, nano};

/// A way through the timeline from its begin, at the reader's own pace: the hub keeps nothing for it.
pub struct Reader {
    hub: Hub,
    /// Until the reader has all that is in it.
    store: Option<Arc<Store>>,
    cursor: Cursor,
    /// The place that the next entry will have.
    next: watch::Receiver<u64>,
}

/// Entries in order, at most as many as one frame carries. What the ring lost before the reader got there is told as a
/// gap in front of them, which has the place of the last entry lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// This run of the bridge.
    pub epoch: u64,
    /// None: the reader has all that there is.
    pub entries: Vec<Entry>,
}

/// How far what is of a time or earlier reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until {
    /// Its last place; 0: there is none.
    pub last: u64,
    /// The last place that there was when it was asked for.
    pub newest: u64,
    /// The earliest time that there is, but for what is out of order as it may be.
    pub earliest_nano: Option<i64>,
}

/// What the hub answers: the run, and where the reader is after it.
pub(super) type Answer = oneshot::Sender<(Run, Cursor)>;

impl Reader {
    pub(super) fn new(hub: Hub) -> Self {
        Self {
            next: hub.timeline.clone(),
            store: hub.store.clone(),
            hub,
            cursor: Cursor::BEGIN,
        }
    }

    /// Passes over what is stored from before all entries of this time or later.
    pub async fn skip_to(&mut self, nano: i64) {
        if let Some(store) = &self.store {
            self.cursor.next = self.cursor.next.max(store.place_of(nano).await);
        }
    }

    /// Of the ring alone, from a place on; `last` is what is before it.
    pub(super) fn of_ring(hub: Hub, from: u64, last: Option<&Entry>) -> Self {
        Self {
            next: hub.timeline.clone(),
            hub,
            store: None,
            cursor: Cursor {
                next: from,
                last_nano: last.map(|last| nano(&last.item)),
            },
        }
    }

    pub async fn next(&mut self) -> Result<Run, Ended> {
        if let Some(store) = &self.store {
            let mut entries = store.from(self.cursor.next, PAGE).await;
            if let Some(gap) = self.let_go(&entries) {
                entries.insert(0, gap);
            }
            if !entries.is_empty() {
                self.cursor = self.cursor.after(&entries);
                let epoch = self.hub.epoch;
                return Ok(Run { epoch, entries });
            }
            self.store = None;
        }
        let (answer, run) = oneshot::channel();
        self.hub.command(Command::Read(self.cursor, answer)).await?;
        let (run, cursor) = run.await.map_err(|_| Ended)?;
        self.cursor = cursor;
        Ok(run)
    }

    /// What is no longer stored between where the reader is and these entries, unless they begin with a gap that says so.
    fn let_go(&self, entries: &[Entry]) -> Option<Entry> {
        let first = entries
            .first()
            .filter(|first| first.seq > self.cursor.next)?;
        let last_nano = self.cursor.last_nano;
        let to_nano = match &first.item {
            Item::Event(event) => event.time_nano,
            Item::Gap(gap) => gap
                .from_nano
                .filter(|&from| last_nano.is_none_or(|last| last < from))?,
        };
        Some(Entry {
            seq: first.seq - 1,
            item: Item::Gap(Gap {
                from_nano: last_nano,
                to_nano,
                reason: GapReason::ViewerTooSlow,
            }),
        })
    }

    /// How far what is of this time or earlier reaches, in the ring and on the disk.
    pub async fn until(&self, nano: i64) -> Result<Until, Ended> {
        let (answer, reach) = oneshot::channel();
        self.hub.command(Command::Reach(nano, answer)).await?;
        let ring = reach.await.map_err(|_| Ended)?;
        let mut until = Until {
            last: ring.last.unwrap_or(0),
            newest: ring.newest,
            earliest_nano: ring.earliest_nano,
        };
        if let Some(store) = &self.hub.store {
            if ring.last.is_none() {
                until.last = store.last_until(nano).await.unwrap_or(0);
            }
            let stored = store.earliest_nano().await;
            until.earliest_nano = until.earliest_nano.into_iter().chain(stored).min();
        }
        Ok(until)
    }

    /// How many entries there are that the reader has not got.
    pub fn waiting(&self) -> u64 {
        self.next.borrow().saturating_sub(self.cursor.next)
    }

    /// Returns when there is an entry that the reader has not got.
    pub async fn wait(&mut self) -> Result<(), Ended> {
        let has = self.cursor.next;
        let news = self.next.wait_for(|&next| next > has);
        news.await.map(|_| ()).map_err(|_| Ended)
    }
}
