use super::is_exec;
use crate::{Entry, Item};

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

    fn of(event: &crate::Event) -> Self {
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

/// A picture has about so many bars.
const BARS: u64 = 90;
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

/// How many events there were when, by class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    pub from_millis: u64,
    pub step_millis: u64,
    pub bars: Vec<[u32; Class::ALL.len()]>,
    /// Stretches in which events may be missing; no beginning: from before anything is known.
    pub gaps: Vec<(Option<u64>, u64)>,
}

impl Histogram {
    /// Of entries from the first of them to `now_millis`; empty without any.
    pub fn of<'e>(entries: impl Iterator<Item = &'e Entry> + Clone, now_millis: u64) -> Self {
        let times = |entry: &Entry| match &entry.item {
            Item::Event(event) => millis(event.time_nano),
            Item::Gap(gap) => millis(gap.to_nano),
        };
        let all = || entries.clone().map(times);
        let (Some(first), Some(last)) = (all().min(), all().max()) else {
            return Self::default();
        };
        let end = last.max(now_millis);
        let least = (end - first) / BARS;
        let step_millis = STEPS
            .into_iter()
            .find(|step| *step >= least)
            .unwrap_or_else(|| least.next_multiple_of(7 * 24 * HOUR));
        let from_millis = first / step_millis * step_millis;
        let count = usize::try_from((end - from_millis) / step_millis + 1).unwrap_or(1);
        let mut histogram = Self {
            from_millis,
            step_millis,
            bars: vec![[0; Class::ALL.len()]; count],
            gaps: Vec::new(),
        };
        for entry in entries {
            match &entry.item {
                Item::Event(event) => {
                    let bar = (millis(event.time_nano) - from_millis) / step_millis;
                    let bar = usize::try_from(bar).unwrap_or(usize::MAX);
                    if let Some(counts) = histogram.bars.get_mut(bar) {
                        counts[Class::of(event) as usize] += 1;
                    }
                }
                Item::Gap(gap) => histogram
                    .gaps
                    .push((gap.from_nano.map(millis), millis(gap.to_nano))),
            }
        }
        histogram
    }

    pub fn to_millis(&self) -> u64 {
        self.from_millis + self.bars.len() as u64 * self.step_millis
    }

    pub fn highest(&self) -> u32 {
        let sum = |bar: &[u32; Class::ALL.len()]| bar.iter().sum();
        self.bars.iter().map(sum).max().unwrap_or(0)
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

fn millis(nano: i64) -> u64 {
    u64::try_from(nano / 1_000_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Gap, GapReason};

    fn event(at_millis: u64, kind: &str, action: &str) -> Entry {
        Entry {
            seq: at_millis,
            item: Item::Event(Event {
                time_nano: at_millis as i64 * 1_000_000,
                kind: kind.to_owned(),
                action: action.to_owned(),
                ..Event::default()
            }),
        }
    }

    #[test]
    fn every_event_is_in_one_bar_of_its_class() {
        let entries = [
            event(600_000, "container", "start"),
            event(600_999, "container", "exec_start: x"),
            event(601_000, "image", "pull"),
            Entry {
                seq: 1,
                item: Item::Gap(Gap {
                    from_nano: None,
                    to_nano: 602_000_000_000,
                    reason: GapReason::BridgeStarted,
                }),
            },
            event(603_500, "plugin", "enable"),
        ];
        let histogram = Histogram::of(entries.iter(), 604_000);
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
        assert_eq!(histogram.highest(), 2);
    }

    #[test]
    fn bars_are_few_and_of_a_length_that_people_count_in() {
        for (hours, step) in [
            (0, SECOND),
            (1, MINUTE),
            (30, 30 * MINUTE),
            (24 * 365, 7 * 24 * HOUR),
        ] {
            let entries = [
                event(0, "image", "pull"),
                event(hours * HOUR, "image", "pull"),
            ];
            let histogram = Histogram::of(entries.iter(), 0);
            assert_eq!(histogram.step_millis, step, "{hours} h");
            assert!(histogram.bars.len() as u64 <= BARS + 1);
        }
        assert_eq!(Histogram::of([].iter(), 5), Histogram::default());
    }

    #[test]
    fn a_span_is_of_whole_bars() {
        let entries = [event(0, "image", "pull"), event(9_500, "image", "pull")];
        let histogram = Histogram::of(entries.iter(), 0);
        assert_eq!(histogram.bars.len(), 10);
        assert_eq!(histogram.span(0.55, 0.31), (3_000, 6_000));
        assert_eq!(histogram.span(-1.0, 2.0), (0, 10_000));
        assert!((histogram.place(2_500) - 0.25).abs() < 1e-9);
    }
}
