//! What a process has used and holds, as the kernel tells it in `/proc`.

use std::fs;
use std::ops::{Add, AddAssign, Sub};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::tool;

/// Processor time since a process began, of all its threads, those that ended included. In the kernel's ticks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticks(pub u64);

impl Add for Ticks {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Ticks {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Ticks {
    type Output = Self;
    /// What was used between two readings; nothing where a process ended in between.
    fn sub(self, before: Self) -> Self {
        Self(self.0.saturating_sub(before.0))
    }
}

impl Ticks {
    /// Of one process. A process that ended has used nothing more.
    pub fn of(pid: u32) -> Result<Self> {
        match fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(line) => used(&line).with_context(|| format!("/proc/{pid}/stat says {line:?}")),
            Err(_) => Ok(Self(0)),
        }
    }

    /// Of all processes in `pids` together.
    pub fn of_all(pids: &[u32]) -> Result<Self> {
        let mut sum = Self(0);
        for &pid in pids {
            sum += Self::of(pid)?;
        }
        Ok(sum)
    }

    /// What the whole machine was busy with: everything but idling and waiting for disks, and without what a hypervisor
    /// took away.
    pub fn of_machine() -> Result<Self> {
        let stat = fs::read_to_string("/proc/stat").context("/proc/stat")?;
        busy(&stat).context("/proc/stat has no line for all processors")
    }
}

/// `utime` and `stime` of a line of `/proc/PID/stat`. The name of the program stands in parentheses and may hold anything.
fn used(line: &str) -> Option<Ticks> {
    let (_, after_name) = line.rsplit_once(')')?;
    // the first is the state, the third field of the line
    let mut fields = after_name.split_ascii_whitespace().skip(14 - 3);
    let utime: u64 = fields.next()?.parse().ok()?;
    let stime: u64 = fields.next()?.parse().ok()?;
    Some(Ticks(utime + stime))
}

/// user, nice, system, irq and softirq of the first line of `/proc/stat`.
fn busy(stat: &str) -> Option<Ticks> {
    let all = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let fields: Vec<u64> = all
        .split_ascii_whitespace()
        .map_while(|field| field.parse().ok())
        .collect();
    let &[user, nice, system, _idle, _iowait, irq, softirq, ..] = fields.as_slice() else {
        return None;
    };
    Some(Ticks(user + nice + system + irq + softirq))
}

/// How many ticks the kernel counts in a second.
pub fn ticks_a_second() -> Result<u64> {
    let text = tool::output(std::process::Command::new("getconf").arg("CLK_TCK"))?;
    text.trim()
        .parse()
        .with_context(|| format!("`getconf CLK_TCK` says {text:?}"))
}

/// Memory of a process, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// Resident: all pages of its own and all that it shares.
    pub rss: u64,
    /// As `rss`, but of a page that several processes share only its part.
    pub pss: u64,
}

impl Memory {
    pub fn of(pid: u32) -> Result<Self> {
        let path = format!("/proc/{pid}/smaps_rollup");
        let text = fs::read_to_string(&path).with_context(|| path.clone())?;
        resident(&text).with_context(|| format!("{path} says {text:?}"))
    }

    /// The larger of two readings, figure by figure.
    pub fn max(self, other: Self) -> Self {
        Self {
            rss: self.rss.max(other.rss),
            pss: self.pss.max(other.pss),
        }
    }
}

fn resident(smaps: &str) -> Option<Memory> {
    let bytes = |name: &str| {
        let line = smaps.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    };
    Some(Memory {
        rss: bytes("Rss:")?,
        pss: bytes("Pss:")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_read_behind_any_name() {
        let rest = "S 1 70 70 0 -1 4194560 9 8 7 6 250 31 99 98 20 0 5 0 1 2 3";
        for (line, expected) in [
            (format!("70 (dockerd) {rest}"), Some(Ticks(281))),
            (format!("70 (a b) {rest}"), Some(Ticks(281))),
            (format!("70 (x) y (z)) {rest}"), Some(Ticks(281))),
            (format!("70 () S) {rest}"), Some(Ticks(281))),
            ("70 (dockerd) S 1 2 3".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(used(&line), expected, "{line}");
        }
        let own = Ticks::of(std::process::id()).unwrap();
        assert!(own.0 < Ticks::of_machine().unwrap().0);
    }

    #[test]
    fn a_process_that_ended_used_nothing_more() {
        // no process has the number 0
        assert_eq!(Ticks::of(0).unwrap(), Ticks(0));
        assert_eq!(Ticks(0) - Ticks(5), Ticks(0));
        assert_eq!(Ticks(7) - Ticks(5), Ticks(2));
    }

    #[test]
    fn the_machine_is_busy_with_all_but_waiting() {
        let stat = "cpu  1000 200 30 99999 88888 4 5 77777 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
        assert_eq!(busy(stat), Some(Ticks(1239)));
        assert_eq!(busy("cpu0 1 1 1 1 1 1 1\n"), None);
    }

    #[test]
    fn memory_is_read_in_both_measures() {
        let smaps = "55d0-7ffe ---p 00000000 00:00 0   [rollup]\nRss:               12340 kB\nPss:                9876 kB\nPss_Dirty:          1 kB\n";
        let expected = Memory {
            rss: 12_340 * 1024,
            pss: 9_876 * 1024,
        };
        assert_eq!(resident(smaps), Some(expected));
        assert_eq!(resident("Rss: 1 kB\n"), None);
        assert!(Memory::of(std::process::id()).unwrap().pss > 0);
    }
}
