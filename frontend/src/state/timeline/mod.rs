//! The timeline as the page has it: what comes, and a stretch of the past that somebody looks at.

mod counted;
mod run;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Container, Entry, Position};

use super::{
    Outbox, handle,
    outbox::{Older, Part},
};
pub use counted::{Answer, Counted, Question};
use run::Piece;
pub use run::{CAPACITY, Run};

/// So many entries are asked for at once.
pub const PIECE: u32 = 500;

#[derive(Clone, Copy)]
pub struct Timeline {
    /// The newest entries, which goes on.
    pub live: Run,
    /// Those that there were at the time that [`Timeline::look_at`] says.
    pub past: Run,
    /// When how much happened, further back than the entries here.
    pub counted: Counted,
    looked_at: StoredValue<Option<Moment>>,
    outbox: Outbox,
}

/// What of the past is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub until_millis: u64,
    /// Before this place, which says it better than a time where the daemon's clock was set back.
    pub before: Option<Position>,
}

handle!(Timeline);

impl Timeline {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self {
            live: Run::new(outbox),
            past: Run::new(outbox),
            counted: Counted::new(outbox),
            looked_at: StoredValue::new(None),
            outbox,
        }
    }

    /// Asks for the entries that there were at a moment, in place of others; `None`: nobody looks at the past.
    pub fn look_at(self, moment: Option<Moment>) {
        if self.looked_at.get_value() != moment {
            self.looked_at.set_value(moment);
            self.ask_past();
        }
    }

    fn ask_past(self) {
        let epoch = self.live.epoch();
        self.live
            .with_stories(|stories| self.past.empty(epoch, Some(stories)));
        let part = self.part();
        self.past.await_time(part.is_some());
        if let Some(Part::Before(seq)) = part {
            self.past.await_before(seq);
        }
        if let Some(part) = part {
            let limit = PIECE;
            self.outbox.want_older(Older { part, limit });
        }
    }

    /// What the past begins with. A place of another run of the bridge means nothing.
    fn part(self) -> Option<Part> {
        let moment = self.looked_at.get_value()?;
        let epoch = self.live.epoch();
        let before = moment.before.filter(|before| before.epoch == epoch);
        Some(before.map_or(Part::Until(moment.until_millis), |before| {
            Part::Before(before.seq)
        }))
    }

    /// The bridge did not take a wish: what did not come is asked for again.
    pub(crate) fn give_up_older(self) {
        self.live.give_up();
        self.past.give_up();
        let has_past = self.past.with(|entries| !entries.is_empty());
        if !has_past {
            self.ask_past();
        }
    }

    /// A connection begins, with this run of the bridge: entries of another one are void, and what was asked for does not
    /// come any more. Gives whether this is another run.
    pub(crate) fn begin(self, epoch: u64) -> bool {
        self.outbox.forget_older();
        let is_other = self.live.begin(epoch);
        self.counted.begin(is_other);
        if is_other {
            self.past.empty(epoch, None);
        }
        self.give_up_older();
        is_other
    }

    /// Takes in a run of entries, oldest first: news, or those that were asked for `before` a place. `newest_before`: the
    /// newest time of all that was before them.
    pub fn put(
        self,
        epoch: u64,
        entries: Vec<Entry>,
        oldest_seq: u64,
        newest_before: Option<u64>,
        before: Option<u64>,
    ) {
        if self.live.epoch() != epoch {
            self.begin(epoch);
        }
        let piece = Piece {
            entries: entries.into_iter().map(Arc::new).collect(),
            oldest_seq,
            newest_before,
        };
        match before {
            Some(before) => {
                for run in [self.live, self.past] {
                    run.answer(before, &piece);
                }
            }
            None => self.live.append(piece),
        }
    }

    /// Takes in the entries that there were at a time.
    pub fn put_until(
        self,
        until_millis: u64,
        epoch: u64,
        entries: Vec<Entry>,
        oldest_seq: u64,
        newest_before: Option<u64>,
    ) {
        if self.part() != Some(Part::Until(until_millis)) || self.past.epoch() != epoch {
            return;
        }
        self.past.give_up();
        self.past.append(Piece {
            entries: entries.into_iter().map(Arc::new).collect(),
            oldest_seq,
            newest_before,
        });
    }

    /// The health checks of containers, so that their probes are told from what people run.
    pub(crate) fn learn(self, containers: &[Container]) {
        for run in [self.live, self.past] {
            let checks = containers.iter().filter_map(|container| {
                let details = container.details.as_deref()?;
                Some((container.id.as_str(), details.health_check.as_ref()))
            });
            run.change(|held| held.stories.learn(checks));
            run.tell();
        }
    }

    /// These containers are no more.
    pub(crate) fn forget(self, ids: &[String]) {
        for run in [self.live, self.past] {
            run.change(|held| {
                for id in ids {
                    held.stories.forget(id);
                }
            });
        }
    }
}
