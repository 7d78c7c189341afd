use crate::{Metric, Point};

/// The points of one line between two moments: runs that are joined, and holes in which nobody watched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// Each at least one point long, oldest first.
    pub runs: Vec<Vec<(u64, f64)>>,
    /// From, to. A hole is not an unknown value: that only interrupts the line.
    pub holes: Vec<(u64, u64)>,
}

/// A time so long without a sample is a hole, whoever is to blame.
const LATE_MILLIS: u64 = 10_000;

impl Trace {
    pub fn new<'a>(
        points: impl IntoIterator<Item = &'a Point>,
        metric: Metric,
        from_millis: u64,
        to_millis: u64,
    ) -> Self {
        let mut trace = Self::default();
        let mut run: Vec<(u64, f64)> = Vec::new();
        // the line enters from the left at the last point before the window
        let mut before: Option<&Point> = None;
        let mut watched_until = None;
        for point in points {
            if point.at_millis < from_millis {
                before = Some(point);
                continue;
            }
            let last = watched_until.or(before.map(|before| before.at_millis));
            let joined = !point.after_hole
                && last.is_none_or(|last| point.at_millis.saturating_sub(last) <= LATE_MILLIS);
            if watched_until.is_none()
                && joined
                && let Some(before) = before
            {
                watched_until = Some(from_millis);
                if let Some(value) = before.value(metric) {
                    run.push((before.at_millis, value));
                }
            }
            if !joined || watched_until.is_none() {
                trace.end(&mut run);
                trace.hole(watched_until.unwrap_or(from_millis), point.at_millis);
            }
            watched_until = Some(point.at_millis);
            match point.value(metric) {
                Some(value) => run.push((point.at_millis, value)),
                None => trace.end(&mut run),
            }
        }
        trace.end(&mut run);
        match watched_until {
            None => trace.hole(from_millis, to_millis),
            Some(last) if to_millis.saturating_sub(last) > LATE_MILLIS => {
                trace.hole(last, to_millis);
            }
            Some(_) => {}
        }
        trace
    }

    /// The highest value, zero where there is none.
    pub fn highest(&self) -> f64 {
        self.runs
            .iter()
            .flatten()
            .map(|(_, value)| *value)
            .fold(0.0, f64::max)
    }

    fn end(&mut self, run: &mut Vec<(u64, f64)>) {
        if !run.is_empty() {
            self.runs.push(std::mem::take(run));
        }
    }

    fn hole(&mut self, from: u64, to: u64) {
        if from < to {
            self.holes.push((from, to));
        }
    }
}

/// The point nearest to a moment, not farther than `reach_millis`.
pub fn nearest<'a>(
    points: impl IntoIterator<Item = &'a Point>,
    at_millis: u64,
    reach_millis: u64,
) -> Option<&'a Point> {
    points
        .into_iter()
        .filter(|point| point.at_millis.abs_diff(at_millis) <= reach_millis)
        .min_by_key(|point| point.at_millis.abs_diff(at_millis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Depth, Figures, Ring};

    fn ring(samples: &[(u64, Option<u64>)], breaks: &[u64]) -> Ring {
        let mut ring = Ring::new(Depth::Whole);
        for (at_secs, hundredths) in samples {
            if breaks.contains(at_secs) {
                ring.break_here();
            }
            let figures = Figures {
                cpu_hundredths: *hundredths,
                pids: Some(1),
                ..Figures::default()
            };
            ring.push(at_secs * 1000, &figures);
        }
        ring
    }

    fn trace(samples: &[(u64, Option<u64>)], breaks: &[u64], from: u64, to: u64) -> Trace {
        let ring = ring(samples, breaks);
        Trace::new(ring.points(), Metric::Cpu, from * 1000, to * 1000)
    }

    #[test]
    fn time_nobody_watched_is_a_hole() {
        let trace = trace(
            &[(10, Some(100)), (11, Some(200)), (30, Some(300))],
            &[30],
            0,
            32,
        );
        assert_eq!(
            trace.runs,
            [vec![(10_000, 1.0), (11_000, 2.0)], vec![(30_000, 3.0)]]
        );
        assert_eq!(trace.holes, [(0, 10_000), (11_000, 30_000)]);
    }

    #[test]
    fn an_unknown_value_breaks_the_line_and_is_no_hole() {
        let trace = trace(&[(0, Some(100)), (1, None), (2, Some(300))], &[], 0, 3);
        assert_eq!(trace.runs, [vec![(0, 1.0)], vec![(2_000, 3.0)]]);
        assert!(trace.holes.is_empty());
    }

    #[test]
    fn points_far_apart_are_not_joined() {
        let trace = trace(
            &[(2, Some(100)), (40, Some(200)), (80, Some(300))],
            &[],
            30,
            81,
        );
        assert_eq!(trace.runs, [vec![(40_000, 2.0)], vec![(80_000, 3.0)]]);
        assert_eq!(trace.holes, [(30_000, 40_000), (40_000, 80_000)]);
    }

    #[test]
    fn the_line_enters_from_before_the_window() {
        let trace = trace(&[(8, Some(100)), (12, Some(200))], &[], 10, 13);
        assert_eq!(trace.runs, [vec![(8_000, 1.0), (12_000, 2.0)]]);
        assert!(trace.holes.is_empty());
    }

    #[test]
    fn silence_up_to_now_is_a_hole() {
        let trace = trace(&[(10, Some(100))], &[], 10, 21);
        assert_eq!(trace.holes, [(10_000, 21_000)]);
        assert_eq!(Trace::new([], Metric::Cpu, 0, 9_000).holes, [(0, 9_000)]);
    }

    #[test]
    fn the_nearest_point_is_within_reach() {
        let ring = ring(&[(1, Some(1)), (2, Some(2)), (9, Some(9))], &[]);
        let at = |millis| nearest(ring.points(), millis, 1_500).map(|point| point.at_millis);
        assert_eq!(at(1_700), Some(2_000));
        assert_eq!(at(5_000), None);
        assert_eq!(at(9_900), Some(9_000));
    }
}
