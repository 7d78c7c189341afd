//! Where and when it was measured. No name of the machine.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::tool;

#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_bytes: u64,
    pub kernel: String,
    pub system: String,
    pub engine: String,
    pub chromium: String,
    /// Of the last minute, before anything was started.
    pub load: f64,
}

impl Machine {
    /// Read before the measuring begins, when the engine runs.
    pub fn read(engine: &Path, load: f64) -> Result<Self> {
        let first = |command: &mut Command| -> Result<String> {
            let text = tool::output(command)?;
            Ok(text.lines().next().unwrap_or_default().trim().to_owned())
        };
        let chromium = tool::find("chromium").context("chromium is missing")?;
        Ok(Self {
            processor: processor(&fs::read_to_string("/proc/cpuinfo")?),
            cores: available_parallelism()?.get(),
            memory_bytes: memory(&fs::read_to_string("/proc/meminfo")?)
                .context("/proc/meminfo says no MemTotal")?,
            kernel: first(Command::new("uname").arg("--kernel-release"))?,
            system: first(
                Command::new("sh").args(["-c", ". /etc/os-release && echo \"$PRETTY_NAME\""]),
            )?,
            engine: first(Command::new(engine.join("docker")).args([
                "version",
                "--format",
                "{{.Server.Version}}",
            ]))?,
            chromium: first(Command::new(chromium).arg("--version"))?
                .trim_start_matches("Chromium ")
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned(),
            load,
        })
    }
}

/// The day and the minute, in UTC.
pub fn now() -> Result<String> {
    let date = tool::output(Command::new("date").args(["--utc", "+%Y-%m-%d %H:%M"]))?;
    Ok(date.trim().to_owned())
}

/// The mean of tasks that ran or wanted to, over the last minute.
pub fn load() -> Result<f64> {
    let text = fs::read_to_string("/proc/loadavg").context("/proc/loadavg")?;
    text.split(' ')
        .next()
        .and_then(|load| load.parse().ok())
        .with_context(|| format!("/proc/loadavg says {text:?}"))
}

fn processor(cpuinfo: &str) -> String {
    let models: BTreeSet<&str> = cpuinfo
        .lines()
        .filter_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map(|(_, model)| model.trim())
        .collect();
    if models.is_empty() {
        return std::env::consts::ARCH.to_owned();
    }
    models.into_iter().collect::<Vec<_>>().join(", ")
}

fn memory(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_told_by_its_processor_and_its_memory() {
        let cpuinfo = "processor\t: 0\nmodel name\t: Fine CPU @ 2 GHz\nprocessor\t: 1\nmodel name\t: Fine CPU @ 2 GHz\n";
        assert_eq!(processor(cpuinfo), "Fine CPU @ 2 GHz");
        assert_eq!(
            processor("CPU implementer : 0x41\n"),
            std::env::consts::ARCH
        );
        assert_eq!(
            memory("MemTotal:       24600000 kB\nMemFree: 1 kB\n"),
            Some(24_600_000 * 1024)
        );
    }
}
