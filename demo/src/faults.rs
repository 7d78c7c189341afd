//! Bad days on request: what a test can make the engine do wrong. All off at first.
//!
//! A path is always meant without the version, and every path that begins so.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

#[derive(Debug)]
pub struct Faults {
    hung: watch::Sender<bool>,
    set: Mutex<Set>,
}

#[derive(Debug, Default)]
struct Set {
    once: Once,
    stream_life: Option<Duration>,
    usage_takes: Option<Duration>,
    resets: bool,
    forbidden: Vec<String>,
    mangled: Vec<(String, Mangled)>,
    endless: Vec<(String, Endless)>,
    strange_state: Option<Arc<str>>,
}

/// What happens once to all that is open at that moment.
#[derive(Debug, Default)]
struct Once {
    cut: CancellationToken,
    tear: CancellationToken,
    reset: CancellationToken,
}

/// How JSON is spoilt: whole answers, and each line of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mangled {
    /// Every list that is a field becomes null, as Go writes a list that was never made.
    NullLists,
    /// Every number becomes a text.
    NumbersAsText,
    /// Every value becomes one of another type.
    OtherTypes,
    /// The first item of the answer's first list is of another type altogether; lines stay as they are.
    OddItem,
}

/// An answer that never comes to its end, as fast as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endless {
    /// One line.
    Line,
    /// A list of items, each in a line of its own.
    Body,
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

    /// Cuts every open stream between two of its pieces. Streams that open later are whole.
    pub fn cut(&self) {
        let cut = std::mem::take(&mut self.set().once.cut);
        cut.cancel();
    }

    /// Ends every open connection in the middle of the next piece that it writes: of a chunk, of a line, of a head.
    pub fn tear(&self) {
        let tear = std::mem::take(&mut self.set().once.tear);
        tear.cancel();
    }

    /// Resets every open connection, on TCP by a RST.
    pub fn reset(&self) {
        let reset = std::mem::take(&mut self.set().once.reset);
        reset.cancel();
    }

    /// Resets every new connection as soon as its request is there, until it is taken back.
    pub fn reset_new(&self, resets: bool) {
        self.set().resets = resets;
    }

    /// Cuts every stream that opens from now on after this time, as impatient proxies do.
    pub fn limit_streams(&self, life: Option<Duration>) {
        self.set().stream_life = life;
    }

    /// How long a reading of the disk usage takes, instead of what the options say.
    pub fn usage_takes(&self, takes: Option<Duration>) {
        self.set().usage_takes = takes;
    }

    /// Refused with 403.
    pub fn forbid(&self, path: &str) {
        self.set().forbidden.push(path.to_owned());
    }

    pub fn mangle(&self, path: &str, how: Mangled) {
        self.set().mangled.push((path.to_owned(), how));
    }

    pub fn endless(&self, path: &str, what: Endless) {
        self.set().endless.push((path.to_owned(), what));
    }

    /// Containers that ended are listed with this word for their state.
    pub fn strange_state(&self, word: Option<&str>) {
        self.set().strange_state = word.map(Arc::from);
    }

    /// Takes all back.
    pub fn clear(&self) {
        self.hang(false);
        let mut set = self.set();
        let once = std::mem::take(&mut set.once);
        *set = Set {
            once,
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
        self.set().once.cut.child_token()
    }

    /// Cancelled when the connection that asks is to be torn.
    pub(crate) fn tearer(&self) -> CancellationToken {
        self.set().once.tear.child_token()
    }

    /// Cancelled when the connection that asks is to be reset.
    pub(crate) fn resetter(&self) -> CancellationToken {
        self.set().once.reset.child_token()
    }

    pub(crate) fn resets_new(&self) -> bool {
        self.set().resets
    }

    pub(crate) fn stream_life(&self) -> Option<Duration> {
        self.set().stream_life
    }

    pub(crate) fn slow_usage(&self) -> Option<Duration> {
        self.set().usage_takes
    }

    pub(crate) fn forbids(&self, path: &str) -> bool {
        let set = self.set();
        set.forbidden.iter().any(|prefix| path.starts_with(prefix))
    }

    pub(crate) fn mangles(&self, path: &str) -> Option<Mangled> {
        of_path(&self.set().mangled, path)
    }

    pub(crate) fn runs_on(&self, path: &str) -> Option<Endless> {
        of_path(&self.set().endless, path)
    }

    pub(crate) fn state_word(&self) -> Option<Arc<str>> {
        self.set().strange_state.clone()
    }

    fn set(&self) -> MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was asked for last counts.
fn of_path<T: Copy>(faults: &[(String, T)], path: &str) -> Option<T> {
    let mut fitting = faults.iter().rev();
    fitting
        .find(|(prefix, _)| path.starts_with(prefix))
        .map(|(_, what)| *what)
}
