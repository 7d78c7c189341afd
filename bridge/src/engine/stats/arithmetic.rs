//! One frame of a statistics stream to one [`Sample`], by the docker command's formulas
//! (docker/cli, `cli/command/container/stats_helpers.go`).

use serde::{Deserialize, Deserializer};

use crate::engine::{
    lenient::{self, Told},
    sample::{Counters, Rates, Sample},
};

/// The part of a frame that a figure is made of. What is missing or null is zero, as the docker command reads it; what
/// cannot be read makes the figure unknown that it is a part of.
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
    num_procs: Told<u64>,
    #[serde(deserialize_with = "lenient::object")]
    cpu_stats: Told<RawCpu>,
    #[serde(deserialize_with = "lenient::object")]
    precpu_stats: Told<RawCpu>,
    #[serde(deserialize_with = "lenient::object")]
    memory_stats: Told<RawMemory>,
    #[serde(deserialize_with = "networks")]
    networks: Option<Counters>,
    #[serde(deserialize_with = "lenient::object")]
    blkio_stats: Told<RawBlock>,
    /// Windows.
    #[serde(deserialize_with = "lenient::object")]
    storage_stats: Told<RawStorage>,
    #[serde(deserialize_with = "lenient::object")]
    pids_stats: Told<RawPids>,
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
    .this()
    .flatten())
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawCpu {
    #[serde(deserialize_with = "lenient::object")]
    cpu_usage: Told<RawCpuUsage>,
    system_cpu_usage: Told<u64>,
    online_cpus: Told<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawCpuUsage {
    total_usage: Told<u64>,
    /// How many CPUs it lists, not what they used.
    #[serde(rename = "percpu_usage", deserialize_with = "lenient::length")]
    percpu_count: Told<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawMemory {
    usage: Told<u64>,
    limit: Told<u64>,
    #[serde(deserialize_with = "lenient::object")]
    stats: Told<RawMemoryDetails>,
    /// Windows.
    privateworkingset: Told<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawMemoryDetails {
    /// Control groups v1 only.
    total_inactive_file: Told<u64>,
    inactive_file: Told<u64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct RawBlock {
    /// Null where the kernel or the storage driver counts nothing.
    #[serde(deserialize_with = "lenient::list")]
    io_service_bytes_recursive: Told<Vec<Told<RawBlockEntry>>>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawBlockEntry {
    #[serde(deserialize_with = "direction")]
    op: Told<Option<Direction>>,
    value: Told<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Read,
    Write,
}

/// The first letter decides, as in the docker command: `Read` (v1) and `read` (v2), but neither `Sync` nor `Total`.
fn direction<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Told<Option<Direction>>, D::Error> {
    lenient::text(deserializer, |op| match op.as_bytes().first() {
        Some(b'r' | b'R') => Some(Direction::Read),
        Some(b'w' | b'W') => Some(Direction::Write),
        _ => None,
    })
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawStorage {
    read_size_bytes: Told<u64>,
    write_size_bytes: Told<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawPids {
    current: Told<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct RawNetwork {
    rx_bytes: Told<u64>,
    tx_bytes: Told<u64>,
}

impl RawNetwork {
    fn counters(self) -> Option<Counters> {
        Some(Counters {
            in_bytes: self.rx_bytes.or_zero()?,
            out_bytes: self.tx_bytes.or_zero()?,
        })
    }
}

/// The sum of all interfaces; `None` where there is none (the host's network, no network), or where one of them cannot
/// be read.
fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Counters>, D::Error> {
    let mut sum: Option<Counters> = None;
    let mut readable = true;
    lenient::each_value(deserializer, &mut |network: Told<RawNetwork>| match network
        .or_zero()
        .and_then(RawNetwork::counters)
    {
        Some(one) => {
            let sum = sum.get_or_insert_default();
            sum.in_bytes = sum.in_bytes.saturating_add(one.in_bytes);
            sum.out_bytes = sum.out_bytes.saturating_add(one.out_bytes);
        }
        None => readable = false,
    })?;
    Ok(sum.filter(|_| readable))
}

impl RawStats {
    pub fn parse(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }

    fn is_windows(&self) -> bool {
        match self.os_type {
            Some(os) => os == Os::Windows,
            None => self.num_procs.this().unwrap_or(0) > 0,
        }
    }

    fn cpu_percent(&self) -> Option<f64> {
        let (now, before) = (self.cpu_stats.or_zero()?, self.precpu_stats.or_zero()?);
        if self.is_windows() {
            self.cpu_percent_windows(&now, &before)
        } else {
            cpu_percent_unix(&now, &before)
        }
    }

    fn cpu_percent_windows(&self, now: &RawCpu, before: &RawCpu) -> Option<f64> {
        let elapsed = match (self.read_nano, self.preread_nano) {
            (Some(read), Some(preread)) => read.saturating_sub(preread).max(0),
            _ => 0,
        };
        // both in units of 100 ns
        let available = (elapsed / 100) as f64 * self.num_procs.or_zero()? as f64;
        let used = now.total()?.saturating_sub(before.total()?);
        Some(if available > 0.0 {
            used as f64 / available * 100.0
        } else {
            0.0
        })
    }

    fn cpu_nanos(&self) -> Option<u64> {
        let total = self
            .cpu_stats
            .this()?
            .cpu_usage
            .this()?
            .total_usage
            .this()?;
        Some(if self.is_windows() {
            total.saturating_mul(100)
        } else {
            total
        })
    }

    /// Without the page cache that the kernel would give back first.
    fn memory_used_bytes(&self) -> Option<u64> {
        let memory = self.memory_stats.or_zero()?;
        if self.is_windows() {
            return memory.privateworkingset.or_zero();
        }
        let usage = memory.usage.or_zero()?;
        let details = memory.stats.or_zero()?;
        let of_v1 = match details.total_inactive_file {
            Told::Nothing => None,
            told => Some(told.this()?),
        };
        let of_v2 = details.inactive_file.or_zero()?;
        let used = [of_v1, Some(of_v2)]
            .into_iter()
            .flatten()
            .find(|inactive| *inactive < usage)
            .map_or(usage, |inactive| usage - inactive);
        Some(used)
    }

    /// Zero: none is known.
    fn memory_limit_bytes(&self) -> u64 {
        if self.is_windows() {
            return 0;
        }
        let memory = self.memory_stats.this();
        memory.and_then(|memory| memory.limit.this()).unwrap_or(0)
    }

    fn block(&self) -> Option<Counters> {
        if self.is_windows() {
            let storage = self.storage_stats.this()?;
            return Some(Counters {
                in_bytes: storage.read_size_bytes.this()?,
                out_bytes: storage.write_size_bytes.this()?,
            });
        }
        let Told::This(block) = &self.blkio_stats else {
            return None;
        };
        let Told::This(entries) = &block.io_service_bytes_recursive else {
            return None;
        };
        let mut sum = Counters::default();
        for entry in entries {
            let entry = entry.or_zero()?;
            let value = entry.value.or_zero()?;
            match entry.op.or_zero()? {
                Some(Direction::Read) => sum.in_bytes = sum.in_bytes.saturating_add(value),
                Some(Direction::Write) => sum.out_bytes = sum.out_bytes.saturating_add(value),
                None => {}
            }
        }
        Some(sum)
    }

    fn pids(&self) -> Option<u64> {
        self.pids_stats.this()?.current.this()
    }

    /// The daemon leaves `precpu_stats` out of a stream's first frame: the formula would give the average
    /// since the machine began.
    fn has_past(&self) -> bool {
        // what cannot be read is there
        let counts = |total: Option<u64>| total.is_none_or(|total| total > 0);
        self.preread_nano.is_some()
            && self.precpu_stats.or_zero().is_none_or(|before| {
                counts(before.total()) || counts(before.system_cpu_usage.or_zero())
            })
    }
}

fn cpu_percent_unix(now: &RawCpu, before: &RawCpu) -> Option<f64> {
    let used = now.total()? as f64 - before.total()? as f64;
    let available =
        now.system_cpu_usage.or_zero()? as f64 - before.system_cpu_usage.or_zero()? as f64;
    Some(if used > 0.0 && available > 0.0 {
        used / available * now.cpus()? as f64 * 100.0
    } else {
        0.0
    })
}

impl RawCpu {
    fn total(&self) -> Option<u64> {
        self.cpu_usage.or_zero()?.total_usage.or_zero()
    }

    fn cpus(&self) -> Option<u64> {
        match self.online_cpus.or_zero()? {
            0 => self.cpu_usage.or_zero()?.percpu_count.or_zero(),
            count => Some(count),
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
    /// What it says of CPU or memory cannot be read. The docker command refuses such a frame, too, and shows no figure.
    Unreadable,
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
        let (Some(cpu_percent), Some(memory_used_bytes)) =
            (raw.cpu_percent(), raw.memory_used_bytes())
        else {
            return Reading::Unreadable;
        };
        Reading::Sample(Sample {
            read_at_millis: read_nano.unsigned_abs() / 1_000_000,
            cpu_percent,
            cpu_nanos: raw.cpu_nanos(),
            memory_used_bytes,
            memory_limit_bytes: raw.memory_limit_bytes(),
            network: now.network,
            block: now.block,
            network_rates: before.and_then(|before| rates(&before, &now, |at| at.network)),
            block_rates: before.and_then(|before| rates(&before, &now, |at| at.block)),
            pids: raw.pids(),
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
