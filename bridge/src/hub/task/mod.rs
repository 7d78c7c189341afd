//! The hub's one task: it takes in updates and commands in turn, and holds all that is known.

mod hear;
mod learn;
mod owe;
mod show;
mod tell;

use std::{collections::BTreeMap, pin::Pin, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use protocol::{ContainerKey, DaemonState, EngineInfo, Entry, UsageState};
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
    picture::Visitor,
    statistics::Statistics,
    timeline::Timeline,
    viewer::{Past, Viewer, ViewerId},
};
use crate::{
    engine::{Demand, Sample, Update},
    store::Store,
};

/// How often viewers are told of new figures.
const TICK: Duration = Duration::from_secs(1);
/// Entries are told together with those that come so soon after them: a daemon tells each by itself, many of what one
/// command does, and each frame costs every viewer more than what is in it.
const GATHER: Duration = Duration::from_millis(2);
/// From telling entries to telling the next.
const REST: Duration = Duration::from_millis(10);
/// So many updates are applied before viewers are told of them together.
const BATCH: usize = 256;

pub struct Task {
    config: Config,
    demand: watch::Sender<Demand>,
    daemon: DaemonState,
    engine: Option<Box<EngineInfo>>,
    info_refused: Option<u16>,
    usage: UsageState,
    fleet: Fleet,
    /// The daemon told the whole fleet since it was last live.
    listed: bool,
    timeline: Timeline,
    /// What is older than the timeline in memory, and more.
    store: Option<Arc<Store>>,
    /// Tells readers of the timeline which place its next entry will have.
    next_place: watch::Sender<u64>,
    samples: BTreeMap<ContainerKey, Sampled>,
    statistics: Statistics,
    histories: BTreeMap<ContainerKey, History>,
    viewers: BTreeMap<ViewerId, Viewer>,
    wanted: Wanted,
    /// What pages wanted that left.
    lingering: Lingering,
    /// What those want who asked once.
    visits: Lingering,
    /// Who asked once and waits for what is not known yet.
    visitors: Vec<Visitor>,
    /// Since when the disk usage is wanted.
    usage_since: Option<Instant>,
    /// Since when all statistics are wanted.
    all_since: Option<Instant>,
    /// A sample came since the last tick.
    sampled: bool,
    /// Runs while statistics are wanted.
    ticks: Option<Interval>,
    wakes: FuturesUnordered<Pin<Box<dyn Future<Output = Wake> + Send>>>,
    news: News,
    /// Entries of the timeline were told last, and are to be told next.
    entries_told: Option<Instant>,
    entries_due: Option<Instant>,
}

/// A container's newest sample, and when it was taken, on our clock.
struct Sampled {
    sample: Sample,
    at_millis: u64,
}

/// What the hub waits for because of a viewer.
enum Wake {
    Left(ViewerId),
    CaughtUp(ViewerId),
    /// What it asked for was read from the disk, and the newest time before that.
    Read(ViewerId, Past, Vec<Entry>, Option<i64>),
}

/// What has changed in the batch of updates at hand, besides the fleet.
#[derive(Default)]
struct News {
    daemon: bool,
    engine: bool,
    info_refused: bool,
    usage: bool,
}

impl Task {
    pub fn new(
        config: Config,
        timeline: Timeline,
        store: Option<Arc<Store>>,
        next_place: watch::Sender<u64>,
        demand: watch::Sender<Demand>,
    ) -> Self {
        Self {
            config,
            demand,
            daemon: DaemonState::Connecting,
            engine: None,
            info_refused: None,
            usage: UsageState::default(),
            fleet: Fleet::new(),
            listed: false,
            timeline,
            store,
            next_place,
            samples: BTreeMap::new(),
            statistics: Statistics::default(),
            histories: BTreeMap::new(),
            viewers: BTreeMap::new(),
            wanted: Wanted::default(),
            lingering: Lingering::default(),
            visits: Lingering::default(),
            visitors: Vec::new(),
            usage_since: None,
            all_since: None,
            sampled: false,
            ticks: None,
            wakes: FuturesUnordered::new(),
            news: News::default(),
            entries_told: None,
            entries_due: None,
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
            let wishes_end = [self.lingering.next_end(), self.visits.next_end()];
            let wishes_end = wishes_end.into_iter().flatten().min();
            let visitor_due = self.next_visitor_due();
            let entries_due = self.entries_due;
            tokio::select! {
                () = cancel.cancelled() => return,
                count = updates.recv_many(&mut batch, BATCH), if engine_runs => {
                    engine_runs = count > 0;
                    for update in batch.drain(..) {
                        self.apply(update);
                    }
                    self.tell_news();
                    self.answer_visitors();
                }
                Some(command) = commands.recv() => self.obey(command),
                Some(wake) = self.wakes.next(), if !self.wakes.is_empty() => self.wake(wake),
                () = next_tick(&mut self.ticks) => self.tick(),
                () = until(wishes_end) => {
                    self.lingering.drop_ended(Instant::now());
                    self.visits.drop_ended(Instant::now());
                    self.want();
                }
                () = until(visitor_due) => self.answer_visitors(),
                () = until(entries_due) => self.tell_entries(),
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

async fn until(when: Option<Instant>) {
    match when {
        Some(when) => sleep_until(when).await,
        None => std::future::pending().await,
    }
}

/// Whether what is known now differs from what was.
fn replace<T: PartialEq>(known: &mut T, new: T) -> bool {
    let differs = *known != new;
    *known = new;
    differs
}
