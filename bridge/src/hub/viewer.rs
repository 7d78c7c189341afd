use std::collections::VecDeque;

use protocol::{ContainerKey, Encoding, Entry, Interest, Position, Refusal};
use tokio::sync::mpsc::{self, error::TrySendError};

use super::frame::{Encoded, Frame};
use crate::store::nano;

pub type ViewerId = u64;

/// How many frames wait for one viewer at most. When there is no room the viewer has to catch up:
/// it gets nothing until most of them are taken, and then what is so at that time.
pub const OUTBOX: usize = 32;
/// So many slots must be free before a viewer that fell behind gets anything.
pub const CAUGHT_UP: usize = OUTBOX - 4;
/// Statistics do not queue up behind more frames than this: old figures are worth nothing.
const STATS_BACKLOG: usize = 4;
/// How many answers one viewer may be owed at once.
pub const MAX_ANSWERS: usize = 1024;
/// How many readings of the disk may be under way for one viewer, or wait for it to take them.
pub const MAX_READS: usize = 4;

/// One open page as the hub knows it.
pub struct Viewer {
    pub encoding: Encoding,
    pub outbox: mpsc::Sender<Frame>,
    /// It said what it looks at, so it gets what changes.
    pub greeted: bool,
    pub interest: Interest,
    pub events: Option<Cursor>,
    pub owed: Owed,
    /// How many readings of the disk are under way, or wait for it.
    pub reads: usize,
    /// Frames wait for it; until it has taken them it is only noted what it misses.
    pub behind: bool,
}

/// How far in the timeline a viewer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The place of the first entry that it has not got.
    pub next: u64,
    /// The daemon's time of the last event that it got.
    pub last_nano: Option<i64>,
}

/// What a viewer must still get. Outside of a step of the hub it is empty unless the viewer is behind.
#[derive(Default)]
pub struct Owed {
    pub snapshot: bool,
    /// That `/info` is refused, which the snapshot does not say.
    pub info_refused: bool,
    /// All statistics anew instead of a change.
    pub stats: bool,
    pub answers: VecDeque<Answer>,
}

pub enum Answer {
    Refused(Refusal),
    Series {
        key: ContainerKey,
        points: Option<u32>,
    },
    /// From the ring, before the place `before`.
    Kept {
        past: Past,
        before: u64,
        limit: u32,
    },
    /// From the disk.
    Stored {
        past: Past,
        entries: Vec<Entry>,
        /// The newest time of all that is before them.
        newest_nano: Option<i64>,
    },
}

/// Which part of the past a viewer asked for: the newest entries
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// before a place,
    Before(u64),
    /// or that there were at a time, in milliseconds.
    Until(u64),
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    Taken,
    /// No room: the viewer is behind from now on, or was already.
    NoRoom,
}

impl Viewer {
    pub fn new(encoding: Encoding, outbox: mpsc::Sender<Frame>) -> Self {
        Self {
            encoding,
            outbox,
            greeted: false,
            interest: Interest::default(),
            events: None,
            owed: Owed::default(),
            reads: 0,
            behind: false,
        }
    }

    pub fn offer(&mut self, message: &mut Encoded) -> Offered {
        if self.behind {
            return Offered::NoRoom;
        }
        match self.outbox.try_send(message.frame(self.encoding)) {
            // One that has gone takes everything; the hub is told of it on another way.
            Ok(()) | Err(TrySendError::Closed(_)) => Offered::Taken,
            Err(TrySendError::Full(_)) => {
                self.behind = true;
                Offered::NoRoom
            }
        }
    }

    /// As [`Self::offer`], for statistics.
    pub fn offer_stats(&mut self, message: &mut Encoded) -> Offered {
        if self.outbox.max_capacity() - self.outbox.capacity() > STATS_BACKLOG {
            self.behind = true;
        }
        self.offer(message)
    }

    pub fn ask(&mut self, answer: Answer) {
        if self.owed.answers.len() < MAX_ANSWERS {
            self.owed.answers.push_back(answer);
        } else if self.owed.answers.len() == MAX_ANSWERS {
            self.owed
                .answers
                .push_back(Answer::Refused(Refusal::TooMuch {
                    limit: MAX_ANSWERS as u32,
                }));
        }
    }
}

impl Cursor {
    /// Before the first entry of this run of the bridge, whether it is still kept or not.
    pub const BEGIN: Self = Self {
        next: 1,
        last_nano: None,
    };

    /// Where one is who got these too.
    pub fn after(self, entries: &[Entry]) -> Self {
        entries.last().map_or(self, |last| Self {
            next: last.seq + 1,
            last_nano: Some(nano(&last.item)),
        })
    }

    /// After `after`, where the timeline still knows that place; `recent` entries back otherwise.
    pub fn resume(after: Option<Position>, recent: u32, timeline: &super::Timeline) -> Self {
        let next = match after {
            Some(after) if after.epoch == timeline.epoch() && after.seq < timeline.next() => {
                after.seq + 1
            }
            _ => timeline
                .next()
                .saturating_sub(recent.into())
                .max(timeline.oldest()),
        };
        Self {
            next,
            last_nano: None,
        }
    }
}
