//! The event stream at speed: the demo engine tells a thousand events a second, and what becomes of them is measured by
//! `e2e/bench/events.mjs` in the bridge, in a page and beside `docker events`.

mod found;
mod report;
mod targets;

use std::fs;
use std::path::Path;

use anyhow::Result;

pub use self::found::Found;
use self::report::Report;
use super::browser;
use crate::host::{self, Host};
use crate::steps::{note, step};
use crate::{engine, performance, workspace};

/// Measures for so many seconds with each view of the page, and tells: a table, `target/bench-events.json`, and on wish
/// the document. `bridge` has the demo engine beside it.
pub fn run(bridge: &Path, seconds: u32, short: bool, record: bool) -> Result<()> {
    let docker = step("docker command: fetch", || {
        engine::docker_command(super::RELEASE)
    })?;
    let (measured_at, load) = (host::now()?, host::load()?);
    let found = step("events: a thousand a second", || {
        browser::events(bridge, &docker, seconds)
    })?;
    let report = Report::new(
        measured_at,
        host::revision(),
        Host::read()?,
        load,
        short,
        found,
    );
    let table = report.markdown();
    println!("\n{table}");
    let json = workspace::target().join("bench-events.json");
    fs::write(&json, serde_json::to_string_pretty(&report)?)?;
    note(&format!("also in {}", json.display()));
    if record {
        performance::record("bench --only events", &table)?;
        note("recorded in docs/performance.md");
    }
    Ok(())
}
