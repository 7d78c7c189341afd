//! What the demo engine can be told at its start.

use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Options {
    /// How many containers there are at first; runs and removals change it a little.
    pub containers: usize,
    /// The same seed gives the same fleet and, from the same moment, the same life.
    pub seed: u64,
    /// How lively it is: 1 is something every few seconds at 24 containers; 0 leaves only health checks
    /// and what each container does by its own nature.
    pub pace: f64,
    pub release: Release,
    pub cgroup: Cgroup,
    /// How long a reading of the disk usage takes.
    pub usage_takes: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            containers: 24,
            seed: 1,
            pace: 1.0,
            release: Release::V28,
            cgroup: Cgroup::V2,
            usage_takes: Duration::from_millis(350),
        }
    }
}

/// Which engine it speaks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    V20,
    V28,
    /// The first with API 1.52 and its new shape of disk usage.
    V29,
}

impl Release {
    pub fn version(self) -> &'static str {
        match self {
            Self::V20 => "20.10.24",
            Self::V28 => "28.5.2",
            Self::V29 => "29.1.0",
        }
    }

    /// The minor of the newest API version, `51` of 1.51.
    pub fn newest_api(self) -> u32 {
        match self {
            Self::V20 => 41,
            Self::V28 => 51,
            Self::V29 => 52,
        }
    }

    pub fn oldest_api(self) -> u32 {
        match self {
            Self::V20 => 12,
            Self::V28 => 24,
            Self::V29 => 44,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cgroup {
    V1,
    V2,
}
