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

/// The figures of all containers as the frames so far left them. In the order of the keys, as a frame's columns are,
/// so that taking one in goes through the rows and searches for none.
#[derive(Debug, Clone, Default)]
pub struct FigureTable {
    keys: Vec<ContainerKey>,
    rows: Vec<Figures>,
}

impl FigureTable {
    pub fn get(&self, key: ContainerKey) -> Figures {
        self.keys
            .binary_search(&key)
            .map(|place| self.rows[place])
            .unwrap_or_default()
    }

    /// Whose figures are known, in order.
    pub fn iter(&self) -> impl Iterator<Item = (ContainerKey, &Figures)> {
        self.keys.iter().copied().zip(&self.rows)
    }

    /// Takes in one frame.
    pub fn apply(&mut self, frame: &StatsFrame) {
        if frame.reset {
            self.clear();
        }
        macro_rules! column {
            ($field:ident, $of:expr) => {
                let mut near = 0;
                for (key, value) in frame.$field.iter() {
                    let place = self.place(near, key);
                    self.rows[place].$field = $of(value);
                    near = place + 1;
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
            self.forget(*key);
        }
    }

    /// Where the row of `key` is, made if need be; most often it is the one `near`.
    fn place(&mut self, near: usize, key: ContainerKey) -> usize {
        if self.keys.get(near) == Some(&key) {
            return near;
        }
        self.keys.binary_search(&key).unwrap_or_else(|place| {
            self.keys.insert(place, key);
            self.rows.insert(place, Figures::default());
            place
        })
    }

    pub fn forget(&mut self, key: ContainerKey) {
        if let Ok(place) = self.keys.binary_search(&key) {
            self.keys.remove(place);
            self.rows.remove(place);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.keys.clear();
        self.rows.clear();
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

    fn known(table: &FigureTable) -> Vec<ContainerKey> {
        table.iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn whatever_the_order_of_the_keys_each_has_its_own_figures() {
        let mut table = FigureTable::default();
        for keys in [
            vec![5, 1, 3],
            vec![3, 5],
            vec![1, 2, 3, 4, 5],
            vec![5, 5, 1],
        ] {
            let rows: Vec<_> = keys
                .iter()
                .map(|&key| (ContainerKey(key), u64::from(key) * 100))
                .collect();
            table.apply(&StatsFrame {
                cpu_hundredths: column(&rows),
                memory_used_bytes: column(&rows[1..]),
                ..StatsFrame::default()
            });
            for (key, hundredths) in rows {
                assert_eq!(table.get(key).cpu_hundredths, Some(hundredths), "{keys:?}");
            }
        }
        assert_eq!(known(&table), [1, 2, 3, 4, 5].map(ContainerKey));
        table.forget(ContainerKey(3));
        assert_eq!(known(&table), [1, 2, 4, 5].map(ContainerKey));
        assert_eq!(table.get(ContainerKey(4)).cpu_hundredths, Some(400));
    }

    #[test]
    fn a_frame_changes_only_what_it_names() {
        let mut table = FigureTable::default();
        table.apply(&StatsFrame {
            reset: true,
            cpu_hundredths: column(&[(A, 100), (B, 200)]),
            memory_used_bytes: column(&[(A, 10)]),
            memory_limit_bytes: column(&[(A, 40), (B, 0)]),
            network_rx_rate: column(&[(A, Some(5)), (B, None)]),
            ..StatsFrame::default()
        });
        assert_eq!(table.get(A).memory_share(), Some(0.25));
        assert_eq!(table.get(B).memory_limit_bytes, None, "zero is no limit");
        assert_eq!(table.get(B).memory_share(), None);

        table.apply(&StatsFrame {
            cpu_hundredths: column(&[(B, 250)]),
            ..StatsFrame::default()
        });
        assert_eq!(table.get(A).cpu_hundredths, Some(100));
        assert_eq!(table.get(B).cpu_hundredths, Some(250));
        assert_eq!(table.get(A).network_rx_rate, Some(5));

        table.apply(&StatsFrame::default());
        assert_eq!(known(&table), [A, B]);
    }

    #[test]
    fn what_is_lost_is_unknown_and_not_zero() {
        let mut table = FigureTable::default();
        table.apply(&StatsFrame {
            cpu_hundredths: column(&[(A, 100), (B, 200)]),
            ..StatsFrame::default()
        });
        table.apply(&StatsFrame {
            lost: vec![A],
            ..StatsFrame::default()
        });
        assert!(!table.get(A).known());

        table.apply(&StatsFrame {
            reset: true,
            ..StatsFrame::default()
        });
        assert!(!table.get(B).known());
    }

    #[test]
    fn columns_of_unequal_length_do_no_harm() {
        let mut table = FigureTable::default();
        table.apply(&StatsFrame {
            cpu_hundredths: Column {
                keys: vec![A, B],
                values: vec![7],
            },
            ..StatsFrame::default()
        });
        assert_eq!(known(&table), [A]);
    }
}
