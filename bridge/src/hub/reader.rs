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

    /// The place of the newest entry that there is.
    pub fn newest(&self) -> u64 {
        self.next.borrow().saturating_sub(1)
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
