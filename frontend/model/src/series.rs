use std::collections::VecDeque;

use protocol::Segment;

use crate::Figures;

/// The most points that a ring of the page holds: the bridge's ten minutes and a little more.
const WHOLE: usize = 720;

/// Samples of one stretch are not farther apart, on any engine.
const JOINS_MILLIS: u64 = 6_000;

/// How much of the past somebody wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// The newest points, for a sparkline.
    Recent(u32),
    /// All that the bridge has.
    Whole,
}

impl Depth {
    /// For the request: `None` asks for everything.
    pub fn points(self) -> Option<u32> {
        match self {
            Self::Recent(points) => Some(points),
            Self::Whole => None,
        }
    }

    fn capacity(self) -> usize {
        match self {
            Self::Recent(points) => (points as usize).min(WHOLE),
            Self::Whole => WHOLE,
        }
    }
}

/// What a chart can show of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Percent of one CPU.
    Cpu,
    /// Bytes.
    Memory,
    /// Bytes a second, like the three after it.
    NetworkRx,
    NetworkTx,
    BlockRead,
    BlockWrite,
    /// Processes and threads.
    Pids,
}

/// One sample of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub at_millis: u64,
    /// Nobody watched between the point before and this one: a line must not join them.
    pub after_hole: bool,
    cpu: Option<f32>,
    memory: Option<f64>,
    rates: [Option<f32>; 4],
    pids: Option<u32>,
}

impl Point {
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Cpu => self.cpu.map(f64::from),
            Metric::Memory => self.memory,
            Metric::NetworkRx => self.rates[0].map(f64::from),
            Metric::NetworkTx => self.rates[1].map(f64::from),
            Metric::BlockRead => self.rates[2].map(f64::from),
            Metric::BlockWrite => self.rates[3].map(f64::from),
            Metric::Pids => self.pids.map(f64::from),
        }
    }

    fn of_figures(at_millis: u64, after_hole: bool, figures: &Figures) -> Self {
        Self {
            at_millis,
            after_hole,
            cpu: figures.cpu_hundredths.map(percent),
            memory: figures.memory_used_bytes.map(|bytes| bytes as f64),
            rates: [
                figures.network_rx_rate,
                figures.network_tx_rate,
                figures.block_read_rate,
                figures.block_write_rate,
            ]
            .map(|rate| rate.map(|rate| rate as f32)),
            pids: figures.pids.map(count),
        }
    }
}

fn percent(hundredths: u64) -> f32 {
    hundredths as f32 / 100.0
}

fn count(pids: u64) -> u32 {
    u32::try_from(pids).unwrap_or(u32::MAX)
}

/// The newest points of one series, oldest first, in fixed memory.
#[derive(Debug, Clone)]
pub struct Ring {
    points: VecDeque<Point>,
    capacity: usize,
    /// The next point follows a time in which nobody watched.
    broken: bool,
}

impl Ring {
    pub fn new(depth: Depth) -> Self {
        Self {
            points: VecDeque::new(),
            capacity: depth.capacity(),
            broken: true,
        }
    }

    /// Makes room for more of the past.
    pub fn deepen(&mut self, depth: Depth) {
        self.capacity = self.capacity.max(depth.capacity());
    }

    pub fn points(&self) -> impl DoubleEndedIterator<Item = &Point> + ExactSizeIterator + Clone {
        self.points.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Appends a live sample. One that is not newer than the last is dropped.
    pub fn push(&mut self, at_millis: u64, figures: &Figures) {
        if self
            .points
            .back()
            .is_some_and(|last| last.at_millis >= at_millis)
        {
            return;
        }
        let after_hole = std::mem::take(&mut self.broken);
        self.append(Point::of_figures(at_millis, after_hole, figures));
    }

    /// The next sample does not join the last one.
    pub fn break_here(&mut self) {
        self.broken = true;
    }

    /// Takes in the past that the bridge told; live points that are newer stay behind it.
    pub fn fill(&mut self, segments: &[Segment]) {
        let newer = std::mem::take(&mut self.points);
        for segment in segments {
            let mut at_millis = segment.start_millis;
            for (index, step) in segment.steps_millis.iter().enumerate() {
                at_millis = at_millis.saturating_add(u64::from(*step));
                let rate = |column: &[Option<u64>]| {
                    column.get(index).copied().flatten().map(|rate| rate as f32)
                };
                self.append(Point {
                    at_millis,
                    after_hole: index == 0,
                    cpu: segment.cpu_hundredths.get(index).copied().map(percent),
                    memory: segment
                        .memory_used_bytes
                        .get(index)
                        .map(|bytes| *bytes as f64),
                    rates: [
                        rate(&segment.network_rx_rate),
                        rate(&segment.network_tx_rate),
                        rate(&segment.block_read_rate),
                        rate(&segment.block_write_rate),
                    ],
                    pids: segment.pids.get(index).copied().flatten().map(count),
                });
            }
        }
        let told_until = self.points.back().map_or(0, |last| last.at_millis);
        let mut joins = !self.points.is_empty();
        for mut point in newer {
            if point.at_millis > told_until {
                // the live stream goes on where the told past ends, unless that ended long before
                if std::mem::take(&mut joins) && point.at_millis - told_until <= JOINS_MILLIS {
                    point.after_hole = false;
                }
                self.append(point);
            }
        }
        self.broken = self.points.is_empty();
    }

    fn append(&mut self, point: Point) {
        if self.points.len() >= self.capacity.max(1) {
            self.points.pop_front();
        }
        self.points.push_back(point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(percent: u64) -> Figures {
        Figures {
            cpu_hundredths: Some(percent * 100),
            ..Figures::default()
        }
    }

    fn segment(start_millis: u64, steps: &[u32], percent: u64) -> Segment {
        Segment {
            start_millis,
            steps_millis: steps.to_vec(),
            cpu_hundredths: vec![percent * 100; steps.len()],
            memory_used_bytes: vec![0; steps.len()],
            ..Segment::default()
        }
    }

    fn told(ring: &Ring) -> Vec<(u64, bool, f64)> {
        ring.points()
            .map(|point| {
                (
                    point.at_millis,
                    point.after_hole,
                    point.value(Metric::Cpu).unwrap(),
                )
            })
            .collect()
    }

    #[test]
    fn the_past_comes_before_what_was_seen_live() {
        let mut ring = Ring::new(Depth::Whole);
        ring.push(5000, &cpu(5));
        ring.push(6000, &cpu(6));
        ring.fill(&[segment(1000, &[0, 1000], 1), segment(4000, &[0, 1000], 4)]);
        assert_eq!(
            told(&ring),
            [
                (1000, true, 1.0),
                (2000, false, 1.0),
                (4000, true, 4.0),
                (5000, false, 4.0),
                (6000, false, 6.0),
            ]
        );
    }

    #[test]
    fn a_past_that_ended_long_ago_does_not_join() {
        let mut ring = Ring::new(Depth::Whole);
        ring.push(60_000, &cpu(5));
        ring.push(61_000, &cpu(6));
        ring.fill(&[segment(1000, &[0, 1000], 1)]);
        let holes: Vec<bool> = ring.points().map(|point| point.after_hole).collect();
        assert_eq!(holes, [true, false, true, false]);
    }

    #[test]
    fn a_time_nobody_watched_is_a_hole() {
        let mut ring = Ring::new(Depth::Whole);
        ring.push(1000, &cpu(1));
        ring.push(2000, &cpu(2));
        ring.break_here();
        ring.push(9000, &cpu(9));
        assert_eq!(
            told(&ring),
            [(1000, true, 1.0), (2000, false, 2.0), (9000, true, 9.0)]
        );
    }

    #[test]
    fn time_goes_forward_only() {
        let mut ring = Ring::new(Depth::Whole);
        ring.push(2000, &cpu(1));
        ring.push(2000, &cpu(2));
        ring.push(1000, &cpu(3));
        assert_eq!(told(&ring), [(2000, true, 1.0)]);
    }

    #[test]
    fn memory_is_fixed() {
        let mut ring = Ring::new(Depth::Recent(3));
        for second in 1..=5 {
            ring.push(second * 1000, &cpu(second));
        }
        let times: Vec<u64> = ring.points().map(|point| point.at_millis).collect();
        assert_eq!(times, [3000, 4000, 5000]);
        ring.deepen(Depth::Recent(4));
        ring.fill(&[segment(1000, &[0, 1000, 1000, 1000, 1000], 1)]);
        assert_eq!(ring.points().len(), 4);
        let mut empty = Ring::new(Depth::Recent(0));
        empty.push(1, &cpu(1));
        assert!(empty.points().len() <= 1);
    }

    #[test]
    fn short_columns_are_unknown_values() {
        let mut ring = Ring::new(Depth::Whole);
        ring.fill(&[Segment {
            start_millis: 1000,
            steps_millis: vec![0, u32::MAX],
            ..Segment::default()
        }]);
        assert_eq!(ring.points().len(), 2);
        assert!(ring.points().all(|point| point.value(Metric::Cpu).is_none()
            && point.value(Metric::Memory).is_none()
            && point.value(Metric::NetworkRx).is_none()));
    }
}
