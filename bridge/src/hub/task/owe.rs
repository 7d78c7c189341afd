//! What one viewer must still get: its snapshot, its answers, what it missed.

use protocol::{
    Entry, EventsFrame, Gap, GapReason, Item, PastFrame, ServerMsg, Snapshot, StatsFrame,
    StatsWanted,
};

use super::{Task, Wake};
use crate::hub::{
    frame::Encoded,
    history::History,
    millis,
    timeline::Timeline,
    viewer::{Answer, CAUGHT_UP, Cursor, Offered, Past, Viewer, ViewerId},
};
use crate::store::nano;

impl Task {
    /// Gives a viewer what it is owed, as long as it has room.
    pub(super) fn serve(&mut self, id: ViewerId) {
        let Some(viewer) = self.viewers.get(&id) else {
            return;
        };
        if viewer.behind {
            return;
        }
        while let Some((message, paid)) = self.next_debt(id) {
            let Some(viewer) = self.viewers.get_mut(&id) else {
                return;
            };
            if viewer.offer(&mut Encoded::new(message)) == Offered::NoRoom {
                self.wait_for(vec![id]);
                return;
            }
            match paid {
                Debt::Snapshot => {
                    viewer.owed.snapshot = false;
                    // What it had is void.
                    viewer.owed.stats = true;
                    viewer.owed.info_refused = self.info_refused.is_some();
                }
                Debt::InfoRefused => viewer.owed.info_refused = false,
                Debt::Stats => viewer.owed.stats = false,
                Debt::Answer => {
                    if let Some(Answer::Stored { .. }) = viewer.owed.answers.pop_front() {
                        viewer.reads -= 1;
                    }
                }
                Debt::Entries(cursor) => viewer.events = Some(cursor),
            }
        }
    }

    fn next_debt(&self, id: ViewerId) -> Option<(ServerMsg, Debt)> {
        let viewer = self.viewers.get(&id)?;
        if viewer.owed.snapshot {
            return Some((
                ServerMsg::Snapshot(Box::new(self.snapshot())),
                Debt::Snapshot,
            ));
        }
        if viewer.owed.info_refused {
            let told = ServerMsg::InfoRefused(self.info_refused);
            return Some((told, Debt::InfoRefused));
        }
        if viewer.owed.stats && viewer.greeted {
            return Some((ServerMsg::Stats(self.reset(viewer)), Debt::Stats));
        }
        if let Some(answer) = viewer.owed.answers.front() {
            return Some((self.answer(answer), Debt::Answer));
        }
        let cursor = viewer
            .events
            .filter(|cursor| cursor.next < self.timeline.next())?;
        let (entries, after) = run_of_entries(&self.timeline, cursor);
        let frame = self.timeline.frame(entries, self.oldest_stored());
        Some((ServerMsg::Events(frame), Debt::Entries(after)))
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            epoch: self.timeline.epoch(),
            at_millis: (self.config.clock)(),
            demo: self.config.demo,
            endpoint: self.config.endpoint.clone(),
            daemon: self.daemon.clone(),
            engine: self.engine.clone(),
            containers: self.fleet.iter().map(|one| (**one).clone()).collect(),
            usage: self.usage.clone(),
        }
    }

    fn reset(&self, viewer: &Viewer) -> StatsFrame {
        self.statistics
            .reset((self.config.clock)(), |key| match viewer.interest.stats {
                StatsWanted::None => false,
                StatsWanted::All => true,
                StatsWanted::One(one) => key == one,
            })
    }

    fn answer(&self, answer: &Answer) -> ServerMsg {
        match answer {
            Answer::Refused(refusal) => ServerMsg::Refused(refusal.clone()),
            &Answer::Series { key, points } => {
                ServerMsg::Series(self.histories.get(&key).map_or_else(
                    || History::default().series(key, None),
                    |one| one.series(key, points),
                ))
            }
            &Answer::Kept {
                past,
                before,
                limit,
            } => {
                let entries = self.timeline.before(before, limit);
                // where they went to the disk meanwhile, they are to be asked for again
                let is_all = self.store.is_none();
                let events = self.timeline.frame(entries, self.oldest_stored());
                past_of(past, events, is_all)
            }
            Answer::Stored {
                past,
                entries,
                newest_nano,
            } => {
                let mut events = self.timeline.frame(entries.clone(), self.oldest_stored());
                events.newest_before_millis = newest_nano.map(millis);
                past_of(*past, events, true)
            }
        }
    }

    /// The place of the oldest entry on the disk that a viewer can be given.
    pub(super) fn oldest_stored(&self) -> Option<u64> {
        let store = self.store.as_ref()?;
        store.extent().map(|extent| extent.oldest)
    }

    /// Wakes the hub when these viewers have taken most of what waits for them.
    pub(super) fn wait_for(&self, behind: Vec<ViewerId>) {
        for id in behind {
            if let Some(viewer) = self.viewers.get(&id) {
                let outbox = viewer.outbox.clone();
                self.wakes.push(Box::pin(async move {
                    // An error says that it left, which is told elsewhere.
                    let _ = outbox.reserve_many(CAUGHT_UP).await;
                    Wake::CaughtUp(id)
                }));
            }
        }
    }
}

/// `is_all`: without entries there are none.
fn past_of(past: Past, mut events: EventsFrame, is_all: bool) -> ServerMsg {
    match past {
        Past::Before(seq) => {
            events.before = Some(seq);
            if events.entries.is_empty() && is_all {
                // Let go meanwhile, or not to be read: there is nothing older to ask for.
                events.oldest.seq = seq;
            }
            ServerMsg::Events(events)
        }
        Past::Until(until_millis) => ServerMsg::EventsUntil(PastFrame {
            until_millis,
            events,
        }),
    }
}

enum Debt {
    Snapshot,
    InfoRefused,
    Stats,
    Answer,
    Entries(Cursor),
}

/// What a viewer at `cursor` gets next, and where it is then. What the ring has lost before it got there is told as
/// a gap, which has the place of the last entry lost.
pub(super) fn run_of_entries(timeline: &Timeline, cursor: Cursor) -> (Vec<Entry>, Cursor) {
    let oldest = timeline.oldest();
    let mut entries = timeline.from(cursor.next);
    if cursor.next < oldest {
        let to_nano = entries.first().map(|entry| nano(&entry.item));
        entries.insert(
            0,
            Entry {
                seq: oldest - 1,
                item: Item::Gap(Gap {
                    from_nano: cursor.last_nano,
                    to_nano: to_nano.or(cursor.last_nano).unwrap_or(0),
                    reason: GapReason::ViewerTooSlow,
                }),
            },
        );
    }
    let after = cursor.after(&entries);
    (entries, after)
}
