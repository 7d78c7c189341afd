use serde::{Deserialize, Serialize};

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub seq: u64,
    pub item: Item,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    Event(Event),
    Gap(Gap),
}

/// One event as the daemon told it; type and action are its own words, known to us or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub time_nano: i64,
    /// `container`, `image`, `volume`, …
    pub kind: String,
    /// `start`, `die`, `exec_create: /bin/true`, …
    pub action: String,
    /// `local` or `swarm`.
    pub scope: String,
    pub actor_id: String,
    /// Sorted by name.
    pub attributes: Vec<(String, String)>,
    /// Something that looks like a credential was replaced.
    pub redacted: bool,
}

impl Event {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A stretch of time in which events may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The last event known before it; `None` where nothing is known before.
    pub from_nano: Option<i64>,
    pub to_nano: i64,
    pub reason: GapReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum GapReason {
    /// The bridge began to listen.
    BridgeStarted,
    /// The daemon was started anew, and with it its memory of events.
    DaemonRestarted,
    /// The stream broke and the daemon's ring of 256 no longer reaches back.
    RingOverrun,
    /// The stream was silent while the daemon hung.
    StreamStalled,
    /// This viewer took its entries too slowly, or was away for too long, and the bridge's ring went past it.
    /// The gap has the place of the last entry that was lost. Another viewer has an entry there.
    ViewerTooSlow,
    /// The daemon sent something that could not be read.
    Unreadable,
    /// The bridge was not running, or had not written down what it saw when it ended, and the daemon no longer knows what
    /// came after the last event that was written down.
    BridgeWasDown,
    /// The disk did not take what was to be kept, for longer than the bridge's ring reaches back.
    NotStored,
}
