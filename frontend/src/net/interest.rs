use model::{FiguresWanted, Position, Want, events::Histogram};
use protocol::{EventsWanted, HistogramFrame, HistogramWanted, Interest, StatsWanted};

use crate::state::{Answer, Question};

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

pub fn count_to_wire(question: Question) -> HistogramWanted {
    HistogramWanted {
        filter: question.filter,
        since_millis: question.since_millis,
        until_millis: question.until_millis,
    }
}

pub fn count_from_wire(frame: HistogramFrame) -> Answer {
    Answer {
        question: question_from_wire(frame.wanted),
        histogram: Histogram {
            from_millis: frame.from_millis,
            step_millis: frame.step_millis,
            bars: frame.bars,
            gaps: frame.gaps,
        },
        last: frame.last,
    }
}

pub fn question_from_wire(wanted: HistogramWanted) -> Question {
    Question {
        filter: wanted.filter,
        since_millis: wanted.since_millis,
        until_millis: wanted.until_millis,
    }
}
