//! What all viewers are told when it changes.

use std::{collections::BTreeMap, time::Duration};

use protocol::{ContainerKey, DaemonState, ServerMsg, StatsFrame, StatsWanted};
use tokio::time::Instant;

use super::{GATHER, REST, Task, owe::run_of_entries, replace};
use crate::hub::{
    frame::Encoded,
    statistics::{self, Network, Row},
    viewer::{Cursor, Offered},
};

/// After so long the sum no longer waits for containers that give no figures.
const SUM_PATIENCE: Duration = Duration::from_secs(5);

impl Task {
    /// Tells everybody what the last batch changed.
    pub(super) fn tell_news(&mut self) {
        let news = std::mem::take(&mut self.news);
        if news.daemon {
            self.tell(ServerMsg::Daemon(self.daemon.clone()));
        }
        if news.engine
            && let Some(engine) = &self.engine
        {
            self.tell(ServerMsg::Engine(engine.clone()));
        }
        if news.info_refused {
            self.tell(ServerMsg::InfoRefused(self.info_refused));
        }
        if let Some(delta) = self.fleet.take_delta() {
            self.tell(ServerMsg::Fleet(delta));
        }
        if news.usage {
            self.tell(ServerMsg::Usage(self.usage.clone()));
        }
        if self.entries_due.is_none() && *self.next_place.borrow() < self.timeline.next() {
            let gathered = Instant::now() + GATHER;
            let rested = self.entries_told.map(|told| told + REST);
            self.entries_due = Some(rested.map_or(gathered, |rested| rested.max(gathered)));
        }
    }

    fn tell(&mut self, message: ServerMsg) {
        let mut message = Encoded::new(message);
        let mut behind = Vec::new();
        for (&id, viewer) in self.viewers.iter_mut().filter(|(_, one)| one.greeted) {
            let was_behind = viewer.behind;
            if viewer.offer(&mut message) == Offered::NoRoom {
                viewer.owed.snapshot = true;
                if !was_behind {
                    behind.push(id);
                }
            }
        }
        self.wait_for(behind);
    }

    /// Gives new entries to all who follow the timeline and have all before them.
    pub(super) fn tell_entries(&mut self) {
        self.entries_due = None;
        let next = self.timeline.next();
        self.entries_told = Some(Instant::now());
        self.next_place
            .send_if_modified(|known| replace(known, next));
        let stored = self.oldest_stored();
        // Those who are at the same place get the same frame.
        let mut shared: BTreeMap<Cursor, (Encoded, Cursor)> = BTreeMap::new();
        let mut behind = Vec::new();
        for (&id, viewer) in &mut self.viewers {
            while let Some(cursor) = viewer.events
                && !viewer.behind
                && cursor.next < next
            {
                let (message, after) = shared.entry(cursor).or_insert_with(|| {
                    let (entries, after) = run_of_entries(&self.timeline, cursor);
                    let frame = self.timeline.frame(entries, stored);
                    (Encoded::new(ServerMsg::Events(frame)), after)
                });
                let after = *after;
                if viewer.offer(message) == Offered::Taken {
                    viewer.events = Some(after);
                } else {
                    behind.push(id);
                }
            }
        }
        self.wait_for(behind);
    }

    pub(super) fn tick(&mut self) {
        let now = (self.config.clock)();
        let sampled = std::mem::take(&mut self.sampled);
        self.add_up(now, sampled);
        let frame = self.statistics.tick(now);
        // An empty frame after samples is a sign of life: figures that stay the same have not stopped coming.
        if statistics::is_empty(&frame) && !sampled {
            return;
        }
        let life = StatsFrame {
            at_millis: now,
            ..StatsFrame::default()
        };
        let mut parts: BTreeMap<ContainerKey, Option<Encoded>> = BTreeMap::new();
        let encode = |frame| Encoded::new(ServerMsg::Stats(frame));
        let mut behind = Vec::new();
        for (&id, viewer) in &mut self.viewers {
            let was_behind = viewer.behind;
            let part = match viewer.interest.stats {
                StatsWanted::None => &mut None,
                // The sum's key stands for the whole frame here.
                StatsWanted::All => parts
                    .entry(ContainerKey::SUM)
                    .or_insert_with(|| Some(encode(frame.clone()))),
                StatsWanted::One(key) => parts.entry(key).or_insert_with(|| {
                    statistics::only(&frame, key)
                        .or_else(|| sampled.then(|| life.clone()))
                        .map(encode)
                }),
            };
            let Some(part) = part else { continue };
            if viewer.offer_stats(part) == Offered::NoRoom {
                viewer.owed.stats = true;
                if !was_behind {
                    behind.push(id);
                }
            }
        }
        self.wait_for(behind);
    }

    fn add_up(&mut self, now: u64, sampled: bool) {
        match self.sum() {
            Sum::Known(sum) => {
                self.statistics.set(ContainerKey::SUM, sum);
                // A daemon that says nothing leaves a hole, not a flat line.
                if sampled || self.samples.is_empty() {
                    self.histories
                        .entry(ContainerKey::SUM)
                        .or_default()
                        .push(now, &sum);
                }
            }
            Sum::NotYet => {}
            Sum::Lost => self.statistics.lose(ContainerKey::SUM),
        }
    }

    /// The sum of all: known only while all are read, and once each had the time to give a figure.
    pub(super) fn sum(&self) -> Sum {
        let Some(since) = self.all_since else {
            return Sum::NotYet;
        };
        let running = || self.fleet.iter().filter(|one| one.state.has_processes());
        if self.samples.is_empty() {
            let idle =
                matches!(self.daemon, DaemonState::Live { .. }) && running().next().is_none();
            if !idle {
                return Sum::Lost;
            }
        }
        let complete = running().all(|one| self.samples.contains_key(&one.key));
        if !complete && since.elapsed() < SUM_PATIENCE {
            return Sum::NotYet;
        }
        Sum::Known(statistics::sum(self.samples.iter().map(
            |(&key, sampled)| {
                let borrowed = self
                    .fleet
                    .get(key)
                    .is_some_and(|one| one.network_mode.starts_with("container:"));
                let network = if borrowed {
                    Network::Borrowed
                } else {
                    Network::Own
                };
                (&sampled.sample, network)
            },
        )))
    }
}

pub(super) enum Sum {
    Known(Row),
    /// Some have not given a figure yet; what was told before stands.
    NotYet,
    /// No container gives any.
    Lost,
}
