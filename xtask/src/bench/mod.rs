//! `cargo xtask bench`: what the bridge, the page and `docker stats` cost, side by side in one run, on a real engine; and the
//! event stream at speed, on the demo engine.

mod browser;
mod contender;
mod cost;
mod daemon;
mod events;
mod machine;
mod page_cost;
mod process;
mod report;

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use self::contender::{Bridge, Programs, Viewers};
use self::cost::Traffic;
use self::machine::Machine;
use self::report::Report;
use crate::engine::Engine;
use crate::packages::{self, Need};
use crate::steps::{note, seconds, step};
use crate::{bridge, host, npm, page, performance, tool, workspace};

/// The newest release that the tests know.
const RELEASE: &str = "28";
const FLEETS: [usize; 2] = [20, 100];
/// The most that a page of a real engine is measured with.
const LARGE: usize = 200;
/// Figures of a shorter run are not to be quoted.
const WHOLE_RUN_SECONDS: u32 = 60;
/// The page's cost is measured in CPU time of many tasks, which takes less.
const PAGE_SECONDS: u32 = 2;

/// Beside those of a browser and of an engine.
const TERMINAL: Need = Need::program("script", "bsdutils");

/// Each has tables of its own in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// What bridge, page and docker command cost
    Costs,
    /// The event stream at a thousand events a second
    Events,
}

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only this part
    #[arg(long, value_enum, value_name = "PART")]
    only: Option<Part>,
    /// How long each contender is measured at each size of the fleet, and events are told at speed; less than 60 is marked as
    /// a short run
    #[arg(long, value_name = "N", default_value_t = WHOLE_RUN_SECONDS, value_parser = clap::value_parser!(u32).range(2..))]
    seconds: u32,
    /// Measure this bridge, with the demo-engine beside it, instead of the release build of the sources
    #[arg(long, value_name = "FILE")]
    bridge: Option<PathBuf>,
    /// Leave out what the page costs the viewer's browser, of the costs
    #[arg(long)]
    no_page_cost: bool,
    /// Write the result to docs/performance.md
    #[arg(long, conflicts_with = "bridge")]
    record: bool,
}

/// Builds what is measured, measures it, and tells: tables, JSON in `target`, and with `--record` the document.
pub fn run(options: &Options) -> Result<()> {
    let wants = |part| options.only.is_none_or(|only| only == part);
    ensure!(
        !wants(Part::Costs) || packages::is_root(),
        "not run as root, which a Docker engine of its own needs; `--only events` needs none"
    );
    let mut needs = packages::BROWSER.to_vec();
    if wants(Part::Costs) {
        needs.extend_from_slice(packages::ENGINE);
        needs.push(TERMINAL);
    }
    packages::ensure(&needs)?;
    npm::folder()?;
    let bridge = match &options.bridge {
        Some(bridge) => fs::canonicalize(bridge).with_context(|| bridge.display().to_string())?,
        None if wants(Part::Events) => bridge::build_with_demo_engine(&page::build()?)?,
        None => bridge::build(true, &page::build()?)?,
    };
    if wants(Part::Costs) {
        costs(options, bridge.clone())?;
    }
    if wants(Part::Events) {
        let short = options.seconds < WHOLE_RUN_SECONDS;
        events::run(&bridge, options.seconds, short, options.record)?;
    }
    Ok(())
}

fn costs(options: &Options, bridge: PathBuf) -> Result<()> {
    let viewers = viewers()?;
    let (start, measured_at, load) = (Instant::now(), host::now()?, host::load()?);
    let engine = step("engine: start", || Engine::empty(RELEASE, &[]))?;
    let programs = Programs {
        bridge,
        viewers,
        engine: engine.dir().to_owned(),
    };
    let report = measure(options, &engine, &programs, measured_at, load)?;
    step("engine: end", || {
        drop(engine);
        Ok(())
    })?;
    note(&format!("measured in {}", seconds(start.elapsed())));
    tell(&report, options.record)
}

fn measure(
    options: &Options,
    engine: &Engine,
    programs: &Programs,
    measured_at: String,
    load: f64,
) -> Result<Report> {
    let machine = Machine::read(engine.dir(), load)?;
    let mut fleets = Vec::new();
    for size in FLEETS {
        step(&format!("engine: a fleet of {size}"), || engine.fleet(size))?;
        fleets.push(cost::measure(programs, options.seconds)?);
    }
    let bridge = Bridge::start(&programs.bridge, &programs.engine)?;
    let page = step("page: bytes", || browser::page_bytes(&bridge))?;
    let (busy_viewer, latency) = step("events: on their way to the page", || {
        let mut viewer = Viewers::start(&programs.viewers, &bridge.address, 1)?;
        let (before, began) = (viewer.received()?, Instant::now());
        let latency = browser::latency(&bridge, &programs.engine, options.seconds)?;
        let after = viewer.received()?;
        let minutes = began.elapsed().as_secs_f64() / 60.0;
        let busy = Traffic {
            frames: (after.frames - before.frames) / minutes,
            bytes: (after.bytes - before.bytes) / minutes,
        };
        Ok((busy, latency))
    })?;
    drop(bridge);
    let page_cost = if options.no_page_cost {
        None
    } else {
        let mut cost = step("page: what it costs a browser", || {
            browser::page_cost(&programs.bridge, PAGE_SECONDS, None)
        })?;
        step(&format!("engine: a fleet of {LARGE}"), || {
            engine.fleet(LARGE)
        })?;
        let real = step("page: what it costs with a real fleet", || {
            browser::page_cost(&programs.bridge, PAGE_SECONDS, Some((engine.dir(), LARGE)))
        })?;
        browser::add_fleets(&mut cost, real);
        Some(cost)
    };
    Ok(Report {
        measured_at,
        revision: host::revision(),
        machine,
        seconds: options.seconds,
        short: options.seconds < WHOLE_RUN_SECONDS,
        fleets,
        page,
        busy_viewer,
        latency,
        page_cost,
    })
}

fn tell(report: &Report, record: bool) -> Result<()> {
    let table = report.markdown();
    println!("\n{table}");
    let json = workspace::target().join("bench.json");
    fs::write(&json, serde_json::to_string_pretty(report)?)?;
    note(&format!("also in {}", json.display()));
    if record {
        performance::record("bench", &table)?;
        note("recorded in docs/performance.md");
    }
    Ok(())
}

/// The viewers that are no browsers.
fn viewers() -> Result<PathBuf> {
    step("viewers: compile", || {
        tool::run(tool::cargo().args(["build", "--package", "e2e", "--bin", "viewers"]))
    })?;
    Ok(workspace::target().join("debug/viewers"))
}
