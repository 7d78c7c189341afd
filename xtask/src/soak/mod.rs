//! `cargo xtask soak`: an hour of faults and load, and what has grown at its end.
//!
//! The real bridge watches the demo engine, which misbehaves one way after another; viewers come, go, and stop reading; a
//! Chromium page moves from place to place. At each checkpoint all of that rests: the engine is started anew with the same
//! fleet, the viewers that come and go are away, the page shows the list of containers. So the figures of two checkpoints
//! are those of the same situation, and what differs is what was left behind.

mod crowd;
mod faults;
mod figures;
mod page;
mod plan;
mod processes;
mod record;
mod trouble;
mod verdict;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::packages::{self, Need};
use crate::steps::seconds;
use crate::{bridge, host, page as site, performance, workspace};
use crowd::Crowd;
use figures::Sample;
use page::Page;
use plan::Plan;
use processes::{Bridge, Engine, Programs};
use trouble::Troubles;
use verdict::{Checkpoint, Verdict};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// How long it takes, without the building
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(5..=1440))]
    minutes: u64,
    /// The form that is part of the tests: two minutes
    #[arg(long, conflicts_with = "minutes")]
    short: bool,
    /// Instead, half an hour of faults of the event stream with a real engine: nothing may be lost or told twice
    #[arg(long, conflicts_with = "minutes")]
    faults: bool,
    /// Take this bridge, with the demo-engine beside it, instead of building the release
    #[arg(long, value_name = "PATH")]
    bridge: Option<PathBuf>,
    /// Write the result into docs/performance.md
    #[arg(long)]
    record: bool,
}

/// Beside those of a browser.
pub const NEEDS: &[Need] = &[Need::program("setpriv", "util-linux")];

/// Between two samples while all rests.
const CLOSELY: Duration = Duration::from_secs(2);
/// Between two samples otherwise.
const NOW_AND_THEN: Duration = Duration::from_secs(15);

/// By hand: builds what it needs, and is an error when something grew.
pub fn run(options: &Options) -> Result<()> {
    if options.faults {
        return faults::run(options.bridge.as_deref(), options.short, options.record);
    }
    packages::ensure(&[packages::BROWSER, NEEDS].concat())?;
    let bridge = match &options.bridge {
        Some(bridge) => bridge.clone(),
        None => bridge::build_with_demo_engine(&site::build()?)?,
    };
    let plan = if options.short {
        Plan::short()
    } else {
        Plan::of_minutes(options.minutes)
    };
    let load = host::load()?;
    let verdict = soak(&Programs::beside(bridge), plan)?;
    if options.record {
        performance::record("soak", &record::section(&verdict, load)?)?;
    }
    verdict.into_result()
}

/// The short form, for the tests, with programs that are there already.
pub fn short(bridge: PathBuf) -> Result<()> {
    soak(&Programs::beside(bridge), Plan::short())?.into_result()
}

fn soak(programs: &Programs, plan: Plan) -> Result<Verdict> {
    let folder = workspace::target().join("soak");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    println!(
        "· soak: {} with {} containers; logs and samples are in {}",
        seconds(plan.whole),
        plan.containers,
        folder.display()
    );
    let mut stage = Stage::set(programs, &plan, &folder)?;
    let checkpoints = stage.play(&plan)?;
    let verdict = Verdict {
        plan,
        checkpoints,
        notes: stage.notes(),
        kiosk_connections: stage.page.kiosk_connections(),
    };
    fs::write(folder.join("soak.json"), verdict.json()?)?;
    println!("\n{verdict}");
    Ok(verdict)
}

/// Everything that runs. The fields end in this order.
struct Stage {
    page: Page,
    crowd: Crowd,
    bridge: Bridge,
    engine: Engine,
    troubles: Troubles,
    samples: File,
    began: Instant,
}

impl Stage {
    fn set(programs: &Programs, plan: &Plan, folder: &Path) -> Result<Self> {
        let engine = Engine::start(programs, plan.containers, folder)?;
        let bridge = Bridge::start(programs, &engine, folder)?;
        let page = Page::open(bridge.address(), folder)?;
        Ok(Self {
            page,
            crowd: Crowd::gather(bridge.address()),
            bridge,
            engine,
            troubles: Troubles::new(plan.patience),
            samples: File::create(folder.join("samples.ndjson"))?,
            began: Instant::now(),
        })
    }

    fn play(&mut self, plan: &Plan) -> Result<Vec<Checkpoint>> {
        self.fill(plan)?;
        let mut checkpoints = Vec::new();
        // On a machine that is too busy all takes longer, but there are as many troubles.
        let mut late = self.began.elapsed().saturating_sub(plan.flood);
        for &planned in &plan.checkpoints {
            self.suffer((planned + late).saturating_sub(plan.settle + plan.window))?;
            let checkpoint = self.rest(plan, planned + late)?;
            late = checkpoint.at.saturating_sub(planned);
            checkpoints.push(checkpoint);
        }
        Ok(checkpoints)
    }

    /// More events than bridge and page keep, so that neither grows any more because it learns of some.
    fn fill(&mut self, plan: &Plan) -> Result<()> {
        self.say("as many events as are kept");
        self.page.go("/events")?;
        self.engine
            .command(r#"{"do": "flood", "events-per-second": 1000}"#)?;
        thread::sleep(plan.flood);
        self.engine.command(r#"{"do": "clear"}"#)
    }

    /// One trouble after another until `end`.
    fn suffer(&mut self, end: Duration) -> Result<()> {
        self.crowd.let_in(true);
        self.page.roam()?;
        let mut next_sample = Instant::now();
        while let Some(left) = self.left(end) {
            if let Some(name) = self.troubles.go_on(&mut self.engine, left)? {
                self.say(name);
            }
            if Instant::now() >= next_sample {
                // Not the page's: it may be too busy to answer soon.
                self.keep(&figures::of_bridge(&self.bridge)?)?;
                next_sample = Instant::now() + NOW_AND_THEN;
            }
            thread::sleep(left.min(Duration::from_millis(100)));
        }
        self.troubles.end(&mut self.engine)
    }

    /// Peace, and the figures of the last part of it.
    fn rest(&mut self, plan: &Plan, at: Duration) -> Result<Checkpoint> {
        self.say("peace");
        self.crowd.let_in(false);
        self.engine.restart_as_at_first()?;
        self.page.rest()?;
        let at = at.max(self.began.elapsed() + plan.settle / 2 + plan.window);
        if let Some(left) = self.left(at.saturating_sub(plan.window)) {
            thread::sleep(left);
        }
        let before = self.crowd.frames();
        let mut samples = Vec::new();
        while self.left(at).is_some() {
            samples.push(self.sample()?);
            thread::sleep(CLOSELY);
        }
        self.page.shows_life()?;
        let after = self.crowd.frames();
        for (viewer, (before, after)) in before.iter().zip(after).enumerate() {
            anyhow::ensure!(
                after > *before,
                "the steady viewer {viewer} was sent nothing for {}",
                seconds(plan.window)
            );
        }
        Ok(Checkpoint::of(at, &samples))
    }

    fn sample(&mut self) -> Result<Sample> {
        let mut sample = self.page.figures()?;
        sample.extend(figures::of_bridge(&self.bridge)?);
        self.keep(&sample)?;
        Ok(sample)
    }

    fn keep(&mut self, sample: &Sample) -> Result<()> {
        let mut line = serde_json::json!({ "seconds": self.began.elapsed().as_secs() });
        for (figure, value) in sample {
            line[figure.key()] = (*value).into();
        }
        writeln!(self.samples, "{line}")?;
        Ok(())
    }

    /// How long it is until `end`, counted from the beginning.
    fn left(&self, end: Duration) -> Option<Duration> {
        end.checked_sub(self.began.elapsed())
            .filter(|left| !left.is_zero())
    }

    fn say(&self, what: &str) {
        println!("  {:>12}  {what}", seconds(self.began.elapsed()));
    }

    fn notes(&self) -> Vec<String> {
        let (steps, missed) = self.page.steps();
        vec![
            format!("{}.", self.troubles),
            match self.page.kiosk_connections() {
                1 => "The kiosk has kept its one connection.".to_owned(),
                count => format!("The kiosk has connected {count} times."),
            },
            format!(
                "{steps} steps on the page from place to place; {missed} of them found nothing to click."
            ),
        ]
    }
}
