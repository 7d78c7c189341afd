//! What is counted, and where it is read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::crowd;
use super::processes::Bridge;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    Tasks,
    Descriptors,
    Sockets,
    Threads,
    Resident,
    Anonymous,
    Heap,
    Code,
    WasmMemory,
    Nodes,
    Listeners,
    KioskHeap,
    KioskWasmMemory,
    KioskNodes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Count,
    Bytes,
    /// Bytes that never become fewer: the most that were ever in use.
    HighestBytes,
    /// Bytes whose number is not the page's doing.
    ToldBytes,
}

pub type Sample = BTreeMap<Figure, u64>;

impl Figure {
    pub const ALL: [Self; 14] = [
        Self::Tasks,
        Self::Descriptors,
        Self::Sockets,
        Self::Threads,
        Self::Resident,
        Self::Anonymous,
        Self::Heap,
        Self::Code,
        Self::WasmMemory,
        Self::Nodes,
        Self::Listeners,
        Self::KioskHeap,
        Self::KioskWasmMemory,
        Self::KioskNodes,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Tasks => "bridge: tasks",
            Self::Descriptors => "bridge: file descriptors",
            Self::Sockets => "bridge: sockets",
            Self::Threads => "bridge: threads",
            Self::Resident => "bridge: resident memory",
            Self::Anonymous => "bridge: memory of its own",
            Self::Heap => "page: JavaScript heap without code",
            Self::Code => "page: code that V8 compiled",
            Self::WasmMemory => "page: WebAssembly memory",
            Self::Nodes => "page: DOM nodes",
            Self::Listeners => "page: event listeners",
            Self::KioskHeap => "kiosk: JavaScript heap without code",
            Self::KioskWasmMemory => "kiosk: WebAssembly memory",
            Self::KioskNodes => "kiosk: DOM nodes",
        }
    }

    /// In JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tasks => "bridge_tasks",
            Self::Descriptors => "bridge_file_descriptors",
            Self::Sockets => "bridge_sockets",
            Self::Threads => "bridge_threads",
            Self::Resident => "bridge_resident_bytes",
            Self::Anonymous => "bridge_anonymous_bytes",
            Self::Heap => "page_heap_bytes",
            Self::Code => "page_code_bytes",
            Self::WasmMemory => "page_wasm_bytes",
            Self::Nodes => "page_nodes",
            Self::Listeners => "page_listeners",
            Self::KioskHeap => "kiosk_heap_bytes",
            Self::KioskWasmMemory => "kiosk_wasm_bytes",
            Self::KioskNodes => "kiosk_nodes",
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Resident | Self::Anonymous | Self::Heap | Self::KioskHeap => Kind::Bytes,
            Self::WasmMemory | Self::KioskWasmMemory => Kind::HighestBytes,
            Self::Code => Kind::ToldBytes,
            _ => Kind::Count,
        }
    }
}

/// The bridge's own, read from outside but for its tasks, which only it can count.
pub fn of_bridge(bridge: &Bridge) -> Result<Sample> {
    let folder = format!("/proc/{}", bridge.pid());
    let text =
        |name: &str| fs::read_to_string(format!("{folder}/{name}")).context("the bridge has ended");
    let (status, memory) = (text("status")?, text("smaps_rollup")?);
    let metrics = crowd::get(bridge.address(), "/metrics?statistics=0")?;
    let (descriptors, sockets) = descriptors(Path::new(&folder))?;
    Ok(Sample::from([
        (Figure::Tasks, number(&metrics, "daemonscope_tasks")?),
        (Figure::Descriptors, descriptors),
        (Figure::Sockets, sockets),
        (Figure::Threads, number(&status, "Threads:")?),
        (Figure::Resident, number(&memory, "Rss:")? * 1024),
        (Figure::Anonymous, number(&memory, "Anonymous:")? * 1024),
    ]))
}

fn descriptors(folder: &Path) -> Result<(u64, u64)> {
    let (mut all, mut sockets) = (0, 0);
    for entry in fs::read_dir(folder.join("fd"))? {
        all += 1;
        // One that was closed meanwhile is none.
        let target = fs::read_link(entry?.path()).unwrap_or_default();
        sockets += u64::from(target.to_string_lossy().starts_with("socket:"));
    }
    Ok((all, sockets))
}

/// The first number on the line that begins with `name` and a space.
fn number(text: &str, name: &str) -> Result<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix([' ', '\t']))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .with_context(|| format!("there is no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_lines() {
        let text = "# TYPE a gauge\na_more 3\na 17\nRss:\t  224 kB\nRss_x: 1 kB\n";
        assert_eq!(number(text, "a").unwrap(), 17);
        assert_eq!(number(text, "Rss:").unwrap(), 224);
        assert!(number(text, "b").is_err());
    }

    #[test]
    fn a_process_has_descriptors_and_sockets() {
        let (_left, _right) = std::os::unix::net::UnixStream::pair().unwrap();
        let (all, sockets) = descriptors(Path::new("/proc/self")).unwrap();
        assert!(sockets >= 2 && all > sockets, "{all} {sockets}");
    }
}
