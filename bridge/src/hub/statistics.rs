use std::collections::BTreeMap;

use protocol::{Column, ContainerKey, StatsFrame};

use crate::engine::Sample;

/// One container's figures as they go over the wire: rounded as the docker command prints them, rates in bytes a second.
///
/// A memory limit of zero is none; `None` is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Row {
    pub cpu_hundredths: u64,
    pub memory_used_bytes: u64,
    pub memory_limit_bytes: u64,
    pub network_rx_bytes: Option<u64>,
    pub network_tx_bytes: Option<u64>,
    pub block_read_bytes: Option<u64>,
    pub block_write_bytes: Option<u64>,
    pub network_rx_rate: Option<u64>,
    pub network_tx_rate: Option<u64>,
    pub block_read_rate: Option<u64>,
    pub block_write_rate: Option<u64>,
    pub pids: Option<u64>,
}

impl Row {
    pub fn of(sample: &Sample) -> Self {
        Self {
            cpu_hundredths: hundredths(sample.cpu_percent),
            memory_used_bytes: sample.memory_used_bytes,
            memory_limit_bytes: sample.memory_limit_bytes,
            network_rx_bytes: sample.network.map(|network| network.in_bytes),
            network_tx_bytes: sample.network.map(|network| network.out_bytes),
            block_read_bytes: sample.block.map(|block| block.in_bytes),
            block_write_bytes: sample.block.map(|block| block.out_bytes),
            network_rx_rate: sample.network_rates.and_then(|rates| rates.in_per_second),
            network_tx_rate: sample.network_rates.and_then(|rates| rates.out_per_second),
            block_read_rate: sample.block_rates.and_then(|rates| rates.in_per_second),
            block_write_rate: sample.block_rates.and_then(|rates| rates.out_per_second),
            pids: sample.pids,
        }
    }
}

/// Rounded as the docker command's `%.2f` rounds: by the exact value, a tie to the even digit.
fn hundredths(percent: f64) -> u64 {
    if !percent.is_finite() || percent <= 0.0 {
        return 0;
    }
    format!("{percent:.2}")
        .replace('.', "")
        .parse()
        .unwrap_or(u64::MAX)
}

/// What all containers use together. Totals since each began say nothing when added up; only rates do.
pub fn sum<'a>(samples: impl Iterator<Item = (&'a Sample, Network)>) -> Row {
    let mut cpu_percent = 0.0;
    let mut sum = Row::default();
    for (sample, network) in samples {
        let row = Row::of(sample);
        cpu_percent += sample.cpu_percent;
        sum.memory_used_bytes = sum.memory_used_bytes.saturating_add(row.memory_used_bytes);
        add(&mut sum.pids, row.pids);
        add(&mut sum.block_read_rate, row.block_read_rate);
        add(&mut sum.block_write_rate, row.block_write_rate);
        if network == Network::Own {
            add(&mut sum.network_rx_rate, row.network_rx_rate);
            add(&mut sum.network_tx_rate, row.network_tx_rate);
        }
    }
    sum.cpu_hundredths = hundredths(cpu_percent);
    sum
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Own,
    /// Another container's, where its traffic is counted already.
    Borrowed,
}

fn add(sum: &mut Option<u64>, value: Option<u64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}

/// The newest figures, and those that viewers were told at the last tick.
#[derive(Default)]
pub struct Statistics {
    current: BTreeMap<ContainerKey, Row>,
    told: BTreeMap<ContainerKey, Row>,
    told_at_millis: Option<u64>,
}

impl Statistics {
    pub fn set(&mut self, key: ContainerKey, row: Row) {
        self.current.insert(key, row);
    }

    /// The newest, which viewers are told at the next tick.
    pub fn get(&self, key: ContainerKey) -> Option<&Row> {
        self.current.get(&key)
    }

    pub fn lose(&mut self, key: ContainerKey) {
        self.current.remove(&key);
    }

    pub fn retain(&mut self, wanted: impl Fn(ContainerKey) -> bool) {
        self.current.retain(|&key, _| wanted(key));
    }

    /// Nobody watches: nothing is known, and nobody was told anything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What differs from the last tick.
    pub fn tick(&mut self, at_millis: u64) -> StatsFrame {
        let mut frame = StatsFrame {
            at_millis,
            ..StatsFrame::default()
        };
        for (&key, row) in &self.current {
            write(&mut frame, key, row, self.told.get(&key));
        }
        frame.lost.extend(
            self.told
                .keys()
                .filter(|key| !self.current.contains_key(key)),
        );
        self.told.clone_from(&self.current);
        self.told_at_millis = Some(at_millis);
        frame
    }

    /// All that was told up to the last tick, for one who has nothing yet; the next tick fits on it.
    pub fn reset(&self, at_millis: u64, wanted: impl Fn(ContainerKey) -> bool) -> StatsFrame {
        let mut frame = StatsFrame {
            at_millis: self.told_at_millis.unwrap_or(at_millis),
            reset: true,
            ..StatsFrame::default()
        };
        for (&key, row) in self.told.iter().filter(|&(&key, _)| wanted(key)) {
            write(&mut frame, key, row, None);
        }
        frame
    }
}

/// Puts into the frame what of `row` differs from `known`.
fn write(frame: &mut StatsFrame, key: ContainerKey, row: &Row, known: Option<&Row>) {
    macro_rules! columns {
        ($($column:ident)*) => {
            $(if known.is_none_or(|known| known.$column != row.$column) {
                frame.$column.push(key, row.$column);
            })*
        };
    }
    columns!(
        cpu_hundredths memory_used_bytes memory_limit_bytes
        network_rx_bytes network_tx_bytes block_read_bytes block_write_bytes
        network_rx_rate network_tx_rate block_read_rate block_write_rate
        pids
    );
}

/// The part of a frame that is about one container; `None` where nothing is.
pub fn only(frame: &StatsFrame, key: ContainerKey) -> Option<StatsFrame> {
    fn column<T: Copy>(column: &Column<T>, key: ContainerKey) -> Column<T> {
        let mut only = Column::default();
        // Keys stand in order.
        if let Ok(index) = column.keys.binary_search(&key) {
            only.push(key, column.values[index]);
        }
        only
    }
    let only = StatsFrame {
        at_millis: frame.at_millis,
        reset: frame.reset,
        cpu_hundredths: column(&frame.cpu_hundredths, key),
        memory_used_bytes: column(&frame.memory_used_bytes, key),
        memory_limit_bytes: column(&frame.memory_limit_bytes, key),
        network_rx_bytes: column(&frame.network_rx_bytes, key),
        network_tx_bytes: column(&frame.network_tx_bytes, key),
        block_read_bytes: column(&frame.block_read_bytes, key),
        block_write_bytes: column(&frame.block_write_bytes, key),
        network_rx_rate: column(&frame.network_rx_rate, key),
        network_tx_rate: column(&frame.network_tx_rate, key),
        block_read_rate: column(&frame.block_read_rate, key),
        block_write_rate: column(&frame.block_write_rate, key),
        pids: column(&frame.pids, key),
        lost: frame
            .lost
            .iter()
            .copied()
            .filter(|&lost| lost == key)
            .collect(),
    };
    (!is_empty(&only)).then_some(only)
}

pub fn is_empty(frame: &StatsFrame) -> bool {
    let nothing = StatsFrame {
        at_millis: frame.at_millis,
        ..StatsFrame::default()
    };
    *frame == nothing
}

#[cfg(test)]
mod tests {
    use crate::engine::{Counters, Rates};

    use super::*;

    const A: ContainerKey = ContainerKey(1);
    const B: ContainerKey = ContainerKey(2);

    fn row(cpu_hundredths: u64) -> Row {
        Row {
            cpu_hundredths,
            memory_used_bytes: 4096,
            pids: Some(1),
            ..Row::default()
        }
    }

    fn sample(cpu_percent: f64, rate: u64) -> Sample {
        let rates = Some(Rates {
            in_per_second: Some(rate),
            out_per_second: None,
        });
        Sample {
            read_at_millis: 0,
            cpu_percent,
            cpu_nanos: None,
            memory_used_bytes: 1000,
            memory_limit_bytes: 5000,
            network: Some(Counters {
                in_bytes: 7,
                out_bytes: 8,
            }),
            block: None,
            network_rates: rates,
            block_rates: rates,
            pids: Some(3),
        }
    }

    #[test]
    fn percentages_round_as_the_docker_command_prints_them() {
        for (percent, expected) in [
            (0.0, 0),
            (0.125, 12),
            (0.135, 14),
            (0.375, 38),
            (1.005, 100),
            (99.995, 10_000),
            (99.985, 9998),
            (12_345.678, 1_234_568),
            (-1.0, 0),
            (f64::NAN, 0),
            (f64::INFINITY, 0),
        ] {
            assert_eq!(hundredths(percent), expected, "{percent}");
        }
    }

    #[test]
    fn a_tick_tells_only_the_values_that_changed() {
        let mut statistics = Statistics::default();
        statistics.set(A, row(100));
        statistics.set(B, row(200));
        let frame = statistics.tick(1000);
        assert_eq!(frame.at_millis, 1000);
        assert_eq!(frame.cpu_hundredths.keys, [A, B]);
        assert_eq!(
            frame.network_rx_bytes.values,
            [None, None],
            "unknown is told once"
        );

        assert!(is_empty(&statistics.tick(2000)));

        statistics.set(A, row(100));
        statistics.set(
            B,
            Row {
                memory_used_bytes: 8192,
                ..row(200)
            },
        );
        let frame = statistics.tick(3000);
        assert_eq!(frame.memory_used_bytes.keys, [B]);
        assert_eq!(frame.memory_used_bytes.values, [8192]);
        assert!(frame.cpu_hundredths.keys.is_empty() && frame.pids.keys.is_empty());
        assert!(only(&frame, A).is_none());
        assert_eq!(only(&frame, B), Some(frame));

        statistics.lose(A);
        let frame = statistics.tick(4000);
        assert_eq!(frame.lost, [A]);
        assert_eq!(only(&frame, A).unwrap().lost, [A]);
        assert!(is_empty(&statistics.tick(5000)), "a loss is told once");

        statistics.set(A, row(100));
        assert_eq!(
            statistics.tick(6000).pids.keys,
            [A],
            "all is told anew after a loss"
        );
    }

    #[test]
    fn a_newcomer_gets_what_the_next_tick_builds_on() {
        let mut statistics = Statistics::default();
        assert_eq!(statistics.reset(500, |_| true).at_millis, 500);
        statistics.set(A, row(100));
        statistics.tick(1000);
        statistics.set(A, row(150));
        statistics.set(B, row(200));
        let reset = statistics.reset(1500, |_| true);
        assert!(reset.reset);
        assert_eq!(reset.at_millis, 1000);
        assert_eq!(reset.cpu_hundredths.values, [100], "not yet the newest");
        statistics.set(A, row(100));
        let frame = statistics.tick(2000);
        assert_eq!(frame.cpu_hundredths.keys, [B]);
        assert!(statistics.reset(1500, |key| key == A).cpu_hundredths.keys == [A]);
    }

    #[test]
    fn the_sum_counts_borrowed_networks_once() {
        let samples = [sample(0.125, 10), sample(0.125, 100), sample(50.0, 1000)];
        let networks = [Network::Own, Network::Borrowed, Network::Own];
        let sum = sum(samples.iter().zip(networks));
        assert_eq!(
            sum,
            Row {
                cpu_hundredths: 5025,
                memory_used_bytes: 3000,
                network_rx_rate: Some(1010),
                block_read_rate: Some(1110),
                pids: Some(9),
                ..Row::default()
            }
        );
    }
}
