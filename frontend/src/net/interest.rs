use model::{FiguresWanted, Position, Want};
use protocol::{EventsWanted, Interest, StatsWanted};

/// What the page looks at, as the bridge is told. `after` is the last entry of the timeline that the page has.
pub fn to_wire(want: Want, after: Option<Position>) -> Interest {
    Interest {
        stats: match want.figures {
            FiguresWanted::None => StatsWanted::None,
            FiguresWanted::All => StatsWanted::All,
            FiguresWanted::One(key) => StatsWanted::One(key),
        },
        events: match want.events {
            None => EventsWanted::None,
            Some(recent) => EventsWanted::Live { recent, after },
        },
        usage: want.usage,
    }
}
