use serde::{Deserialize, Serialize};

use crate::{
    Container, ContainerKey, DaemonState, EngineInfo, Entry, HistogramWanted, Position,
    SeriesFrame, StatsFrame, UsageState,
};

// One message is at hand at a time, and statistics are the most frequent: a box would cost more than it saves.
#[expect(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerMsg {
    /// Frozen: always first, always this shape.
    Hello(Hello),
    /// All that is known; replaces whatever the viewer had but its timeline, which goes on while the epoch is the same.
    /// Statistics begin anew after it. A viewer that fell behind gets another one.
    Snapshot(Box<Snapshot>),
    Daemon(DaemonState),
    Engine(Box<EngineInfo>),
    Fleet(FleetDelta),
    Stats(StatsFrame),
    Series(SeriesFrame),
    Events(EventsFrame),
    Usage(UsageState),
    /// Something the client sent was refused; the socket stays open.
    Refused(Refusal),
    /// The status with which `/info` is refused: of the engine only the versions are known. `None`: it is not, or no longer.
    /// It follows a snapshot only where it is.
    InfoRefused(Option<u16>),
    EventsUntil(PastFrame),
    Histogram(HistogramFrame),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    pub protocol: u32,
    pub build: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// This run of the bridge. A viewer that remembers another one has nothing to resume from.
    pub epoch: u64,
    pub at_millis: u64,
    /// The bridge serves its own made-up engine.
    pub demo: bool,
    /// Where the daemon is reached, as the docker command would write it.
    pub endpoint: String,
    pub daemon: DaemonState,
    pub engine: Option<Box<EngineInfo>>,
    pub containers: Vec<Container>,
    pub usage: UsageState,
}

/// Only what changed: whole containers that are new or different, keys of those that are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetDelta {
    pub changed: Vec<Container>,
    pub gone: Vec<ContainerKey>,
}

/// A run of timeline entries in order, oldest first; `seq` has no holes within one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsFrame {
    pub epoch: u64,
    pub entries: Vec<Entry>,
    /// The oldest entry that the bridge can still give.
    pub oldest: Position,
    /// Not news, but the answer to [`crate::ClientMsg::EventsBefore`] for this place.
    pub before: Option<u64>,
    /// The newest time of all that was before the first of these; `None`: of none is known. Where the daemon's clock was set
    /// back it is later than theirs, and only this says whether there is something of a time further back.
    pub newest_before_millis: Option<u64>,
}

/// The newest entries that there were at a time: the answer to [`crate::ClientMsg::EventsUntil`]. Without entries there
/// were none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastFrame {
    pub until_millis: u64,
    pub events: EventsFrame,
}

/// How many events there were when: the answer to [`crate::ClientMsg::Histogram`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistogramFrame {
    pub wanted: HistogramWanted,
    /// Where the first bar begins; no earlier than the oldest entry's bar.
    pub from_millis: u64,
    pub step_millis: u64,
    /// By class, in the order of the crate `timeline`.
    pub bars: Vec<[u32; 6]>,
    /// Stretches in which events may be missing; no beginning: from before anything is known. Those that share a bar are one.
    pub gaps: Vec<(Option<u64>, u64)>,
    /// The last entry that was looked at; what comes after it is not counted.
    pub last: Position,
}

/// Why a message of the client was refused: a code with its data, the page has the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// It could not be decoded; the decoder's reason.
    Malformed(String),
    UnknownContainer(ContainerKey),
    /// More was asked for at once than the bridge gives.
    TooMuch {
        limit: u32,
    },
    /// What was asked for could not be counted.
    NotCounted(HistogramWanted),
}
