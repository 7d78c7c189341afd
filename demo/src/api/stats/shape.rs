//! A reading as the daemon writes it, for both cgroup versions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::reading::Reading;
use crate::options::{Cgroup, Options, Release};
use crate::time::Time;

#[derive(Serialize)]
pub struct Stats<'a> {
    #[serde(flatten)]
    name_first: Option<Named<'a>>,
    read: Time,
    preread: Time,
    pids_stats: Pids,
    blkio_stats: Blkio,
    num_procs: u32,
    storage_stats: Empty,
    cpu_stats: CpuStats,
    precpu_stats: CpuStats,
    memory_stats: MemoryStats,
    #[serde(flatten)]
    name_last: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    networks: Option<BTreeMap<&'static str, Traffic>>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    id: &'a str,
}

#[derive(Serialize, Default)]
struct Empty {}

#[derive(Serialize, Default)]
struct Pids {
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
}

#[derive(Serialize, Default)]
struct Blkio {
    io_service_bytes_recursive: Option<Vec<BlkioEntry>>,
    io_serviced_recursive: Option<Vec<BlkioEntry>>,
    io_queue_recursive: Option<Vec<BlkioEntry>>,
    io_service_time_recursive: Option<Vec<BlkioEntry>>,
    io_wait_time_recursive: Option<Vec<BlkioEntry>>,
    io_merged_recursive: Option<Vec<BlkioEntry>>,
    io_time_recursive: Option<Vec<BlkioEntry>>,
    sectors_recursive: Option<Vec<BlkioEntry>>,
}

#[derive(Serialize)]
struct BlkioEntry {
    major: u32,
    minor: u32,
    op: &'static str,
    value: u64,
}

#[derive(Serialize, Default)]
struct CpuStats {
    cpu_usage: CpuUsage,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_cpu_usage: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    online_cpus: Option<u32>,
    throttling_data: Throttling,
}

#[derive(Serialize, Default)]
struct CpuUsage {
    total_usage: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    percpu_usage: Option<Vec<u64>>,
    usage_in_kernelmode: u64,
    usage_in_usermode: u64,
}

#[derive(Serialize, Default)]
struct Throttling {
    periods: u64,
    throttled_periods: u64,
    throttled_time: u64,
}

#[derive(Serialize, Default)]
struct MemoryStats {
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_usage: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<Detail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Detail {
    V1(MemoryV1),
    V2(MemoryV2),
}

#[derive(Serialize)]
struct Traffic {
    rx_bytes: u64,
    rx_packets: u64,
    rx_errors: u64,
    rx_dropped: u64,
    tx_bytes: u64,
    tx_packets: u64,
    tx_errors: u64,
    tx_dropped: u64,
}

macro_rules! memory_detail {
    ($name:ident { $($field:ident),* $(,)? }) => {
        #[derive(Serialize, Default)]
        struct $name { $($field: u64),* }
    };
}

memory_detail!(MemoryV1 {
    active_anon,
    active_file,
    cache,
    dirty,
    hierarchical_memory_limit,
    hierarchical_memsw_limit,
    inactive_anon,
    inactive_file,
    mapped_file,
    pgfault,
    pgmajfault,
    pgpgin,
    pgpgout,
    rss,
    rss_huge,
    total_active_anon,
    total_active_file,
    total_cache,
    total_dirty,
    total_inactive_anon,
    total_inactive_file,
    total_mapped_file,
    total_pgfault,
    total_pgmajfault,
    total_pgpgin,
    total_pgpgout,
    total_rss,
    total_rss_huge,
    total_unevictable,
    total_writeback,
    unevictable,
    writeback,
});

memory_detail!(MemoryV2 {
    active_anon,
    active_file,
    anon,
    anon_thp,
    file,
    file_dirty,
    file_mapped,
    file_writeback,
    inactive_anon,
    inactive_file,
    kernel_stack,
    pgactivate,
    pgdeactivate,
    pgfault,
    pglazyfree,
    pglazyfreed,
    pgmajfault,
    pgrefill,
    pgscan,
    pgsteal,
    shmem,
    slab,
    slab_reclaimable,
    slab_unreclaimable,
    sock,
    thp_collapse_alloc,
    thp_fault_alloc,
    unevictable,
    workingset_activate,
    workingset_nodereclaim,
    workingset_refault,
});

impl<'a> Stats<'a> {
    /// `named`: newer engines leave name and id out of a one-shot answer.
    pub fn of(
        reading: &'a Reading,
        previous: Option<&Reading>,
        options: &Options,
        named: bool,
    ) -> Self {
        let old = options.release == Release::V20;
        let name = || Named {
            name: &reading.name,
            id: &reading.id,
        };
        let (name_first, name_last) = ((named && !old).then(name), old.then(name));
        if !reading.running {
            return Self {
                name_first,
                read: Time::NEVER,
                preread: Time::NEVER,
                pids_stats: Pids::default(),
                blkio_stats: Blkio::default(),
                num_procs: 0,
                storage_stats: Empty {},
                cpu_stats: CpuStats::default(),
                precpu_stats: CpuStats::default(),
                memory_stats: MemoryStats::default(),
                name_last,
                networks: None,
            };
        }
        let v1 = options.cgroup == Cgroup::V1;
        Self {
            name_first,
            read: reading.at,
            preread: previous.map_or(Time::NEVER, |previous| previous.at),
            pids_stats: Pids {
                current: Some(reading.threads),
                limit: (!v1).then_some(u64::MAX),
            },
            blkio_stats: blkio(reading, v1),
            num_procs: 0,
            storage_stats: Empty {},
            cpu_stats: cpu(reading, v1),
            precpu_stats: previous.map_or_else(CpuStats::default, |previous| cpu(previous, v1)),
            memory_stats: memory(reading, v1),
            name_last,
            networks: reading
                .network
                .then(|| BTreeMap::from([("eth0", traffic(reading))])),
        }
    }
}

fn cpu(reading: &Reading, v1: bool) -> CpuStats {
    let total = reading.cpu.total;
    let kernel = total / 5;
    // The first processors get a little more, as they do.
    let percpu = || {
        let share = total / u64::from(reading.cpus.max(1));
        let mut percpu = vec![share; reading.cpus as usize];
        if let Some(first) = percpu.first_mut() {
            *first += total % u64::from(reading.cpus.max(1));
        }
        percpu
    };
    CpuStats {
        cpu_usage: CpuUsage {
            total_usage: total,
            percpu_usage: v1.then(percpu),
            usage_in_kernelmode: if v1 {
                kernel / 10_000_000 * 10_000_000
            } else {
                kernel
            },
            usage_in_usermode: if v1 {
                (total - kernel) / 10_000_000 * 10_000_000
            } else {
                total - kernel
            },
        },
        system_cpu_usage: Some(reading.cpu.system),
        online_cpus: Some(reading.cpus),
        throttling_data: Throttling::default(),
    }
}

fn blkio(reading: &Reading, v1: bool) -> Blkio {
    let entry = |op, value| BlkioEntry {
        major: 259,
        minor: 0,
        op,
        value,
    };
    if v1 {
        let whole = reading.read + reading.written;
        let bytes = vec![
            entry("Read", reading.read),
            entry("Write", reading.written),
            entry("Sync", whole / 3),
            entry("Async", whole - whole / 3),
            entry("Discard", 0),
            entry("Total", whole),
        ];
        let empty = || Some(Vec::new());
        return Blkio {
            io_service_bytes_recursive: Some(bytes),
            io_serviced_recursive: empty(),
            io_queue_recursive: empty(),
            io_service_time_recursive: empty(),
            io_wait_time_recursive: empty(),
            io_merged_recursive: empty(),
            io_time_recursive: empty(),
            sectors_recursive: empty(),
        };
    }
    // A container that never touched the disk has no entry.
    let bytes = (reading.read + reading.written > 0)
        .then(|| vec![entry("read", reading.read), entry("write", reading.written)]);
    Blkio {
        io_service_bytes_recursive: bytes,
        ..Blkio::default()
    }
}

fn memory(reading: &Reading, v1: bool) -> MemoryStats {
    let anon = reading.memory_usage - reading.inactive_file;
    let faults = reading.memory_peak / 4096;
    let detail = if v1 {
        let limit = if reading.unlimited {
            9_223_372_036_854_771_712
        } else {
            reading.memory_limit
        };
        Detail::V1(MemoryV1 {
            cache: reading.inactive_file,
            hierarchical_memory_limit: limit,
            hierarchical_memsw_limit: limit,
            inactive_anon: anon,
            inactive_file: reading.inactive_file,
            pgfault: faults,
            pgpgin: faults,
            rss: anon,
            total_cache: reading.inactive_file,
            total_inactive_anon: anon,
            total_inactive_file: reading.inactive_file,
            total_pgfault: faults,
            total_pgpgin: faults,
            total_rss: anon,
            ..MemoryV1::default()
        })
    } else {
        Detail::V2(MemoryV2 {
            anon,
            inactive_anon: anon,
            file: reading.inactive_file,
            inactive_file: reading.inactive_file,
            kernel_stack: reading.threads * 16_384,
            pgfault: faults,
            ..MemoryV2::default()
        })
    };
    MemoryStats {
        usage: Some(reading.memory_usage),
        max_usage: v1.then_some(reading.memory_peak),
        stats: Some(detail),
        limit: Some(reading.memory_limit),
    }
}

fn traffic(reading: &Reading) -> Traffic {
    Traffic {
        rx_bytes: reading.received,
        rx_packets: reading.received / 900,
        rx_errors: 0,
        rx_dropped: 0,
        tx_bytes: reading.sent,
        tx_packets: reading.sent / 900,
        tx_errors: 0,
        tx_dropped: 0,
    }
}
