//! Bad days on request: what a test can make the engine do wrong. All off at first.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
    stream_life: Option<Duration>,
    usage_takes: Option<Duration>,
    forbidden: Vec<String>,
    mangled: Option<Mangled>,
    endless_line: Vec<String>,
    strange_state: Option<&'static str>,
}

/// How plain JSON answers are spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mangled {
    /// Every list that is a field becomes null, as Go writes a list that was never made.
    NullLists,
    /// Every number becomes a text.
    NumbersAsText,
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

    /// Cuts every stream that opens from now on after this time, as impatient proxies do.
    pub fn limit_streams(&self, life: Option<Duration>) {
        self.set().stream_life = life;
    }

    /// How long a reading of the disk usage takes, instead of what the options say.
    pub fn usage_takes(&self, takes: Option<Duration>) {
        self.set().usage_takes = takes;
    }

    /// Paths (without the version) that begin so are refused with 403.
    pub fn forbid(&self, prefix: &str) {
        self.set().forbidden.push(prefix.to_owned());
    }

    pub fn mangle(&self, how: Option<Mangled>) {
        self.set().mangled = how;
    }

    /// Answers to paths that begin so are one line without an end.
    pub fn endless_line(&self, prefix: &str) {
        self.set().endless_line.push(prefix.to_owned());
    }

    /// Containers that ended are listed with this word for their state.
    pub fn strange_state(&self, word: Option<&'static str>) {
        self.set().strange_state = word;
    }

    /// Takes all back.
    pub fn clear(&self) {
        self.hang(false);
        let mut set = self.set();
        let cut = std::mem::take(&mut set.cut);
        *set = Set {
            cut,
            ..Set::default()
        };
    }

    pub(crate) async fn while_hung(&self) {
        let mut hung = self.hung.subscribe();
        // It cannot fail: the sender lives as long as `self`.
        drop(hung.wait_for(|hung| !hung).await);
    }

    /// Cancelled when the stream that asks is to be cut.
    pub(crate) fn cutter(&self) -> CancellationToken {
        self.set().cut.child_token()
    }

    pub(crate) fn stream_life(&self) -> Option<Duration> {
        self.set().stream_life
    }

    pub(crate) fn slow_usage(&self) -> Option<Duration> {
        self.set().usage_takes
    }

    pub(crate) fn forbids(&self, path: &str) -> bool {
        begins(&self.set().forbidden, path)
    }

    pub(crate) fn mangles(&self) -> Option<Mangled> {
        self.set().mangled
    }

    pub(crate) fn runs_on(&self, path: &str) -> bool {
        begins(&self.set().endless_line, path)
    }

    pub(crate) fn state_word(&self) -> Option<&'static str> {
        self.set().strange_state
    }

    fn set(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn begins(prefixes: &[String], path: &str) -> bool {
    prefixes.iter().any(|prefix| path.starts_with(prefix))
}
