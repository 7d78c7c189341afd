//! Bad days on request: what a test can make the engine do wrong. All off at first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

#[derive(Debug)]
pub struct Faults {
    hung: watch::Sender<bool>,
    set: Mutex<Set>,
}

#[derive(Debug, Default)]
struct Set {
    cut: CancellationToken,
    forbidden: Vec<String>,
    null_lists: bool,
    endless_line: Vec<String>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            hung: watch::Sender::new(false),
            set: Mutex::new(Set::default()),
        }
    }
}

impl Faults {
    /// Like a daemon stopped by a signal: connections open, but not a byte comes, until it is taken back.
    pub fn hang(&self, hung: bool) {
        self.hung.send_replace(hung);
    }

    /// Cuts every open stream in the middle of its body. Streams that open later are whole.
    pub fn cut(&self) {
        let cut = std::mem::take(&mut self.set().cut);
        cut.cancel();
    }

    /// Paths (without the version) that begin so are refused with 403.
    pub fn forbid(&self, prefix: &str) {
        self.set().forbidden.push(prefix.to_owned());
    }

    /// Every list that Go could leave out becomes null.
    pub fn null_lists(&self, on: bool) {
        self.set().null_lists = on;
    }

    /// Streams under paths that begin so send one line without an end.
    pub fn endless_line(&self, prefix: &str) {
        self.set().endless_line.push(prefix.to_owned());
    }

    /// Takes all back.
    pub fn clear(&self) {
        self.hang(false);
        let mut set = self.set();
        set.forbidden.clear();
        set.endless_line.clear();
        set.null_lists = false;
    }

    pub(crate) async fn while_hung(&self) {
        let mut hung = self.hung.subscribe();
        // The sender lives as long as `self`.
        drop(hung.wait_for(|hung| !hung).await);
    }

    pub(crate) fn cutter(&self) -> CancellationToken {
        self.set().cut.clone()
    }

    pub(crate) fn forbids(&self, path: &str) -> bool {
        self.set()
            .forbidden
            .iter()
            .any(|prefix| path.starts_with(prefix))
    }

    pub(crate) fn nulls_lists(&self) -> bool {
        self.set().null_lists
    }

    pub(crate) fn runs_on(&self, path: &str) -> bool {
        self.set()
            .endless_line
            .iter()
            .any(|prefix| path.starts_with(prefix))
    }

    fn set(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
