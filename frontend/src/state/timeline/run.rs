use std::{collections::VecDeque, sync::Arc};

use leptos::prelude::*;
use model::{Entry, Position, events::at_millis};
use timeline::story::Stories;

use super::super::{
    Outbox,
    outbox::{Older, Part},
};
use crate::browser::{
    pace::{Pace, Pause},
    readers::{kept, kept_memo, shed},
};

/// As many as the bridge keeps in memory; what overflows can be asked for again.
pub const CAPACITY: usize = 10_000;

/// A run of entries of the timeline, oldest first, without holes: a gap is an entry of its own.
#[derive(Clone, Copy)]
pub struct Run {
    held: StoredValue<Held>,
    /// Counts changes of the entries, of many in a row only some. Track it, then look with [`Run::with`].
    pub revision: ReadSignal<u32>,
    /// Whether there are entries older than the first here, and room for them.
    pub has_older: Memo<bool>,
    /// Whether there are older entries, and no room for them.
    pub is_full: Memo<bool>,
    /// When the first entry here was, in milliseconds.
    pub first_millis: Memo<Option<u64>>,
    /// The newest time of all that was before the first entry here. Where the daemon's clock was set back it is later.
    pub newest_before: Memo<Option<u64>>,
    /// Whether older entries were asked for and have not come yet.
    pub awaits_older: ReadSignal<bool>,
    set_revision: WriteSignal<u32>,
    set_awaits_older: WriteSignal<bool>,
    /// Before which place they were asked for.
    asked_before: StoredValue<Option<u64>>,
    pace: Pace,
    hurried: Pace,
    /// Somebody reads the entries as they come.
    is_read: StoredValue<bool>,
    outbox: Outbox,
}

pub(super) struct Held {
    pub epoch: u64,
    pub entries: VecDeque<Arc<Entry>>,
    /// What the entries tell. It lets go of them a quarter of its capacity at a time.
    pub stories: Stories,
    /// The oldest that the bridge can still give.
    pub oldest_seq: u64,
    newest_before: Option<u64>,
}

/// Entries in order, and what is before them.
pub(super) struct Piece {
    pub entries: Vec<Arc<Entry>>,
    /// The oldest that the bridge can still give.
    pub oldest_seq: u64,
    /// The newest time of all that was before the first of these, in milliseconds.
    pub newest_before: Option<u64>,
}

impl Held {
    /// `checks`: what knows the health checks.
    fn new(epoch: u64, checks: Option<&Stories>) -> Self {
        Self {
            epoch,
            entries: VecDeque::new(),
            stories: checks.map_or_else(|| Stories::new(CAPACITY), Stories::without_entries),
            oldest_seq: 0,
            newest_before: None,
        }
    }

    fn append(&mut self, piece: Piece) {
        self.oldest_seq = piece.oldest_seq;
        if self.entries.is_empty() {
            self.newest_before = piece.newest_before;
        }
        let last = self.entries.back().map_or(0, |entry| entry.seq);
        let fresh: Vec<Arc<Entry>> = piece
            .entries
            .into_iter()
            .filter(|entry| entry.seq > last)
            .collect();
        for entry in &fresh {
            if self.entries.len() == CAPACITY {
                let gone = self.entries.pop_front();
                let gone = gone.map(|entry| at_millis(&entry.item));
                self.newest_before = self.newest_before.max(gone);
            }
            self.entries.push_back(Arc::clone(entry));
        }
        self.stories.append(self.epoch, fresh);
    }

    fn prepend(&mut self, piece: &Piece) {
        self.oldest_seq = piece.oldest_seq;
        let first = self.entries.front().map_or(u64::MAX, |entry| entry.seq);
        let room = CAPACITY.saturating_sub(self.entries.len());
        let older = &piece.entries[..piece.entries.partition_point(|entry| entry.seq < first)];
        let (without_room, older) = older.split_at(older.len().saturating_sub(room));
        let without_room = without_room.iter().map(|entry| at_millis(&entry.item));
        self.newest_before = piece.newest_before.max(without_room.max());
        for entry in older.iter().rev() {
            self.entries.push_front(Arc::clone(entry));
        }
        self.stories.prepend(self.epoch, older.iter().cloned());
    }
}

impl Run {
    pub(super) fn new(outbox: Outbox) -> Self {
        let held = StoredValue::new(Held::new(0, None));
        let (revision, set_revision) = signal(0);
        let (awaits_older, set_awaits_older) = signal(false);
        let older = kept_memo(move |_| {
            revision.track();
            held.with_value(|held| {
                let first = held.entries.front()?;
                (first.seq > held.oldest_seq).then_some(held.entries.len() < CAPACITY)
            })
        });
        Self {
            held,
            revision: kept(revision),
            has_older: kept_memo(move |_| older.get() == Some(true)),
            is_full: kept_memo(move |_| older.get() == Some(false)),
            first_millis: kept_memo(move |_| {
                revision.track();
                held.with_value(|held| Some(at_millis(&held.entries.front()?.item)))
            }),
            newest_before: kept_memo(move |_| {
                revision.track();
                held.with_value(|held| held.newest_before)
            }),
            awaits_older: kept(awaits_older),
            set_revision,
            set_awaits_older,
            asked_before: StoredValue::new(None),
            pace: Pace::new(Pause::Readable),
            hurried: Pace::new(Pause::Fair),
            is_read: StoredValue::new(false),
            outbox,
        }
    }

    /// Looks at the entries, oldest first.
    pub fn with<R>(self, look: impl FnOnce(&VecDeque<Arc<Entry>>) -> R) -> R {
        self.held.with_value(|held| look(&held.entries))
    }

    /// Looks at what the entries tell.
    pub fn with_stories<R>(self, look: impl FnOnce(&Stories) -> R) -> R {
        self.held.with_value(|held| look(&held.stories))
    }

    /// The run of the bridge that the entries' numbers belong to; 0 before anything came.
    pub fn epoch(self) -> u64 {
        self.held.with_value(|held| held.epoch)
    }

    /// The last entry here.
    pub fn last(self) -> Option<Position> {
        self.held.with_value(|held| {
            held.entries.back().map(|last| Position {
                epoch: held.epoch,
                seq: last.seq,
            })
        })
    }

    /// The first entry here.
    pub fn first(self) -> Option<Position> {
        self.held.with_value(|held| {
            held.entries.front().map(|first| Position {
                epoch: held.epoch,
                seq: first.seq,
            })
        })
    }

    /// Whether entries before the first here may be of this time or later.
    pub fn goes_back_to(self, since_millis: Option<u64>) -> bool {
        match (since_millis, self.newest_before.get()) {
            (Some(since), Some(newest)) => newest >= since,
            _ => true,
        }
    }

    /// Asks for `limit` entries before the first here; they come with a new `revision`.
    pub fn request_older(self, limit: u32) {
        let first = self.with(|entries| entries.front().map(|first| first.seq));
        if let Some(seq) = first
            && self.has_older.get_untracked()
            && !self.awaits_older.get_untracked()
        {
            self.await_before(seq);
            let part = Part::Before(seq);
            self.outbox.want_older(Older { part, limit });
        }
    }

    /// Whether the entries of a time were asked for.
    pub(super) fn await_time(self, awaits: bool) {
        self.asked_before.set_value(None);
        self.set_awaits_older.set(awaits);
    }

    /// Those before a place were asked for.
    pub(super) fn await_before(self, seq: u64) {
        self.set_awaits_older.set(true);
        self.asked_before.set_value(Some(seq));
    }

    /// What was asked for does not come, or has come.
    pub(super) fn give_up(self) {
        self.await_time(false);
    }

    pub(super) fn change(self, change: impl FnOnce(&mut Held)) {
        self.held.update_value(change);
    }

    /// Entries of another run of the bridge are void. Gives whether this is another run.
    pub(super) fn begin(self, epoch: u64) -> bool {
        let is_other = self.epoch() != epoch;
        if is_other {
            self.empty(epoch, None);
        }
        is_other
    }

    pub(super) fn empty(self, epoch: u64, checks: Option<&Stories>) {
        self.held
            .update_value(|held| *held = Held::new(epoch, checks));
        self.changed();
    }

    /// Takes in what came after the last.
    pub(super) fn append(self, piece: Piece) {
        self.held.update_value(|held| held.append(piece));
        self.tell();
    }

    /// Takes in what was asked for before a place, where it is this that asked: nothing says that there is nothing before it.
    pub(super) fn answer(self, before: u64, piece: &Piece) {
        if self.asked_before.get_value() != Some(before) {
            return;
        }
        self.give_up();
        let first = self.with(|here| here.front().map(|first| first.seq));
        // where older ones had to go meanwhile, these do not join
        if first.is_none_or(|first| first == before) {
            self.held.update_value(|held| held.prepend(piece));
            // somebody scrolls and waits for it
            self.changed();
        }
    }

    /// While somebody reads the entries as they come, they are told of sooner, which costs more.
    pub fn read_along(self, is_read: bool) {
        self.is_read.try_set_value(is_read);
    }

    /// Tells of changes, of many in a row only some.
    pub(super) fn tell(self) {
        let pace = if self.is_read.get_value() {
            self.hurried
        } else {
            self.pace
        };
        pace.ask(move || self.changed());
    }

    pub(super) fn changed(self) {
        self.set_revision
            .try_update(|revision| *revision = revision.wrapping_add(1));
        shed(&self.revision);
    }
}
