use std::collections::VecDeque;

use protocol::{ContainerKey, Segment, SeriesFrame};

use super::statistics::Row;

/// Ten minutes at a sample a second, and a little more.
pub const CAPACITY: usize = 660;
/// Room that a ring begins with; many containers do not live longer.
const LEAST: usize = 20;
/// Points further apart than this belong to two stretches: nobody knows what was between them.
const LONGEST_STEP_MILLIS: u64 = 10_000;

/// The past of one container or of the sum: a ring of fixed size.
#[derive(Default)]
pub struct History {
    points: VecDeque<Point>,
    /// How many points were dropped at the front.
    dropped: u64,
    /// Which points begin a stretch, counted from the first ever.
    starts: VecDeque<u64>,
    broken: bool,
}

/// As small as it can be: a fleet of a thousand keeps 660 000 of them.
/// Rates have seven digits, which is more than a chart can show.
#[derive(Clone, Copy)]
struct Point {
    at_millis: u64,
    memory_used_bytes: u64,
    rates: [f32; 4],
    cpu_hundredths: u32,
    pids: u32,
}

const UNKNOWN_PIDS: u32 = u32::MAX;

impl History {
    /// A time that is not after the point before begins a new stretch: a clock was set back.
    pub fn push(&mut self, at_millis: u64, row: &Row) {
        let begins = match self.points.back() {
            None => true,
            Some(last) => {
                self.broken
                    || at_millis <= last.at_millis
                    || at_millis - last.at_millis > LONGEST_STEP_MILLIS
            }
        };
        self.broken = false;
        if self.points.capacity() == 0 {
            self.take_room();
        }
        if self.points.len() == CAPACITY {
            self.drop_oldest();
        }
        if begins {
            self.starts
                .push_back(self.dropped + self.points.len() as u64);
        }
        if self.points.len() == self.points.capacity() {
            // doubled as usual, but never beyond what a full ring needs
            let room = CAPACITY - self.points.len();
            self.points
                .reserve_exact(self.points.len().max(LEAST).min(room));
        }
        self.points.push_back(Point::of(at_millis, row));
    }

    /// What follows belongs to another stretch: nobody watched in between, or the container had stopped.
    pub fn break_off(&mut self) {
        self.broken = true;
    }

    pub fn last_millis(&self) -> Option<u64> {
        self.points.back().map(|point| point.at_millis)
    }

    /// The newest `points` of them, or all.
    pub fn series(&self, key: ContainerKey, points: Option<u32>) -> SeriesFrame {
        let skipped = points.map_or(0, |points| {
            self.points.len().saturating_sub(points as usize)
        });
        let mut segments = Vec::new();
        for (index, point) in self.points.iter().enumerate().skip(skipped) {
            let begins = self
                .starts
                .binary_search(&(self.dropped + index as u64))
                .is_ok();
            if begins || segments.is_empty() {
                segments.push(Segment {
                    start_millis: point.at_millis,
                    ..Segment::default()
                });
            }
            let step = match index.checked_sub(1).filter(|_| !begins && index > skipped) {
                Some(before) => point.at_millis - self.points[before].at_millis,
                None => 0,
            };
            if let Some(segment) = segments.last_mut() {
                point.write(step, segment);
            }
        }
        SeriesFrame { key, segments }
    }

    /// All of it at once, and not more. It is written to, so that the kernel gives it now: what a fleet takes shows in its
    /// first minute and stays so, rather than creeping up for eleven.
    fn take_room(&mut self) {
        self.points.reserve_exact(CAPACITY);
        self.points.resize(CAPACITY, Point::of(0, &Row::default()));
        self.points.clear();
    }

    fn drop_oldest(&mut self) {
        self.points.pop_front();
        // The stretch that lost its first point begins at its second now, if it has one.
        let goes_on = self.starts.get(1) != Some(&(self.dropped + 1)) && !self.points.is_empty();
        self.starts.pop_front();
        self.dropped += 1;
        if goes_on {
            self.starts.push_front(self.dropped);
        }
    }
}

impl Point {
    fn of(at_millis: u64, row: &Row) -> Self {
        let rate = |rate: Option<u64>| rate.map_or(f32::NAN, |rate| rate as f32);
        Self {
            at_millis,
            memory_used_bytes: row.memory_used_bytes,
            rates: [
                rate(row.network_rx_rate),
                rate(row.network_tx_rate),
                rate(row.block_read_rate),
                rate(row.block_write_rate),
            ],
            cpu_hundredths: u32::try_from(row.cpu_hundredths).unwrap_or(u32::MAX),
            pids: row
                .pids
                .and_then(|pids| u32::try_from(pids).ok())
                .unwrap_or(UNKNOWN_PIDS),
        }
    }

    fn write(&self, step_millis: u64, segment: &mut Segment) {
        let [network_rx, network_tx, block_read, block_write] = self
            .rates
            .map(|rate| (!rate.is_nan()).then_some(rate as u64));
        segment
            .steps_millis
            .push(u32::try_from(step_millis).unwrap_or(u32::MAX));
        segment.cpu_hundredths.push(self.cpu_hundredths.into());
        segment.memory_used_bytes.push(self.memory_used_bytes);
        segment.network_rx_rate.push(network_rx);
        segment.network_tx_rate.push(network_tx);
        segment.block_read_rate.push(block_read);
        segment.block_write_rate.push(block_write);
        segment
            .pids
            .push((self.pids != UNKNOWN_PIDS).then_some(self.pids.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: ContainerKey = ContainerKey(3);

    fn row(cpu_hundredths: u64) -> Row {
        Row {
            cpu_hundredths,
            memory_used_bytes: 4096,
            network_rx_rate: Some(1500),
            pids: Some(2),
            ..Row::default()
        }
    }

    /// Start, steps and CPU of each segment.
    fn shape(frame: &SeriesFrame) -> Vec<(u64, Vec<u32>, Vec<u64>)> {
        frame
            .segments
            .iter()
            .map(|one| {
                (
                    one.start_millis,
                    one.steps_millis.clone(),
                    one.cpu_hundredths.clone(),
                )
            })
            .collect()
    }

    #[test]
    fn a_point_keeps_its_figures_and_what_is_unknown_stays_unknown() {
        let mut history = History::default();
        history.push(1000, &row(5025));
        let frame = history.series(KEY, None);
        assert_eq!(
            frame.segments,
            [Segment {
                start_millis: 1000,
                steps_millis: vec![0],
                cpu_hundredths: vec![5025],
                memory_used_bytes: vec![4096],
                network_rx_rate: vec![Some(1500)],
                network_tx_rate: vec![None],
                block_read_rate: vec![None],
                block_write_rate: vec![None],
                pids: vec![Some(2)],
            }]
        );
    }

    #[test]
    fn a_full_ring_takes_as_much_memory_as_its_points_and_no_more() {
        assert_eq!(size_of::<Point>(), 40);
        let mut history = History::default();
        for second in 1..=20 * CAPACITY as u64 {
            // the worst case: nothing joins
            history.break_off();
            history.push(second * 1000, &row(second));
            assert!(
                history.points.capacity() <= CAPACITY,
                "after {second} points"
            );
            assert!(history.starts.len() <= history.points.len());
        }
        assert_eq!(history.points.capacity(), CAPACITY);
        assert!(history.starts.capacity() <= CAPACITY.next_power_of_two());
    }

    #[test]
    fn holes_are_seen_where_nobody_knows_what_was() {
        let mut history = History::default();
        history.push(1000, &row(1));
        history.push(2010, &row(2));
        history.break_off();
        history.push(3000, &row(3));
        history.push(4000, &row(4));
        history.push(4000 + LONGEST_STEP_MILLIS + 1, &row(5));
        history.push(9000, &row(6));
        assert_eq!(
            shape(&history.series(KEY, None)),
            [
                (1000, vec![0, 1010], vec![1, 2]),
                (3000, vec![0, 1000], vec![3, 4]),
                (14_001, vec![0], vec![5]),
                (9000, vec![0], vec![6]),
            ]
        );
    }

    #[test]
    fn the_newest_points_can_be_had_alone() {
        let mut history = History::default();
        for second in 1..=5 {
            history.push(second * 1000, &row(second));
        }
        history.break_off();
        history.push(6000, &row(6));
        assert_eq!(
            shape(&history.series(KEY, Some(3))),
            [(4000, vec![0, 1000], vec![4, 5]), (6000, vec![0], vec![6])]
        );
        assert!(history.series(KEY, Some(0)).segments.is_empty());
        assert_eq!(
            history.series(KEY, Some(100)).segments[0].start_millis,
            1000
        );
    }

    #[test]
    fn the_ring_is_bounded_and_forgets_stretches_with_their_points() {
        let mut history = History::default();
        for second in 0..3 {
            history.break_off();
            history.push(second * 1000, &row(second));
        }
        for second in 3..CAPACITY as u64 + 1 {
            history.push(second * 1000, &row(second));
        }
        let frame = history.series(KEY, None);
        assert_eq!(frame.segments.len(), 2, "the first stretch is gone");
        assert_eq!(frame.segments[0].start_millis, 1000);
        assert_eq!(frame.segments[1].steps_millis.len(), CAPACITY - 1);

        for second in 0..CAPACITY as u64 + 7 {
            history.push(1_000_000 + second * 1000, &row(second));
        }
        let frame = history.series(KEY, None);
        assert_eq!(history.points.len(), CAPACITY);
        assert_eq!(history.starts.len(), 1);
        assert_eq!(
            frame.segments.len(),
            1,
            "a long stretch loses its beginning only"
        );
        assert_eq!(frame.segments[0].start_millis, 1_007_000);
        assert_eq!(frame.segments[0].steps_millis[0], 0);
    }

    #[test]
    fn ten_minutes_of_a_thousand_containers_fit_in_thirty_megabytes() {
        assert!(size_of::<Point>() * CAPACITY * 1000 < 30_000_000);
    }
}
