use std::{collections::VecDeque, sync::Arc};

use leptos::prelude::*;
use model::{Entry, Position};

use super::{Outbox, handle, outbox::Older};
use crate::browser::{
    pace::{Pace, Pause},
    readers::{kept, kept_memo, shed},
};

/// As many as the bridge keeps; what overflows can be asked for again.
const CAPACITY: usize = 10_000;

/// The entries of the timeline that the page has, oldest first, without holes: a gap is an entry of its own.
#[derive(Clone, Copy)]
pub struct Timeline {
    held: StoredValue<Held>,
    /// Counts changes of the entries, of many in a row only some. Track it, then look with [`Timeline::with`].
    pub revision: ReadSignal<u32>,
    /// Whether the bridge has entries older than the first here.
    pub has_older: Memo<bool>,
    /// Whether older entries were asked for and have not come yet.
    pub awaits_older: ReadSignal<bool>,
    set_revision: WriteSignal<u32>,
    set_awaits_older: WriteSignal<bool>,
    pace: Pace,
    outbox: Outbox,
}

#[derive(Default)]
struct Held {
    epoch: u64,
    entries: VecDeque<Arc<Entry>>,
    /// The oldest that the bridge can still give.
    oldest_seq: u64,
}

handle!(Timeline);

impl Timeline {
    pub(super) fn new(outbox: Outbox) -> Self {
        let held = StoredValue::new(Held::default());
        let (revision, set_revision) = signal(0);
        let (awaits_older, set_awaits_older) = signal(false);
        let has_older = kept_memo(move |_| {
            revision.track();
            held.with_value(|held| {
                held.entries
                    .front()
                    .is_some_and(|first| first.seq > held.oldest_seq)
            })
        });
        Self {
            held,
            revision: kept(revision),
            has_older,
            awaits_older: kept(awaits_older),
            set_revision,
            set_awaits_older,
            pace: Pace::new(Pause::Readable),
            outbox,
        }
    }

    /// Looks at the entries, oldest first.
    pub fn with<R>(self, look: impl FnOnce(&VecDeque<Arc<Entry>>) -> R) -> R {
        self.held.with_value(|held| look(&held.entries))
    }

    /// The run of the bridge that the entries' numbers belong to; 0 before anything came.
    pub fn epoch(self) -> u64 {
        self.held.with_value(|held| held.epoch)
    }

    /// Asks for `limit` entries before the first here; they come with a new `revision`.
    pub fn request_older(self, limit: u32) {
        let first = self.with(|entries| entries.front().map(|first| first.seq));
        if let Some(seq) = first
            && self.has_older.get_untracked()
            && !self.awaits_older.get_untracked()
        {
            self.set_awaits_older.set(true);
            self.outbox.want_older(Older { seq, limit });
        }
    }

    /// The bridge did not take the wish for older entries.
    pub(crate) fn give_up_older(self) {
        self.set_awaits_older.set(false);
    }

    /// The last entry here, to resume from.
    pub(crate) fn last(self) -> Option<Position> {
        self.held.with_value(|held| {
            held.entries.back().map(|last| Position {
                epoch: held.epoch,
                seq: last.seq,
            })
        })
    }

    /// Entries of another run of the bridge are void. Gives whether this is another run.
    pub(crate) fn begin(self, epoch: u64) -> bool {
        self.set_awaits_older.set(false);
        let void = self
            .held
            .try_update_value(|held| {
                let void = held.epoch != epoch;
                if void {
                    *held = Held {
                        epoch,
                        ..Held::default()
                    };
                }
                void
            })
            .unwrap_or(false);
        if void {
            self.changed();
        }
        void
    }

    /// Takes in a run of entries, oldest first: news, or the past before what is here.
    pub fn put(self, epoch: u64, entries: Vec<Entry>, oldest_seq: u64, past: bool) {
        self.begin_if_other(epoch);
        self.held.update_value(|held| {
            held.oldest_seq = oldest_seq;
            if past {
                let first = held.entries.front().map_or(u64::MAX, |entry| entry.seq);
                let room = CAPACITY.saturating_sub(held.entries.len());
                for entry in entries
                    .into_iter()
                    .rev()
                    .filter(|entry| entry.seq < first)
                    .take(room)
                {
                    held.entries.push_front(Arc::new(entry));
                }
            } else {
                let last = held.entries.back().map_or(0, |entry| entry.seq);
                for entry in entries.into_iter().filter(|entry| entry.seq > last) {
                    if held.entries.len() == CAPACITY {
                        held.entries.pop_front();
                    }
                    held.entries.push_back(Arc::new(entry));
                }
            }
        });
        if past {
            self.set_awaits_older.set(false);
            // somebody scrolls and waits for it
            self.changed();
        } else {
            self.pace.ask(move || self.changed());
        }
    }

    fn changed(self) {
        self.set_revision
            .try_update(|revision| *revision = revision.wrapping_add(1));
        shed(&self.revision);
    }

    fn begin_if_other(self, epoch: u64) {
        if self.epoch() != epoch {
            self.begin(epoch);
        }
    }
}
