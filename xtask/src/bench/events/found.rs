//! What `e2e/bench/events.mjs` tells.

use serde::{Deserialize, Serialize};

use super::super::browser::Millis;
use super::super::process::Memory;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    /// What `docker --version` says.
    pub docker: String,
    pub chromium: String,
    /// Events a second that were asked for.
    pub rate: u32,
    pub seconds: u32,
    pub containers: u32,
    pub views: Vec<View>,
}

/// One view of the page's list of events, with those who read beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct View {
    pub view: String,
    /// Where the page is.
    pub path: String,
    /// By the engine's own count; in so many seconds.
    pub made: u64,
    pub made_seconds: f64,
    pub docker_events: Read,
    pub api: Followed,
    pub page: Page,
    pub memory: Readings,
    pub latency: Latency,
}

/// How soon an event is there, from the time in it. Of a flood of its own, for the page is not watched in it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Latency {
    pub docker_events: Millis,
    pub api: Millis,
    /// Until the list has its line, or that of a later event.
    pub page: Millis,
    /// What of the machine's time other machines on the same host had meanwhile.
    pub stolen_percent: f64,
}

/// What a reader has of what was made.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Read {
    pub missing: u64,
    pub twice: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Followed {
    #[serde(flatten)]
    pub read: Read,
    /// Places in the timeline that it was not told of.
    pub holes: u64,
    /// Gaps that it was told of.
    pub gaps: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    #[serde(flatten)]
    pub read: Read,
    /// Events that had a line of their own in the list for a while.
    pub lines: u64,
    /// What it has at the end, and what is missing between the first and the last of these.
    pub held: u64,
    pub held_missing: u64,
    pub tasks: Tasks,
}

/// Of the page's main thread, in CPU time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Tasks {
    pub longest_task_ms: f64,
    pub tasks_over_50_ms: u64,
    pub tasks: u64,
    pub ms_per_second: f64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Readings {
    pub before: Held,
    pub right_after: Held,
    /// As long after as events were told.
    pub later: Held,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Held {
    pub bridge: Memory,
    pub page: PageMemory,
}

/// In bytes, after a collection of garbage.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct PageMemory {
    /// JavaScript's objects.
    pub heap: u64,
    /// What V8 has compiled, which goes on for long where nothing is kept.
    pub code: u64,
    /// The size of WebAssembly's memory, which never shrinks.
    pub program: u64,
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// As the script prints it.
    pub const PRINTED: &str = r#"{
        "docker": "Docker version 28.5.2+dfsg4, build ecc6942", "chromium": "1.2", "rate": 1000, "seconds": 60, "containers": 100,
        "views": [{
            "view": "stories", "path": "/events", "made": 60003, "made_seconds": 60.01,
            "docker_events": {"missing": 0, "twice": 0}, "api": {"missing": 0, "twice": 0, "holes": 0, "gaps": 0},
            "page": {
                "missing": 2, "twice": 0, "lines": 5000,
                "held": 9990, "held_missing": 0,
                "tasks": {"longest_task_ms": 51.5, "tasks_over_50_ms": 1, "tasks": 20000, "ms_per_second": 312.5}
            },
            "memory": {
                "before": {"bridge": {"rss": 20971520, "pss": 10485760}, "page": {"heap": 2097152, "code": 1048576, "program": 10485760}},
                "right_after": {"bridge": {"rss": 22020096, "pss": 10485760}, "page": {"heap": 2097152, "code": 1048576, "program": 10485760}},
                "later": {"bridge": {"rss": 20971520, "pss": 10485760}, "page": {"heap": 2621440, "code": 2097152, "program": 10485760}}
            },
            "latency": {
                "docker_events": {"median_ms": 1.25, "p99_ms": 4}, "api": {"median_ms": 2, "p99_ms": 9.5},
                "page": {"median_ms": 40, "p99_ms": 80}, "stolen_percent": 1.25
            }
        }]
    }"#;

    #[test]
    fn what_the_script_prints_is_understood() {
        let found: Found = serde_json::from_str(PRINTED).unwrap();
        let view = &found.views[0];
        assert_eq!((view.made, view.page.read.missing), (60_003, 2));
        assert_eq!(view.latency.api.p99_ms, 9.5);
        assert_eq!(view.memory.later.bridge.rss, 20 << 20);
    }
}
