//! What is known at one moment, for those who ask once.

use std::sync::Arc;

use protocol::{Away, AwayReason, DaemonState, StatsWanted};
use tokio::time::Instant;

use super::{Task, tell::Sum};
use crate::hub::{
    interest::{Look, USAGE_BEGINS},
    picture::{Extent, Picture, Reading, Visitor},
};

/// How many wait at once; whoever comes then gets what there is.
const MAX_VISITORS: usize = 256;

impl Task {
    pub(super) fn picture(&self) -> Picture {
        Picture {
            epoch: self.timeline.epoch(),
            at_millis: (self.config.clock)(),
            endpoint: self.config.endpoint.clone(),
            demo: self.config.demo,
            daemon: self.daemon.clone(),
            is_current: self.is_current(),
            engine: self.engine.clone(),
            info_refused: self.info_refused,
            containers: self.fleet.iter().cloned().collect(),
            readings: self
                .samples
                .iter()
                .filter_map(|(&key, sampled)| {
                    let reading = Reading {
                        row: *self.statistics.get(key)?,
                        cpu_nanos: sampled.sample.cpu_nanos,
                        sampled_at_millis: sampled.at_millis,
                    };
                    Some((key, reading))
                })
                .collect(),
            sum: match self.sum() {
                Sum::Known(sum) => Some(sum),
                Sum::NotYet | Sum::Lost => None,
            },
            usage: self.usage.clone(),
            timeline: Extent {
                oldest: self.timeline.oldest(),
                next: self.timeline.next(),
            },
            viewers: self.viewers.len(),
        }
    }

    fn is_current(&self) -> bool {
        self.listed && matches!(self.daemon, DaemonState::Live { .. })
    }

    pub(super) fn admit(&mut self, visitor: Visitor) {
        self.visits
            .keep(visitor.look, Instant::now() + visitor.stay);
        self.want();
        if self.visitors.len() < MAX_VISITORS {
            self.visitors.push(visitor);
            self.answer_visitors();
        } else {
            let _ = visitor.answer.send(Arc::new(self.picture()));
        }
    }

    /// Answers all who waited long enough, or for what is known now. They share one picture.
    pub(super) fn answer_visitors(&mut self) {
        if self.visitors.is_empty() {
            return;
        }
        let now = Instant::now();
        let mut picture = None;
        for visitor in std::mem::take(&mut self.visitors) {
            if visitor.answer.is_closed() {
                continue;
            }
            if visitor.until <= now || self.is_known(visitor.look, now) {
                let picture = picture.get_or_insert_with(|| Arc::new(self.picture()));
                // It may have gone.
                let _ = visitor.answer.send(picture.clone());
            } else {
                self.visitors.push(visitor);
            }
        }
    }

    /// When somebody who waits gets an answer though nothing is learnt.
    pub(super) fn next_visitor_due(&self) -> Option<Instant> {
        let begins = |visitor: &Visitor| {
            let begins = self.usage_since.filter(|_| visitor.look.usage)? + USAGE_BEGINS;
            (begins > Instant::now()).then_some(begins)
        };
        self.visitors
            .iter()
            .map(|visitor| {
                begins(visitor).map_or(visitor.until, |begins| begins.min(visitor.until))
            })
            .min()
    }

    /// Whether there is nothing more to wait for.
    fn is_known(&self, look: Look, now: Instant) -> bool {
        match &self.daemon {
            // it may answer any moment
            DaemonState::Away(Away {
                reason: AwayReason::Starting,
                retry_at_millis: None,
                ..
            }) => return false,
            DaemonState::Away(_) => return true,
            DaemonState::Connecting | DaemonState::Live { .. } => {}
        }
        self.is_current() && self.has_stats(look.stats) && (!look.usage || self.has_usage(now))
    }

    fn has_stats(&self, stats: StatsWanted) -> bool {
        match stats {
            StatsWanted::None => true,
            StatsWanted::All => matches!(self.sum(), Sum::Known(_)),
            StatsWanted::One(key) => {
                let has_some = self.fleet.get(key).map(|one| one.state.has_processes());
                has_some != Some(true) || self.samples.contains_key(&key)
            }
        }
    }

    /// It is fresh, or the engine's side does not read it now though it knows that it is wanted.
    fn has_usage(&self, now: Instant) -> bool {
        if self.usage.reading_since_millis.is_some() {
            return false;
        }
        let fresh = self.usage.last.is_some() && !self.usage.stale && self.usage.failure.is_none();
        fresh
            || self
                .usage_since
                .is_some_and(|since| now >= since + USAGE_BEGINS)
    }
}
