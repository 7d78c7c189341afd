//! What viewers say, and what is wanted of the engine's side because of it.

use std::sync::Arc;

use protocol::{
    ClientMsg, ContainerKey, Entry, EventsWanted, Gap, GapReason, Interest, Item, Refusal,
    StatsWanted,
};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::{TICK, Task, Wake, owe::run_of_entries, replace};
use crate::{
    engine::{Demand, StatsDemand},
    hub::{
        Command, PAGE, Reach, Run, end_nano,
        interest::{LINGER, Wanted},
        viewer::{Answer, Cursor, MAX_READS, Past, Viewer, ViewerId},
    },
    store::{Bounds, nano},
};

impl Task {
    pub(super) fn obey(&mut self, command: Command) {
        match command {
            Command::Attach {
                id,
                encoding,
                outbox,
            } => {
                let end = outbox.clone();
                self.wakes.push(Box::pin(async move {
                    end.closed().await;
                    Wake::Left(id)
                }));
                self.viewers.insert(id, Viewer::new(encoding, outbox));
            }
            Command::Say(id, message) => {
                self.hear(id, message);
                self.serve(id);
            }
            Command::Daemon(answer) => {
                // Whoever asked may have gone.
                let _ = answer.send(self.daemon.clone());
            }
            Command::Picture(answer) => {
                let _ = answer.send(Arc::new(self.picture()));
            }
            Command::Look(visitor) => self.admit(visitor),
            Command::Read(cursor, answer) => {
                let (entries, after) = run_of_entries(&self.timeline, cursor);
                let epoch = self.timeline.epoch();
                let _ = answer.send((Run { epoch, entries }, after));
            }
            Command::Reach(nano, answer) => {
                let _ = answer.send(Reach {
                    last: self.timeline.last_until(nano),
                    newest: self.timeline.next() - 1,
                    earliest_nano: self.timeline.earliest_nano(),
                });
            }
        }
    }

    fn hear(&mut self, id: ViewerId, message: ClientMsg) {
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return;
        };
        match message {
            ClientMsg::Interest(interest) => self.look_at(id, interest),
            ClientMsg::Series(wanted) => {
                for key in wanted.keys {
                    let known = key == ContainerKey::SUM || self.fleet.get(key).is_some();
                    viewer.ask(if known {
                        Answer::Series {
                            key,
                            points: wanted.points,
                        }
                    } else {
                        Answer::Refused(Refusal::UnknownContainer(key))
                    });
                }
            }
            ClientMsg::EventsBefore { seq, limit } => {
                self.look_back(id, Past::Before(seq), seq, limit);
            }
            ClientMsg::EventsUntil {
                until_millis,
                limit,
            } => {
                let last = self.timeline.last_until(end_nano(until_millis));
                // the one after may be a gap that began before
                let before = last.map_or(self.timeline.oldest(), |last| last + 2);
                self.look_back(id, Past::Until(until_millis), before, limit);
            }
            // The session answers it, beside the hub.
            ClientMsg::Histogram(_) => {}
        }
    }

    /// The entries before the place `before`. What is no longer in memory is read from the disk, while the hub does
    /// other things.
    fn look_back(&mut self, id: ViewerId, past: Past, before: u64, limit: u32) {
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return;
        };
        let oldest = self.timeline.oldest();
        let store = self.store.as_ref().filter(|store| {
            before <= oldest && store.extent().is_some_and(|extent| extent.oldest < before)
        });
        let Some(store) = store.cloned() else {
            viewer.ask(Answer::Kept {
                past,
                before,
                limit,
            });
            return;
        };
        if viewer.reads == MAX_READS {
            viewer.ask(Answer::Refused(Refusal::TooMuch {
                limit: MAX_READS as u32,
            }));
            return;
        }
        viewer.reads += 1;
        let page = Bounds {
            entries: PAGE.entries.min(limit as usize),
            ..PAGE
        };
        self.wakes.push(Box::pin(async move {
            let entries = match past {
                Past::Before(seq) => store.before(seq, page).await,
                Past::Until(millis) => store.until(end_nano(millis), page).await,
            };
            let newest_nano = match entries.first() {
                Some(first) => store.newest_before(first.seq).await,
                None => None,
            };
            Wake::Read(id, past, entries, newest_nano)
        }));
    }

    /// What the disk did not take before the ring lost it lies between the two, and has no entry of its own yet.
    fn lost_before(&self, seq: u64, stored: &[Entry]) -> Option<Entry> {
        let last = stored.last().filter(|last| last.seq + 1 < seq)?;
        let after = self.store.as_ref()?.extent()?.next;
        let first = self.timeline.from(seq).into_iter().next();
        let first = first.filter(|first| first.seq == seq && seq > after)?;
        let from_nano = nano(&last.item);
        Some(Entry {
            seq: seq - 1,
            item: Item::Gap(Gap {
                from_nano: Some(from_nano),
                to_nano: nano(&first.item).max(from_nano),
                reason: GapReason::NotStored,
            }),
        })
    }

    /// The same, where these are the last on the disk.
    fn lost_after(&self, stored: &[Entry]) -> Option<Entry> {
        let last = stored.last()?;
        let is_last = self.store.as_ref()?.extent()?.next == last.seq + 1;
        is_last
            .then(|| self.lost_before(self.timeline.oldest(), stored))
            .flatten()
    }

    fn look_at(&mut self, id: ViewerId, mut interest: Interest) {
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return;
        };
        if !viewer.greeted {
            viewer.greeted = true;
            viewer.owed.snapshot = true;
        }
        if let StatsWanted::One(key) = interest.stats
            && self.fleet.get(key).is_none()
        {
            viewer.ask(Answer::Refused(Refusal::UnknownContainer(key)));
            interest.stats = StatsWanted::None;
        }
        let before = std::mem::replace(&mut viewer.interest, interest);
        if viewer.interest.stats != before.stats {
            viewer.owed.stats = true;
            self.lingering
                .keep_stats(before.stats, Instant::now() + LINGER);
        }
        match viewer.interest.events {
            EventsWanted::None => viewer.events = None,
            // One that is live already goes on where it is.
            EventsWanted::Live { recent, after } => {
                viewer
                    .events
                    .get_or_insert_with(|| Cursor::resume(after, recent, &self.timeline));
            }
        }
        self.want();
    }

    pub(super) fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Left(id) => {
                if let Some(viewer) = self.viewers.remove(&id) {
                    self.lingering
                        .keep_stats(viewer.interest.stats, Instant::now() + LINGER);
                    self.want();
                }
            }
            Wake::Read(id, past, mut entries, newest_nano) => {
                let lost = match past {
                    Past::Before(seq) => self.lost_before(seq, &entries),
                    Past::Until(_) => self.lost_after(&entries),
                };
                entries.extend(lost);
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    // not more of them than readings
                    let answer = Answer::Stored {
                        past,
                        entries,
                        newest_nano,
                    };
                    viewer.owed.answers.push_back(answer);
                    self.serve(id);
                }
            }
            Wake::CaughtUp(id) => {
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.behind = false;
                    self.serve(id);
                }
            }
        }
    }

    /// Works out anew what is wanted, and tells the engine's side if that changed.
    pub(super) fn want(&mut self) {
        let mut wanted = Wanted::default();
        for viewer in self.viewers.values() {
            wanted.add(viewer.interest.stats);
        }
        for look in self.lingering.iter().chain(self.visits.iter()) {
            wanted.add(look.stats);
        }
        let usage = self.viewers.values().any(|viewer| viewer.interest.usage)
            || self.visits.iter().any(|look| look.usage);
        self.usage_since = usage.then(|| self.usage_since.unwrap_or_else(Instant::now));
        if wanted != self.wanted {
            self.want_stats(wanted);
        }
        let stats = if self.wanted.all {
            StatsDemand::All
        } else if self.wanted.is_empty() {
            StatsDemand::None
        } else {
            let ids = self
                .wanted
                .some
                .iter()
                .filter_map(|&key| self.fleet.get(key));
            StatsDemand::Some(ids.map(|one| one.id.as_str().into()).collect())
        };
        let demand = Demand {
            watched: !self.viewers.is_empty() || !self.visits.is_empty(),
            stats,
            usage,
        };
        self.demand.send_if_modified(|known| replace(known, demand));
    }

    fn want_stats(&mut self, wanted: Wanted) {
        self.all_since = match (wanted.all, self.all_since) {
            (true, Some(since)) => Some(since),
            (true, None) => Some(Instant::now()),
            (false, _) => None,
        };
        let unwanted = |key: &ContainerKey| !wanted.all && !wanted.some.contains(key);
        for (_, history) in self.histories.iter_mut().filter(|(key, _)| unwanted(key)) {
            history.break_off();
        }
        self.samples.retain(|key, _| !unwanted(key));
        self.statistics.retain(|key| !unwanted(&key));
        if wanted.is_empty() {
            self.statistics.clear();
            self.ticks = None;
        } else if self.ticks.is_none() {
            let mut ticks = interval(TICK);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            self.ticks = Some(ticks);
        }
        self.wanted = wanted;
    }
}
