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
