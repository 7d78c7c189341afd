//! What is measured on, when, and of which sources. No name of the machine.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::{tool, workspace};

#[derive(Debug, Clone, Serialize)]
pub struct Host {
    pub processor: String,
    pub cores: usize,
    pub memory_bytes: u64,
    pub kernel: String,
    pub system: String,
}

impl Host {
    pub fn read() -> Result<Self> {
        Ok(Self {
            processor: processor(&fs::read_to_string("/proc/cpuinfo")?),
            cores: available_parallelism()?.get(),
            memory_bytes: memory(&fs::read_to_string("/proc/meminfo")?)
                .context("/proc/meminfo says no MemTotal")?,
            kernel: first_line(Command::new("uname").arg("--kernel-release"))?,
            system: first_line(
                Command::new("sh").args(["-c", ". /etc/os-release && echo \"$PRETTY_NAME\""]),
            )?,
        })
    }
}

/// `2 cores of X, 23 GiB, Debian GNU/Linux 12, Linux 6.1`
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cores of {}, {:.0} GiB, {}, Linux {}",
            self.cores,
            self.processor,
            self.memory_bytes as f64 / 1024.0 / 1024.0 / 1024.0,
            self.system,
            self.kernel,
        )
    }
}

/// Of what a program prints.
pub fn first_line(command: &mut Command) -> Result<String> {
    let text = tool::output(command)?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// `28.5.2`, of what `docker --version` says.
pub fn docker_version(says: &str) -> &str {
    let version = says.strip_prefix("Docker version ").unwrap_or(says);
    version.split(',').next().unwrap_or(version)
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

/// What git calls the sources; nothing is lost where there is no git.
pub fn revision() -> String {
    let mut git = Command::new("git");
    git.current_dir(workspace::root())
        .args(["describe", "--always", "--dirty"]);
    tool::output(&mut git).map_or_else(|_| "unknown".into(), |text| text.trim().to_owned())
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
    fn a_docker_command_is_told_by_its_version() {
        let says = "Docker version 28.5.2+dfsg4, build ecc6942";
        assert_eq!(docker_version(says), "28.5.2+dfsg4");
        assert_eq!(docker_version("podman 5"), "podman 5");
    }

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
