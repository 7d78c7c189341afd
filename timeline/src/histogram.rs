//! When how much happened, for a picture that people choose a stretch of time in.

use protocol::{Event, Item};

/// What is told apart by colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Container,
    Image,
    Volume,
    Network,
    Other,
    /// Commands run inside containers, which are mostly health probes.
    Exec,
}

impl Class {
    pub const ALL: [Self; 6] = [
        Self::Container,
        Self::Image,
        Self::Volume,
        Self::Network,
        Self::Other,
        Self::Exec,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Image => "image",
            Self::Volume => "volume",
            Self::Network => "network",
            Self::Other => "other",
            Self::Exec => "exec and probe",
        }
    }

    fn of(event: &Event) -> Self {
        match event.kind.as_str() {
            "container" if is_exec(event) => Self::Exec,
            "container" => Self::Container,
            "image" | "builder" => Self::Image,
            "volume" => Self::Volume,
            "network" => Self::Network,
            _ => Self::Other,
        }
    }
}

/// Whether it is one of the events of a command run inside a container, which is mostly a health probe.
pub fn is_exec(event: &Event) -> bool {
    event.kind == "container" && event.action.starts_with("exec_")
}

/// A picture has about so many bars when it begins,
const BARS: u64 = 90;
/// and fewer than this when time went on.
const MOST_BARS: usize = 180;
const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
/// Lengths of time that people count in.
const STEPS: [u64; 19] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    24 * HOUR,
    7 * 24 * HOUR,
];

/// How many events of each class there were, in the order of [`Class::ALL`].
pub type Bar = [u32; Class::ALL.len()];

/// Commands in containers, which always go on, get no more of the picture's height where something else happened.
const EXEC_PART: f64 = 0.25;

/// How high one event is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    pub others: f64,
    pub exec: f64,
}

impl Scale {
    pub fn of(self, class: Class) -> f64 {
        match class {
            Class::Exec => self.exec,
            _ => self.others,
        }
    }
}

/// How many events there were when, by class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    pub from_millis: u64,
    pub step_millis: u64,
    pub bars: Vec<Bar>,
    /// Stretches in which events may be missing; no beginning: from before anything is known. Those that share a bar are one.
    pub gaps: Vec<(Option<u64>, u64)>,
}

impl Histogram {
    /// Of nothing yet, with bars for all of a time, of a length that people count in.
    pub fn over(from_millis: u64, to_millis: u64) -> Self {
        let to_millis = to_millis.max(from_millis);
        let least = (to_millis - from_millis) / BARS;
        let step_millis = STEPS
            .into_iter()
            .find(|step| *step >= least)
            .unwrap_or_else(|| least.next_multiple_of(7 * 24 * HOUR));
        let mut histogram = Self {
            from_millis: from_millis / step_millis * step_millis,
            step_millis,
            ..Self::default()
        };
        histogram.reach(to_millis);
        histogram
    }

    /// Goes on up to this time, if it is not there: with bars of twice the length where there would be too many.
    pub fn reach(&mut self, millis: u64) {
        while self.bar(millis).is_some_and(|bar| bar >= MOST_BARS) {
            let two = |pair: &[Bar]| {
                let mut sum = pair[0];
                for (count, more) in sum.iter_mut().zip(pair.get(1).into_iter().flatten()) {
                    *count = count.saturating_add(*more);
                }
                sum
            };
            self.bars = self.bars.chunks(2).map(two).collect();
            self.step_millis = self.step_millis.saturating_mul(2);
        }
        let count = self.bar(millis).map_or(0, |bar| bar + 1);
        if self.bars.len() < count {
            self.bars.resize(count, Bar::default());
        }
    }

    /// Counts an event, or notes a gap, that is within its time.
    pub fn add(&mut self, item: &Item) {
        match item {
            Item::Event(event) => {
                let bar = self.bar(millis(event.time_nano));
                if let Some(counts) = bar.and_then(|bar| self.bars.get_mut(bar)) {
                    let count = &mut counts[Class::of(event) as usize];
                    *count = count.saturating_add(1);
                }
            }
            Item::Gap(gap) => {
                let (from, to) = (gap.from_nano.map(millis), millis(gap.to_nano));
                if to < self.from_millis || from.is_some_and(|from| from > self.to_millis()) {
                    return;
                }
                self.add_gap(from, to);
            }
        }
    }

    /// They come in the order in which they ended, and where a clock was set back not even so.
    fn add_gap(&mut self, mut from: Option<u64>, mut to: u64) {
        let bar = |millis: u64| millis / self.step_millis.max(1);
        let mut place = self.gaps.len();
        while let Some(other) = self.gaps.iter().rposition(|(other_from, other_to)| {
            from.is_none_or(|from| bar(from) <= bar(*other_to))
                && other_from.is_none_or(|from| bar(from) <= bar(to))
        }) {
            let (other_from, other_to) = self.gaps.remove(other);
            from = from.min(other_from);
            to = to.max(other_to);
            place = other;
        }
        self.gaps.insert(place, (from, to));
    }

    /// The bar of a time, which may be one that is not there yet.
    fn bar(&self, millis: u64) -> Option<usize> {
        let since = millis.checked_sub(self.from_millis)?;
        usize::try_from(since / self.step_millis.max(1)).ok()
    }

    pub fn to_millis(&self) -> u64 {
        self.from_millis + self.bars.len() as u64 * self.step_millis
    }

    /// How high one event is drawn, where the picture is 1 high.
    pub fn scale(&self) -> Scale {
        let highest = |of: fn(&Bar) -> u64| self.bars.iter().map(of).max().unwrap_or(0) as f64;
        let exec = highest(|bar| bar[Class::Exec as usize].into());
        let others = highest(|bar| {
            let all = bar.iter().map(|count| u64::from(*count)).sum::<u64>();
            all - u64::from(bar[Class::Exec as usize])
        });
        let all = highest(|bar| bar.iter().map(|count| u64::from(*count)).sum());
        // where that makes them lower than the others
        if others > 0.0 && exec * (1.0 - EXEC_PART) > others * EXEC_PART {
            Scale {
                others: (1.0 - EXEC_PART) / others,
                exec: EXEC_PART / exec,
            }
        } else {
            let one = 1.0 / all.max(1.0);
            Scale {
                others: one,
                exec: one,
            }
        }
    }

    /// How many events of each class there are, without those of which there is none.
    pub fn sums(&self) -> Vec<(Class, u32)> {
        Class::ALL
            .into_iter()
            .map(|class| {
                let sum = self.bars.iter().map(|bar| bar[class as usize]).sum();
                (class, sum)
            })
            .filter(|(_, sum)| *sum > 0)
            .collect()
    }

    /// The bars that two places of the picture (0 to 1) span, whole: from when to when.
    pub fn span(&self, one: f64, other: f64) -> (u64, u64) {
        let bar = |part: f64| {
            let bar = (part.clamp(0.0, 1.0) * self.bars.len() as f64) as u64;
            bar.min(self.bars.len().saturating_sub(1) as u64)
        };
        let (first, last) = (bar(one.min(other)), bar(one.max(other)));
        (
            self.from_millis + first * self.step_millis,
            self.from_millis + (last + 1) * self.step_millis,
        )
    }

    /// Where a moment is in the picture, 0 to 1.
    pub fn place(&self, millis: u64) -> f64 {
        let whole = (self.to_millis() - self.from_millis) as f64;
        if whole > 0.0 {
            ((millis as f64 - self.from_millis as f64) / whole).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

/// Of an item: when it happened, or when what is missing ended.
pub fn at_millis(item: &Item) -> u64 {
    match item {
        Item::Event(event) => millis(event.time_nano),
        Item::Gap(gap) => millis(gap.to_nano),
    }
}

fn millis(nano: i64) -> u64 {
    u64::try_from(nano / 1_000_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use protocol::{Gap, GapReason};

    use super::*;

    fn event(at_millis: u64, kind: &str, action: &str) -> Item {
        Item::Event(Event {
            time_nano: at_millis as i64 * 1_000_000,
            kind: kind.to_owned(),
            action: action.to_owned(),
            ..Event::default()
        })
    }

    fn gap(from_millis: Option<i64>, to_millis: i64) -> Item {
        Item::Gap(Gap {
            from_nano: from_millis.map(|millis| millis * 1_000_000),
            to_nano: to_millis * 1_000_000,
            reason: GapReason::BridgeStarted,
        })
    }

    #[test]
    fn every_event_is_in_one_bar_of_its_class() {
        let mut histogram = Histogram::over(600_000, 604_000);
        for item in [
            event(599_999, "container", "start"),
            event(600_000, "container", "start"),
            event(600_999, "container", "exec_start: x"),
            event(601_000, "image", "pull"),
            gap(None, 602_000),
            event(603_500, "plugin", "enable"),
            event(605_000, "image", "pull"),
        ] {
            histogram.add(&item);
        }
        assert_eq!(
            (histogram.from_millis, histogram.step_millis),
            (600_000, 1000)
        );
        assert_eq!(histogram.bars.len(), 5);
        assert_eq!(histogram.bars[0], [1, 0, 0, 0, 0, 1]);
        assert_eq!(
            histogram.sums(),
            [
                (Class::Container, 1),
                (Class::Image, 1),
                (Class::Other, 1),
                (Class::Exec, 1)
            ]
        );
        assert_eq!(histogram.gaps, [(None, 602_000)]);
    }

    #[test]
    fn what_always_goes_on_hides_nothing() {
        let scale = |bars: &[Bar]| {
            let histogram = Histogram {
                bars: bars.to_vec(),
                ..Histogram::default()
            };
            let scale = histogram.scale();
            (scale.others, scale.exec)
        };
        assert_eq!(scale(&[]), (1.0, 1.0));
        assert_eq!(scale(&[[0, 0, 0, 0, 0, 50]]), (1.0 / 50.0, 1.0 / 50.0));
        // one scale, where that hides nothing
        assert_eq!(scale(&[[8, 0, 0, 0, 0, 2]]), (0.1, 0.1));
        assert_eq!(
            scale(&[[1, 2, 0, 0, 0, 50], [0, 0, 0, 0, 0, 100]]),
            (0.25, 0.0025)
        );
        // probes are never drawn higher than others
        assert_eq!(
            scale(&[[100, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 26]]),
            (0.01, 0.01)
        );
    }

    #[test]
    fn gaps_outside_of_its_time_are_none_of_its_and_those_of_one_bar_are_one() {
        let mut histogram = Histogram::over(10_000, 50_000);
        for item in [
            gap(None, 9_999),
            gap(Some(20_100), 20_200),
            gap(Some(20_300), 20_400),
            gap(Some(22_000), 24_000),
            gap(Some(23_000), 23_100),
            gap(Some(51_001), 60_000),
        ] {
            histogram.add(&item);
        }
        assert_eq!(
            histogram.gaps,
            [(Some(20_100), 20_400), (Some(22_000), 24_000)]
        );
    }

    #[test]
    fn a_gap_that_began_before_those_already_noted_is_drawn_whole() {
        let mut histogram = Histogram::over(20_000, 50_000);
        for item in [
            gap(Some(40_000), 41_000),
            gap(Some(44_000), 45_000),
            // joins both
            gap(Some(39_000), 44_500),
            gap(Some(25_000), 26_000),
            gap(None, 21_000),
            gap(None, 22_000),
        ] {
            histogram.add(&item);
        }
        assert_eq!(
            histogram.gaps,
            [
                (Some(39_000), 45_000),
                (Some(25_000), 26_000),
                (None, 22_000)
            ]
        );
    }

    #[test]
    fn bars_are_few_and_of_a_length_that_people_count_in() {
        for (hours, step) in [
            (0, SECOND),
            (1, MINUTE),
            (30, 30 * MINUTE),
            (24 * 365, 7 * 24 * HOUR),
            (24 * 365 * 4, 21 * 24 * HOUR),
        ] {
            let histogram = Histogram::over(5, 5 + hours * HOUR);
            assert_eq!(histogram.step_millis, step, "{hours} h");
            assert!(histogram.bars.len() as u64 <= BARS + 1, "{hours} h");
        }
    }

    #[test]
    fn it_goes_on_with_longer_bars_where_there_would_be_too_many() {
        let mut histogram = Histogram::over(0, 9_500);
        histogram.reach(12_000);
        assert_eq!(histogram.bars.len(), 13);
        histogram.reach(3_000);
        assert_eq!(histogram.bars.len(), 13);
        for millis in [0, 1_000, 12_500] {
            histogram.add(&event(millis, "image", "pull"));
        }
        histogram.reach(200_000);
        assert_eq!((histogram.bars.len(), histogram.step_millis), (101, 2_000));
        let image = Class::Image as usize;
        assert_eq!((histogram.bars[0][image], histogram.bars[6][image]), (2, 1));
        // a clock that is far ahead
        histogram.reach(u64::MAX / 2);
        assert!(histogram.bars.len() <= MOST_BARS);
        assert_eq!(histogram.sums(), [(Class::Image, 3)]);
    }

    #[test]
    fn a_span_is_of_whole_bars() {
        let histogram = Histogram::over(0, 9_500);
        assert_eq!(histogram.bars.len(), 10);
        assert_eq!(histogram.span(0.55, 0.31), (3_000, 6_000));
        assert_eq!(histogram.span(-1.0, 2.0), (0, 10_000));
        assert!((histogram.place(2_500) - 0.25).abs() < 1e-9);
    }
}
