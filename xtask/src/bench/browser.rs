//! What only a browser can measure, by the scripts in `e2e/bench`. Each prints one JSON value.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::contender::Bridge;
use super::events::Found;
use crate::{tool, workspace};

/// The page as the first visit loads it, in bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PageBytes {
    pub requests: u64,
    /// Of the answers.
    pub heads: u64,
    pub bodies: u64,
    pub files: Vec<File>,
}

/// One file, in each form that it is served in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct File {
    pub path: String,
    pub plain: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// From the moment that the daemon writes into an event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Latency {
    pub n: u64,
    /// Until the docker command has printed it.
    pub docker_events: Millis,
    /// Until it stands in the page.
    pub page: Millis,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Millis {
    pub median_ms: f64,
    pub p99_ms: f64,
}

pub fn page_bytes(bridge: &Bridge) -> Result<PageBytes> {
    script("page-bytes.mjs", |command| {
        command.arg(bridge.url());
    })
}

/// Of as many starts and ends of a container, one of each a second.
pub fn latency(bridge: &Bridge, engine: &Path, rounds: u32) -> Result<Latency> {
    script("latency.mjs", |command| {
        command
            .arg(bridge.url())
            .arg(engine)
            .arg(rounds.to_string());
    })
}

/// What becomes of a thousand events a second, with each view of the page.
pub fn events(bridge: &Path, docker: &Path, seconds: u32) -> Result<Found> {
    script("events.mjs", |command| {
        command
            .arg("--docker")
            .arg(docker)
            .args(["--seconds", &seconds.to_string()])
            .env("DAEMONSCOPE_BIN", bridge);
    })
}

/// What the page costs the viewer's browser, as the script tells it: of the demo engine in some sizes, or of an engine and
/// its fleet.
pub fn page_cost(bridge: &Path, seconds: u32, of: Option<(&Path, usize)>) -> Result<Value> {
    script("page-cost.mjs", |command| {
        command
            .args(["--seconds", &seconds.to_string()])
            .env("DAEMONSCOPE_BIN", bridge);
        if let Some((engine, containers)) = of {
            command
                .args(["--containers", &containers.to_string(), "--host"])
                .arg(format!("unix://{}/docker.sock", engine.display()));
        }
    })
}

/// Adds the fleets that another run of the script measured.
pub fn add_fleets(cost: &mut Value, mut other: Value) {
    if let (Some(fleets), Some(more)) = (
        cost["fleets"].as_array_mut(),
        other["fleets"].as_array_mut(),
    ) {
        fleets.append(more);
    }
}

fn script<T: DeserializeOwned>(name: &str, with: impl FnOnce(&mut Command)) -> Result<T> {
    let mut command = Command::new("node");
    command.arg(workspace::root().join("e2e/bench").join(name));
    with(&mut command);
    let text = tool::output(&mut command)?;
    serde_json::from_str(&text).with_context(|| format!("{name} prints {text:?}"))
}
