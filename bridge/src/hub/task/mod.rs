//! The hub's one task: it takes in updates and commands in turn, and holds all that is known.

mod hear;
mod learn;
mod owe;
mod tell;

use std::{collections::BTreeMap, pin::Pin, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use protocol::{ContainerKey, DaemonState, EngineInfo, UsageState};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, Interval, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    Command, Config,
    fleet::Fleet,
    history::History,
    interest::{Lingering, Wanted},
    statistics::Statistics,
    timeline::Timeline,
    viewer::{Viewer, ViewerId},
};
use crate::engine::{Demand, Sample, Update};

/// How often viewers are told of new figures.
const TICK: Duration = Duration::from_secs(1);
/// So many updates are applied before viewers are told of them together.
const BATCH: usize = 256;

pub struct Task {
    config: Config,
    demand: watch::Sender<Demand>,
    daemon: DaemonState,
    engine: Option<Box<EngineInfo>>,
    usage: UsageState,
    fleet: Fleet,
    timeline: Timeline,
    samples: BTreeMap<ContainerKey, Sample>,
    statistics: Statistics,
    histories: BTreeMap<ContainerKey, History>,
    viewers: BTreeMap<ViewerId, Viewer>,
    wanted: Wanted,
    lingering: Lingering,
    /// Since when all statistics are wanted.
    all_since: Option<Instant>,
    /// A sample came since the last tick.
    sampled: bool,
    /// Runs while statistics are wanted.
    ticks: Option<Interval>,
    wakes: FuturesUnordered<Pin<Box<dyn Future<Output = Wake> + Send>>>,
    news: News,
}

/// What the hub waits for at a viewer's end.
#[derive(Clone, Copy)]
enum Wake {
    Left(ViewerId),
    CaughtUp(ViewerId),
}

/// What has changed in the batch of updates at hand, besides the fleet.
#[derive(Default)]
struct News {
    daemon: bool,
    engine: bool,
    usage: bool,
}

impl Task {
    pub fn new(config: Config, timeline: Timeline, demand: watch::Sender<Demand>) -> Self {
        Self {
            config,
            demand,
            daemon: DaemonState::Connecting,
            engine: None,
            usage: UsageState::default(),
            fleet: Fleet::new(),
            timeline,
            samples: BTreeMap::new(),
            statistics: Statistics::default(),
            histories: BTreeMap::new(),
            viewers: BTreeMap::new(),
            wanted: Wanted::default(),
            lingering: Lingering::default(),
            all_since: None,
            sampled: false,
            ticks: None,
            wakes: FuturesUnordered::new(),
            news: News::default(),
        }
    }

    pub async fn run(
        mut self,
        mut updates: mpsc::Receiver<Update>,
        mut commands: mpsc::Receiver<Command>,
        cancel: CancellationToken,
    ) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut engine_runs = true;
        loop {
            let lingering_ends = self.lingering.next_end();
            tokio::select! {
                () = cancel.cancelled() => return,
                count = updates.recv_many(&mut batch, BATCH), if engine_runs => {
                    engine_runs = count > 0;
                    for update in batch.drain(..) {
                        self.apply(update);
                    }
                    self.tell_news();
                }
                Some(command) = commands.recv() => self.obey(command),
                Some(wake) = self.wakes.next(), if !self.wakes.is_empty() => self.wake(wake),
                () = next_tick(&mut self.ticks) => self.tick(),
                () = sleep_until(lingering_ends.unwrap_or_else(Instant::now)), if lingering_ends.is_some() => {
                    self.lingering.drop_ended(Instant::now());
                    self.want();
                }
            }
        }
    }
}

async fn next_tick(ticks: &mut Option<Interval>) {
    match ticks {
        Some(ticks) => {
            ticks.tick().await;
        }
        None => std::future::pending().await,
    }
}

/// Whether what is known now differs from what was.
fn replace<T: PartialEq>(known: &mut T, new: T) -> bool {
    let differs = *known != new;
    *known = new;
    differs
}
