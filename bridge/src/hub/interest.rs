use std::{collections::BTreeSet, time::Duration};

use protocol::{ContainerKey, StatsWanted};
use tokio::time::Instant;

/// What a viewer wanted is read on for so long after it left: a page that is loaded anew finds its streams running.
pub const LINGER: Duration = Duration::from_secs(5);
/// One who asks once is taken for a viewer for so long: whoever asks again in that time finds the streams running.
pub const VISIT: Duration = Duration::from_secs(10);
/// The engine's side begins a reading of the disk usage well within this time, if one is due.
pub const USAGE_BEGINS: Duration = Duration::from_millis(500);

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

/// What one looks at who asks once and leaves no socket open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    pub stats: StatsWanted,
    /// The disk usage: it may be read again when something changed.
    pub usage: bool,
}

/// Wishes that outlive those who had them, each until its own time.
#[derive(Default)]
pub struct Lingering(Vec<(Look, Instant)>);

impl Lingering {
    /// One that is kept for longer already stays so.
    pub fn keep(&mut self, look: Look, until: Instant) {
        match self.0.iter_mut().find(|(kept, _)| *kept == look) {
            Some((_, end)) => *end = until.max(*end),
            None => self.0.push((look, until)),
        }
    }

    pub fn keep_stats(&mut self, stats: StatsWanted, until: Instant) {
        if stats != StatsWanted::None {
            let look = Look {
                stats,
                usage: false,
            };
            self.keep(look, until);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When the next one ends.
    pub fn next_end(&self) -> Option<Instant> {
        self.0.iter().map(|&(_, until)| until).min()
    }

    pub fn drop_ended(&mut self, now: Instant) {
        self.0.retain(|&(_, until)| until > now);
    }

    pub fn iter(&self) -> impl Iterator<Item = Look> {
        self.0.iter().map(|&(look, _)| look)
    }
}
