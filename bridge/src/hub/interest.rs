use std::{collections::BTreeSet, time::Duration};

use protocol::{ContainerKey, StatsWanted};
use tokio::time::Instant;

/// What a viewer wanted is read on for so long after it left: a page that is loaded anew finds its streams running.
pub const LINGER: Duration = Duration::from_secs(5);

/// Which statistics somebody wants now, or wanted a moment ago.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub all: bool,
    pub some: BTreeSet<ContainerKey>,
}

impl Wanted {
    pub fn add(&mut self, stats: StatsWanted) {
        match stats {
            StatsWanted::None => {}
            StatsWanted::All => self.all = true,
            StatsWanted::One(key) => {
                self.some.insert(key);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        !self.all && self.some.is_empty()
    }
}

/// Wishes that outlive those who had them, each until its own time.
#[derive(Default)]
pub struct Lingering(Vec<(StatsWanted, Instant)>);

impl Lingering {
    pub fn keep(&mut self, stats: StatsWanted, until: Instant) {
        if stats == StatsWanted::None {
            return;
        }
        self.0.retain(|(kept, _)| *kept != stats);
        self.0.push((stats, until));
    }

    /// When the next one ends.
    pub fn next_end(&self) -> Option<Instant> {
        self.0.iter().map(|&(_, until)| until).min()
    }

    pub fn drop_ended(&mut self, now: Instant) {
        self.0.retain(|&(_, until)| until > now);
    }

    pub fn iter(&self) -> impl Iterator<Item = StatsWanted> {
        self.0.iter().map(|&(stats, _)| stats)
    }
}
