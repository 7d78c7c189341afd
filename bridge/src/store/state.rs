use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Extent, file::Kept};

/// How it stands with writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Writing,
    /// The last time that something was to be written, it could not be.
    Failing,
}

/// For those who watch the bridge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many entries this run has written.
    pub written: u64,
    /// How often it could not.
    pub failures: u64,
    pub entries: u64,
    /// Of the entries and what belongs to them.
    pub bytes: u64,
    pub file_bytes: u64,
}

impl Known {
    fn keep(&mut self, kept: &Kept) {
        self.extent = kept.extent;
        self.figures.entries = kept.entries;
        self.figures.bytes = kept.bytes;
        self.figures.file_bytes = kept.file_bytes;
    }
}

/// What others may know of the store without waiting for the disk.
pub struct Standing(Mutex<Known>);

struct Known {
    extent: Extent,
    state: State,
    figures: Figures,
}

impl Standing {
    pub fn new(kept: &Kept) -> Self {
        let mut known = Known {
            extent: kept.extent,
            state: State::Writing,
            figures: Figures::default(),
        };
        known.keep(kept);
        Self(Mutex::new(known))
    }

    pub fn next(&self) -> u64 {
        self.known().extent.next
    }

    pub fn extent(&self) -> Option<Extent> {
        let known = self.known();
        let readable = known.state == State::Writing && known.extent.oldest < known.extent.next;
        readable.then_some(known.extent)
    }

    pub fn state(&self) -> State {
        self.known().state
    }

    pub fn figures(&self) -> Figures {
        self.known().figures
    }

    pub fn wrote(&self, entries: usize, kept: &Kept) {
        let mut known = self.known();
        if known.state == State::Failing {
            tracing::warn!("the timeline is written again");
        }
        known.state = State::Writing;
        known.figures.written += entries as u64;
        known.keep(kept);
    }

    /// Gives whether that is news.
    pub fn failed(&self) -> bool {
        let mut known = self.known();
        known.figures.failures += 1;
        std::mem::replace(&mut known.state, State::Failing) == State::Writing
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
