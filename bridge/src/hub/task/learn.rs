//! What the engine's side tells.

use protocol::{ContainerKey, DaemonState, Item};
use tokio::time::Instant;

use super::{Sampled, Task, replace};
use crate::{
    engine::{Sample, Update},
    hub::statistics::Row,
};

/// A daemon's clock that is no further off than this is taken for ours.
const SAME_CLOCK_MILLIS: u64 = 5_000;

impl Task {
    pub(super) fn apply(&mut self, update: Update) {
        match update {
            Update::Daemon(state) => {
                if matches!(state, DaemonState::Live { .. }) {
                    self.listed = false;
                    // all streams begin anew, and the sum waits for all of them again
                    self.all_since = self.all_since.map(|_| Instant::now());
                }
                self.news.daemon |= replace(&mut self.daemon, state);
            }
            Update::Engine(engine) => {
                self.news.engine |= replace(&mut self.engine, Some(engine));
            }
            Update::InfoRefused(status) => {
                self.news.info_refused |= replace(&mut self.info_refused, status);
            }
            Update::Usage(usage) => {
                self.news.usage |= replace(&mut self.usage, usage);
            }
            Update::Listed(containers) => {
                self.fleet.list(containers);
                self.listed = true;
                self.forget_gone();
            }
            Update::Changed(container) => self.fleet.put(*container),
            Update::Gone(id) => {
                self.fleet.remove(&id);
                self.forget_gone();
            }
            Update::Event(event) => self.timeline.push(&Item::Event(event)),
            Update::Gap(gap) => self.timeline.push(&Item::Gap(gap)),
            Update::Sample(id, sample) => {
                if let Some(key) = self.fleet.key(&id) {
                    self.sample(key, sample);
                }
            }
            Update::SampleLost(id) => {
                if let Some(key) = self.fleet.key(&id) {
                    self.lose(key);
                }
            }
        }
    }

    fn sample(&mut self, key: ContainerKey, sample: Sample) {
        // One that was under way when its container stopped being wanted says nothing that lasts.
        if !self.wanted.all && !self.wanted.some.contains(&key) {
            return;
        }
        let row = Row::of(&sample);
        let now = (self.config.clock)();
        let history = self.histories.entry(key).or_default();
        let at_millis = sampled_at(&sample, now, history.last_millis());
        history.push(at_millis, &row);
        self.statistics.set(key, row);
        self.samples.insert(key, Sampled { sample, at_millis });
        self.sampled = true;
    }

    fn lose(&mut self, key: ContainerKey) {
        self.samples.remove(&key);
        self.statistics.lose(key);
        if let Some(history) = self.histories.get_mut(&key) {
            history.break_off();
        }
    }

    fn forget_gone(&mut self) {
        let fleet = &self.fleet;
        self.samples.retain(|&key, _| fleet.get(key).is_some());
        self.histories
            .retain(|&key, _| key == ContainerKey::SUM || fleet.get(key).is_some());
        self.statistics
            .retain(|key| key == ContainerKey::SUM || fleet.get(key).is_some());
    }
}

/// The daemon's time of a sample, on our clock: its own where the two agree and it goes forward, else its arrival.
fn sampled_at(sample: &Sample, now: u64, last: Option<u64>) -> u64 {
    let read_at = sample.read_at_millis;
    let goes_forward = last.is_none_or(|last| read_at > last);
    if read_at.abs_diff(now) <= SAME_CLOCK_MILLIS && goes_forward {
        read_at
    } else {
        now
    }
}
