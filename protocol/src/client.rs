use serde::{Deserialize, Serialize};

use crate::ContainerKey;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientMsg {
    /// What the viewer looks at, whole, each time it changes.
    /// The first one is answered with a [`crate::Snapshot`].
    Interest(Interest),
    /// Asks for the past of some series, answered by one [`crate::SeriesFrame`] for each.
    Series(SeriesWanted),
    /// Asks for older entries of the timeline, answered by one [`crate::EventsFrame`] that ends before `seq`.
    EventsBefore { seq: u64, limit: u32 },
    /// Asks for the newest entries that there were at a time, answered by one [`crate::PastFrame`]. What is before them
    /// is asked for by their place.
    EventsUntil { until_millis: u64, limit: u32 },
    /// Asks when how much happened, answered by one [`crate::HistogramFrame`]. The question before it, if it is not
    /// answered yet, is void.
    Histogram(HistogramWanted),
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistogramWanted {
    /// Events that pass it are counted; as the filter's own text has it, of [`crate::MAX_FILTER_BYTES`] at most.
    pub filter: String,
    /// `None`: from the oldest entry that the bridge has.
    pub since_millis: Option<u64>,
    /// `None`: up to now.
    pub until_millis: Option<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    pub stats: StatsWanted,
    pub events: EventsWanted,
    /// The disk usage is on screen: it may be read again when something changed.
    pub usage: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatsWanted {
    #[default]
    None,
    /// Every running container, and their sum.
    All,
    /// One container.
    One(ContainerKey),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventsWanted {
    #[default]
    None,
    /// The newest `recent` entries, then all that come.
    ///
    /// `after` is the last entry the viewer has. Where this run of the bridge knows that place, the viewer gets all that
    /// followed instead; what the bridge's ring no longer holds is told by a gap before the oldest entry there is.
    /// A place of another run means nothing any more: the viewer's entries are void, and it gets the newest `recent`.
    /// What the bridge knows from before those can be asked for, back to its first gap.
    ///
    /// While the viewer is live already, both fields are passed over and the entries go on where they are.
    Live {
        recent: u32,
        after: Option<Position>,
    },
}

/// A place in the timeline: `epoch` is the run of the bridge, `seq` counts its entries from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    pub epoch: u64,
    pub seq: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesWanted {
    pub keys: Vec<ContainerKey>,
    /// At most so many points each, the newest; `None`: all that the bridge has.
    pub points: Option<u32>,
}
