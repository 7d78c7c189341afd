use std::collections::HashMap;

use protocol::StatsFrame;

use crate::ContainerKey;

/// The newest known figures of one container, or of the sum. `None` is "not known", never zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Hundredths of a percent of one CPU.
    pub cpu_hundredths: Option<u64>,
    pub memory_used_bytes: Option<u64>,
    pub memory_limit_bytes: Option<u64>,
    pub network_rx_bytes: Option<u64>,
    pub network_tx_bytes: Option<u64>,
    pub block_read_bytes: Option<u64>,
    pub block_write_bytes: Option<u64>,
    /// Bytes a second, like the three after it.
    pub network_rx_rate: Option<u64>,
    pub network_tx_rate: Option<u64>,
    pub block_read_rate: Option<u64>,
    pub block_write_rate: Option<u64>,
    pub pids: Option<u64>,
}

impl Figures {
    /// Whether anything at all is known.
    pub fn known(&self) -> bool {
        *self != Self::default()
    }

    /// How full the memory is, 0 to 1, where there is a limit.
    pub fn memory_share(&self) -> Option<f64> {
        let limit = self.memory_limit_bytes.filter(|limit| *limit > 0)?;
        Some((self.memory_used_bytes? as f64 / limit as f64).min(1.0))
    }
}

/// The figures of all containers as the frames so far left them.
#[derive(Debug, Clone, Default)]
pub struct FigureTable {
    rows: HashMap<ContainerKey, Figures>,
}

impl FigureTable {
    pub fn get(&self, key: ContainerKey) -> Figures {
        self.rows.get(&key).copied().unwrap_or_default()
    }

    pub fn keys(&self) -> impl Iterator<Item = ContainerKey> + '_ {
        self.rows.keys().copied()
    }

    /// Takes in one frame; gives the keys whose figures may differ from before, each once.
    pub fn apply(&mut self, frame: &StatsFrame) -> Vec<ContainerKey> {
        let mut touched = Vec::new();
        if frame.reset {
            touched.extend(self.rows.drain().map(|(key, _)| key));
        }
        macro_rules! column {
            ($field:ident, $of:expr) => {
                for (key, value) in frame.$field.iter() {
                    self.rows.entry(key).or_default().$field = $of(value);
                    touched.push(key);
                }
            };
        }
        column!(cpu_hundredths, Some);
        column!(memory_used_bytes, Some);
        column!(memory_limit_bytes, |limit| Some(limit)
            .filter(|limit| *limit > 0));
        column!(network_rx_bytes, |value| value);
        column!(network_tx_bytes, |value| value);
        column!(block_read_bytes, |value| value);
        column!(block_write_bytes, |value| value);
        column!(network_rx_rate, |value| value);
        column!(network_tx_rate, |value| value);
        column!(block_read_rate, |value| value);
        column!(block_write_rate, |value| value);
        column!(pids, |value| value);
        for key in &frame.lost {
            self.rows.remove(key);
            touched.push(*key);
        }
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    pub fn forget(&mut self, key: ContainerKey) {
        self.rows.remove(&key);
    }

    /// Forgets everything; gives the keys that had figures.
    pub fn clear(&mut self) -> Vec<ContainerKey> {
        self.rows.drain().map(|(key, _)| key).collect()
    }
}

#[cfg(test)]
mod tests {
    use protocol::Column;

    use super::*;

    const A: ContainerKey = ContainerKey(1);
    const B: ContainerKey = ContainerKey(2);

    fn column<T: Copy>(rows: &[(ContainerKey, T)]) -> Column<T> {
        let mut column = Column::default();
        for (key, value) in rows {
            column.push(*key, *value);
        }
        column
    }

    #[test]
    fn a_frame_changes_only_what_it_names() {
        let mut table = FigureTable::default();
        let touched = table.apply(&StatsFrame {
            reset: true,
            cpu_hundredths: column(&[(A, 100), (B, 200)]),
            memory_used_bytes: column(&[(A, 10)]),
            memory_limit_bytes: column(&[(A, 40), (B, 0)]),
            network_rx_rate: column(&[(A, Some(5)), (B, None)]),
            ..StatsFrame::default()
        });
        assert_eq!(touched, [A, B]);
        assert_eq!(table.get(A).memory_share(), Some(0.25));
        assert_eq!(table.get(B).memory_limit_bytes, None, "zero is no limit");
        assert_eq!(table.get(B).memory_share(), None);

        let touched = table.apply(&StatsFrame {
            cpu_hundredths: column(&[(B, 250)]),
            ..StatsFrame::default()
        });
        assert_eq!(touched, [B]);
        assert_eq!(table.get(A).cpu_hundredths, Some(100));
        assert_eq!(table.get(B).cpu_hundredths, Some(250));
        assert_eq!(table.get(A).network_rx_rate, Some(5));

        assert_eq!(table.apply(&StatsFrame::default()), []);
    }

    #[test]
    fn what_is_lost_is_unknown_and_not_zero() {
        let mut table = FigureTable::default();
        table.apply(&StatsFrame {
            cpu_hundredths: column(&[(A, 100), (B, 200)]),
            ..StatsFrame::default()
        });
        let touched = table.apply(&StatsFrame {
            lost: vec![A],
            ..StatsFrame::default()
        });
        assert_eq!(touched, [A]);
        assert!(!table.get(A).known());

        let touched = table.apply(&StatsFrame {
            reset: true,
            ..StatsFrame::default()
        });
        assert_eq!(touched, [B], "whoever had figures must be told");
        assert!(!table.get(B).known());
    }

    #[test]
    fn columns_of_unequal_length_do_no_harm() {
        let mut table = FigureTable::default();
        let touched = table.apply(&StatsFrame {
            cpu_hundredths: Column {
                keys: vec![A, B],
                values: vec![7],
            },
            ..StatsFrame::default()
        });
        assert_eq!(touched, [A]);
    }
}
