//! What this process itself takes from the machine, from the kernel's own figures.

use std::fs;

/// What cannot be read is not known.
#[derive(Debug, Default, PartialEq)]
pub struct Process {
    pub cpu_seconds: Option<f64>,
    /// Unix time.
    pub started_at_seconds: Option<f64>,
    pub resident_bytes: Option<u64>,
    pub virtual_bytes: Option<u64>,
    pub threads: Option<u64>,
    pub open_descriptors: Option<u64>,
    pub most_descriptors: Option<u64>,
}

/// The kernel counts time for programs in hundredths of a second, whatever it uses itself (`USER_HZ`).
const TICKS_A_SECOND: f64 = 100.0;

impl Process {
    /// Files below `/proc` are made up by the kernel when they are read: nothing waits for a disk.
    pub fn read() -> Self {
        let text = |path| fs::read_to_string(path).unwrap_or_default();
        let descriptors = fs::read_dir("/proc/self/fd").ok();
        Self {
            // the one that lists them is among them
            open_descriptors: descriptors.map(|open| (open.count() as u64).saturating_sub(1)),
            ..Self::of(
                &text("/proc/self/stat"),
                &text("/proc/self/status"),
                &text("/proc/self/limits"),
                &text("/proc/stat"),
            )
        }
    }

    fn of(stat: &str, status: &str, limits: &str, machine: &str) -> Self {
        // the name may hold anything, brackets too; the numbers follow the last one
        let numbers: Vec<&str> = stat
            .rsplit_once(')')
            .map(|(_, rest)| rest.split_whitespace().collect())
            .unwrap_or_default();
        // proc(5) counts fields from 1, and these begin with the third
        let field = |number: usize| numbers.get(number - 3)?.parse::<f64>().ok();
        let kib = |name| number(status, name).map(|kib| kib.saturating_mul(1024));
        let cpu_ticks = field(14).zip(field(15)).map(|(user, system)| user + system);
        let booted = number(machine, "btime").map(|seconds| seconds as f64);
        Self {
            cpu_seconds: cpu_ticks.map(|ticks| ticks / TICKS_A_SECOND),
            started_at_seconds: booted
                .zip(field(22))
                .map(|(booted, ticks)| booted + ticks / TICKS_A_SECOND),
            resident_bytes: kib("VmRSS:"),
            virtual_bytes: kib("VmSize:"),
            threads: number(status, "Threads:"),
            open_descriptors: None,
            most_descriptors: number(limits, "Max open files"),
        }
    }
}

/// The first number on the line that begins with `name`.
fn number(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_figures_are_read() {
        let stat = "4 (odd) name) S 1 4 4 0 -1 4194560 900 0 3 0 125 75 0 0 20 0 5 0 2050 229376000 2500 184";
        let status = "Name:\todd\nVmSize:\t  224000 kB\nVmRSS:\t   10000 kB\nThreads:\t5\n";
        let limits =
            "Limit      Soft Limit   Hard Limit   Units\nMax open files   1024   4096   files\n";
        let machine = "cpu  1 2 3\nbtime 1700000000\n";
        assert_eq!(
            Process::of(stat, status, limits, machine),
            Process {
                cpu_seconds: Some(2.0),
                started_at_seconds: Some(1_700_000_020.5),
                resident_bytes: Some(10_240_000),
                virtual_bytes: Some(229_376_000),
                threads: Some(5),
                open_descriptors: None,
                most_descriptors: Some(1024),
            }
        );
        let unlimited = "Max open files   unlimited   unlimited   files\n";
        assert_eq!(
            Process::of("", "", unlimited, ""),
            Process::default(),
            "what cannot be read is not zero"
        );
    }

    #[test]
    fn this_process_is_known() {
        let process = Process::read();
        assert!(process.cpu_seconds.is_some() && process.started_at_seconds.is_some());
        assert!(process.resident_bytes.unwrap() < process.virtual_bytes.unwrap());
        assert!(process.threads.unwrap() >= 1 && process.open_descriptors.unwrap() >= 3);
    }
}
