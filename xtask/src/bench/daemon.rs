//! The processes that an engine is made of.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::process::Ticks;

/// What works for the containers of one engine. Fixed while containers neither start nor end.
#[derive(Debug)]
pub struct Daemon {
    dockerd: u32,
    containerd: u32,
    /// One for each container.
    shims: Vec<u32>,
}

/// What each part has used so far.
#[derive(Debug, Clone, Copy)]
pub struct DaemonTicks {
    pub dockerd: Ticks,
    pub containerd: Ticks,
    pub shims: Ticks,
}

impl Daemon {
    /// Of the engine that `e2e/engine/up.sh` made in this folder.
    pub fn of(engine: &Path) -> Result<Self> {
        let pid = |file: &str| -> Result<u32> {
            let path = engine.join(file);
            let text = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
            text.trim()
                .parse()
                .with_context(|| format!("{} says {text:?}", path.display()))
        };
        Ok(Self {
            dockerd: pid("dockerd.pid")?,
            containerd: pid("exec/containerd/containerd.pid")?,
            shims: shims(engine)?,
        })
    }

    pub fn containers(&self) -> usize {
        self.shims.len()
    }

    pub fn ticks(&self) -> Result<DaemonTicks> {
        Ok(DaemonTicks {
            dockerd: Ticks::of(self.dockerd)?,
            containerd: Ticks::of(self.containerd)?,
            shims: Ticks::of_all(&self.shims)?,
        })
    }
}

/// They carry the engine's folder in their command lines.
fn shims(engine: &Path) -> Result<Vec<u32>> {
    let folder = format!("{}/exec/", engine.display());
    let mut found = Vec::new();
    for pid in pids()? {
        // one that ended meanwhile has no command line
        let Ok(command) = fs::read(format!("/proc/{pid}/cmdline")) else {
            continue;
        };
        let command = String::from_utf8_lossy(&command);
        let program = command.split('\0').next().unwrap_or_default();
        if program.contains("containerd-shim") && command.contains(&folder) {
            found.push(pid);
        }
    }
    Ok(found)
}

/// The processes of this machine.
pub fn pids() -> Result<Vec<u32>> {
    let entries = fs::read_dir("/proc").context("/proc")?;
    Ok(entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect())
}
