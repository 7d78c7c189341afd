use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Extent, file::Kept};

/// How it stands with writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Writing,
    /// The last time that something was to be written, it could not be.
    Failing,
    /// What is there is not ours to write to: nothing is kept in this run of the bridge.
    Refused,
}

impl State {
    /// For programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Failing => "failing",
            Self::Refused => "refused",
        }
    }
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

/// What others may know of the store without waiting for the disk.
pub struct Standing(Mutex<Known>);

struct Known {
    /// The place that the next entry has.
    next: u64,
    /// `None` while the file cannot be read.
    extent: Option<Extent>,
    state: State,
    figures: Figures,
}

impl Known {
    fn keep(&mut self, kept: &Kept) {
        self.next = self.next.max(kept.extent.next);
        self.extent = Some(kept.extent);
        self.figures.entries = kept.entries;
        self.figures.bytes = kept.bytes;
        self.figures.file_bytes = kept.file_bytes;
    }
}

impl Standing {
    pub fn new(kept: &Kept) -> Self {
        let mut known = Known {
            next: 1,
            extent: None,
            state: State::Writing,
            figures: Figures::default(),
        };
        known.keep(kept);
        Self(Mutex::new(known))
    }

    pub fn next(&self) -> u64 {
        self.known().next
    }

    pub fn extent(&self) -> Option<Extent> {
        let extent = self.known().extent;
        extent.filter(|extent| extent.oldest < extent.next)
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

    /// `kept`: what can still be read. Gives whether the failure is news.
    pub fn failed(&self, kept: Option<&Kept>) -> bool {
        let mut known = self.known();
        known.figures.failures += 1;
        known.extent = None;
        if let Some(kept) = kept {
            known.keep(kept);
        }
        std::mem::replace(&mut known.state, State::Failing) == State::Writing
    }

    pub fn refuse(&self) {
        self.known().state = State::Refused;
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
