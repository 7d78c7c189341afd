use serde::{Deserialize, Serialize};

use crate::ContainerKey;

/// The samples of one tick, in columns: only values that differ from what the viewer has.
///
/// A container that is in no column has either the same figures as before or none; `lost` tells which.
/// Keys stand in order in each column. Of the sum only CPU, memory used, rates and processes are known; traffic of a
/// container in another one's network is counted once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatsFrame {
    pub at_millis: u64,
    /// Begin anew: whatever the viewer had before this frame is void.
    pub reset: bool,
    /// Hundredths of a percent of one CPU, rounded as the docker command prints them.
    pub cpu_hundredths: Column<u64>,
    pub memory_used_bytes: Column<u64>,
    /// Zero: the daemon gives none.
    pub memory_limit_bytes: Column<u64>,
    /// `None`: the daemon has no figure (a container on the host's network, a driver without block I/O).
    pub network_rx_bytes: Column<Option<u64>>,
    pub network_tx_bytes: Column<Option<u64>>,
    pub block_read_bytes: Column<Option<u64>>,
    pub block_write_bytes: Column<Option<u64>>,
    /// Bytes a second; `None`: not known (first sample, or the counter fell).
    pub network_rx_rate: Column<Option<u64>>,
    pub network_tx_rate: Column<Option<u64>>,
    pub block_read_rate: Column<Option<u64>>,
    pub block_write_rate: Column<Option<u64>>,
    /// Processes and threads; `None` where the daemon counts none.
    pub pids: Column<Option<u64>>,
    /// Containers whose figures are no longer known.
    pub lost: Vec<ContainerKey>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column<T> {
    pub keys: Vec<ContainerKey>,
    /// As many as there are keys.
    pub values: Vec<T>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            values: Vec::new(),
        }
    }
}

impl<T: Copy> Column<T> {
    pub fn push(&mut self, key: ContainerKey, value: T) {
        self.keys.push(key);
        self.values.push(value);
    }

    pub fn iter(&self) -> impl Iterator<Item = (ContainerKey, T)> + '_ {
        self.keys.iter().copied().zip(self.values.iter().copied())
    }
}

/// The past of one container (or of the sum), oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesFrame {
    pub key: ContainerKey,
    /// One for each stretch that was watched without a break; between them nobody looked.
    pub segments: Vec<Segment>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub start_millis: u64,
    /// Since the point before; the first is 0.
    pub steps_millis: Vec<u32>,
    /// All columns have as many values as there are steps.
    pub cpu_hundredths: Vec<u64>,
    pub memory_used_bytes: Vec<u64>,
    /// Bytes a second; `None` where unknown.
    pub network_rx_rate: Vec<Option<u64>>,
    pub network_tx_rate: Vec<Option<u64>>,
    pub block_read_rate: Vec<Option<u64>>,
    pub block_write_rate: Vec<Option<u64>>,
    pub pids: Vec<Option<u64>>,
}
