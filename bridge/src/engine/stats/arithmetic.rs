//! One frame of a statistics stream to one [`Sample`], by the docker command's formulas
//! (docker/cli, `cli/command/container/stats_helpers.go`).

use serde::{Deserialize, Deserializer};

use crate::engine::{
    lenient,
    sample::{Counters, Rates, Sample},
};

/// The part of a frame that a figure is made of. Whatever else is missing, null or of another type
/// costs only the figure it stands for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RawStats {
    /// `None`: the zero time, which a container without processes has.
    #[serde(rename = "read", deserialize_with = "lenient::time")]
    read_nano: Option<i64>,
    /// `None`: the zero time, which the first frame of a stream has.
    #[serde(rename = "preread", deserialize_with = "lenient::time")]
    preread_nano: Option<i64>,
    /// Said from API 1.52 on.
    #[serde(deserialize_with = "os")]
    os_type: Option<Os>,
    /// Not zero on Windows only.
    #[serde(deserialize_with = "lenient::count")]
    num_procs: Option<u64>,
    #[serde(deserialize_with = "lenient::object")]
    cpu_stats: RawCpu,
    #[serde(deserialize_with = "lenient::object")]
    precpu_stats: RawCpu,
    #[serde(deserialize_with = "lenient::object")]
    memory_stats: RawMemory,
    #[serde(deserialize_with = "networks")]
    networks: Option<Counters>,
    #[serde(deserialize_with = "lenient::object")]
    blkio_stats: RawBlock,
    /// Windows.
    #[serde(deserialize_with = "lenient::object")]
    storage_stats: RawStorage,
    #[serde(deserialize_with = "lenient::object")]
    pids_stats: RawPids,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Os {
    Windows,
    Unix,
}

fn os<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Os>, D::Error> {
    Ok(lenient::text(deserializer, |name| match name {
        "" => None,
        "windows" => Some(Os::Windows),
        _ => Some(Os::Unix),
    })?
    .flatten())
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawCpu {
    #[serde(deserialize_with = "lenient::object")]
    cpu_usage: RawCpuUsage,
    #[serde(deserialize_with = "lenient::count")]
    system_cpu_usage: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    online_cpus: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawCpuUsage {
    #[serde(deserialize_with = "lenient::count")]
    total_usage: Option<u64>,
    /// How many CPUs it lists, not what they used.
    #[serde(rename = "percpu_usage", deserialize_with = "lenient::length")]
    percpu_count: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawMemory {
    #[serde(deserialize_with = "lenient::count")]
    usage: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    limit: Option<u64>,
    #[serde(deserialize_with = "lenient::object")]
    stats: RawMemoryDetails,
    /// Windows.
    #[serde(deserialize_with = "lenient::count")]
    privateworkingset: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawMemoryDetails {
    /// Control groups v1 only.
    #[serde(deserialize_with = "lenient::count")]
    total_inactive_file: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    inactive_file: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawBlock {
    /// Null where the kernel or the storage driver counts nothing.
    #[serde(deserialize_with = "lenient::optional_list")]
    io_service_bytes_recursive: Option<Vec<RawBlockEntry>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawBlockEntry {
    #[serde(deserialize_with = "direction")]
    op: Option<Direction>,
    #[serde(deserialize_with = "lenient::count")]
    value: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Read,
    Write,
}

/// The first letter decides, as in the docker command: `Read` (v1) and `read` (v2), but neither `Sync` nor `Total`.
fn direction<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Direction>, D::Error> {
    Ok(
        lenient::text(deserializer, |op| match op.as_bytes().first() {
            Some(b'r' | b'R') => Some(Direction::Read),
            Some(b'w' | b'W') => Some(Direction::Write),
            _ => None,
        })?
        .flatten(),
    )
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawStorage {
    #[serde(deserialize_with = "lenient::count")]
    read_size_bytes: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    write_size_bytes: Option<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawPids {
    #[serde(deserialize_with = "lenient::count")]
    current: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawNetwork {
    #[serde(deserialize_with = "lenient::count")]
    rx_bytes: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    tx_bytes: Option<u64>,
}

/// The sum of all interfaces; `None` where there is none (the host's network, no network).
fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Counters>, D::Error> {
    let mut sum: Option<Counters> = None;
    lenient::each_value(deserializer, &mut |network: RawNetwork| {
        let sum = sum.get_or_insert_default();
        sum.in_bytes = sum.in_bytes.saturating_add(network.rx_bytes.unwrap_or(0));
        sum.out_bytes = sum.out_bytes.saturating_add(network.tx_bytes.unwrap_or(0));
    })?;
    Ok(sum)
}

impl RawStats {
    pub fn parse(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }

    fn is_windows(&self) -> bool {
        match self.os_type {
            Some(os) => os == Os::Windows,
            None => self.num_procs.unwrap_or(0) > 0,
        }
    }

    fn cpu_percent(&self) -> f64 {
        if self.is_windows() {
            self.cpu_percent_windows()
        } else {
            self.cpu_percent_unix()
        }
    }

    fn cpu_percent_unix(&self) -> f64 {
        let (now, before) = (&self.cpu_stats, &self.precpu_stats);
        let used = now.total() as f64 - before.total() as f64;
        let available = now.system() as f64 - before.system() as f64;
        if used > 0.0 && available > 0.0 {
            used / available * now.cpus() as f64 * 100.0
        } else {
            0.0
        }
    }

    fn cpu_percent_windows(&self) -> f64 {
        let elapsed = match (self.read_nano, self.preread_nano) {
            (Some(read), Some(preread)) => read.saturating_sub(preread).max(0),
            _ => 0,
        };
        // both in units of 100 ns
        let available = (elapsed / 100) as f64 * self.num_procs.unwrap_or(0) as f64;
        let used = self
            .cpu_stats
            .total()
            .saturating_sub(self.precpu_stats.total());
        if available > 0.0 {
            used as f64 / available * 100.0
        } else {
            0.0
        }
    }

    fn cpu_nanos(&self) -> Option<u64> {
        let total = self.cpu_stats.cpu_usage.total_usage?;
        Some(if self.is_windows() {
            total.saturating_mul(100)
        } else {
            total
        })
    }

    /// Without the page cache that the kernel would give back first.
    fn memory_used_bytes(&self) -> u64 {
        let memory = &self.memory_stats;
        if self.is_windows() {
            return memory.privateworkingset.unwrap_or(0);
        }
        let usage = memory.usage.unwrap_or(0);
        let inactive_v2 = memory.stats.inactive_file.unwrap_or(0);
        [memory.stats.total_inactive_file, Some(inactive_v2)]
            .into_iter()
            .flatten()
            .find(|inactive| *inactive < usage)
            .map_or(usage, |inactive| usage - inactive)
    }

    fn memory_limit_bytes(&self) -> u64 {
        if self.is_windows() {
            0
        } else {
            self.memory_stats.limit.unwrap_or(0)
        }
    }

    fn block(&self) -> Option<Counters> {
        if self.is_windows() {
            let storage = &self.storage_stats;
            return Some(Counters {
                in_bytes: storage.read_size_bytes?,
                out_bytes: storage.write_size_bytes?,
            });
        }
        let entries = self.blkio_stats.io_service_bytes_recursive.as_ref()?;
        let mut sum = Counters::default();
        for entry in entries {
            let value = entry.value.unwrap_or(0);
            match entry.op {
                Some(Direction::Read) => sum.in_bytes = sum.in_bytes.saturating_add(value),
                Some(Direction::Write) => sum.out_bytes = sum.out_bytes.saturating_add(value),
                None => {}
            }
        }
        Some(sum)
    }

    /// The daemon leaves `precpu_stats` out of a stream's first frame: the formula would give the average
    /// since the machine began.
    fn has_past(&self) -> bool {
        self.preread_nano.is_some()
            && (self.precpu_stats.total() > 0 || self.precpu_stats.system() > 0)
    }
}

impl RawCpu {
    fn total(&self) -> u64 {
        self.cpu_usage.total_usage.unwrap_or(0)
    }

    fn system(&self) -> u64 {
        self.system_cpu_usage.unwrap_or(0)
    }

    fn cpus(&self) -> u64 {
        match self.online_cpus {
            None | Some(0) => self.cpu_usage.percpu_count.unwrap_or(0),
            Some(count) => count,
        }
    }
}

/// What a frame says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    Sample(Sample),
    /// The first frame of a stream: no figure yet.
    First,
    /// The container has no processes: the daemon sends zeros, which are no figures.
    Stopped,
}

/// Reads the frames of one stream in their order.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    before: Option<Before>,
}

#[derive(Debug, Clone, Copy)]
struct Before {
    read_nano: i64,
    network: Option<Counters>,
    block: Option<Counters>,
}

impl Meter {
    pub fn read(&mut self, raw: &RawStats) -> Reading {
        let Some(read_nano) = raw.read_nano.filter(|nano| *nano >= 0) else {
            self.before = None;
            return Reading::Stopped;
        };
        let now = Before {
            read_nano,
            network: raw.networks,
            block: raw.block(),
        };
        let before = self.before.replace(now);
        if !raw.has_past() {
            return Reading::First;
        }
        Reading::Sample(Sample {
            read_at_millis: read_nano.unsigned_abs() / 1_000_000,
            cpu_percent: raw.cpu_percent(),
            cpu_nanos: raw.cpu_nanos(),
            memory_used_bytes: raw.memory_used_bytes(),
            memory_limit_bytes: raw.memory_limit_bytes(),
            network: now.network,
            block: now.block,
            network_rates: before.and_then(|before| rates(&before, &now, |at| at.network)),
            block_rates: before.and_then(|before| rates(&before, &now, |at| at.block)),
            pids: raw.pids_stats.current,
        })
    }
}

/// `None` where either end has no counters or no time went by.
fn rates(before: &Before, now: &Before, of: fn(&Before) -> Option<Counters>) -> Option<Rates> {
    let elapsed_nano = now.read_nano.checked_sub(before.read_nano)?;
    if elapsed_nano <= 0 {
        return None;
    }
    let (before, now) = (of(before)?, of(now)?);
    let per_second = |before: u64, now: u64| {
        // a counter that fell was begun anew: how much it counted before that is not known
        let bytes = now.checked_sub(before)?;
        Some((bytes as f64 * 1e9 / elapsed_nano as f64).round() as u64)
    };
    Some(Rates {
        in_per_second: per_second(before.in_bytes, now.in_bytes),
        out_per_second: per_second(before.out_bytes, now.out_bytes),
    })
}
