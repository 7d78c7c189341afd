use std::{collections::BTreeMap, pin::Pin, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use protocol::{
    ClientMsg, ContainerKey, DaemonState, EngineInfo, Entry, EventsWanted, Gap, GapReason,
    Interest, Item, Refusal, ServerMsg, Snapshot, StatsFrame, StatsWanted, UsageState,
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, Interval, MissedTickBehavior, interval, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    Command, Config,
    fleet::Fleet,
    frame::Encoded,
    history::History,
    interest::{LINGER, Lingering, Wanted},
    statistics::{self, Network, Row, Statistics},
    timeline::Timeline,
    viewer::{Answer, CAUGHT_UP, Cursor, Offered, Viewer, ViewerId},
};
use crate::engine::{Demand, Sample, StatsDemand, Update};

/// How often viewers are told of new figures.
const TICK: Duration = Duration::from_secs(1);
/// So many updates are applied before viewers are told of them together.
const BATCH: usize = 256;
/// After so long the sum no longer waits for containers that give no figures.
const SUM_PATIENCE: Duration = Duration::from_secs(5);
/// A daemon's clock that is no further off than this is taken for ours.
const SAME_CLOCK_MILLIS: u64 = 5_000;

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

// === what the engine's side tells ===

impl Task {
    fn apply(&mut self, update: Update) {
        match update {
            Update::Daemon(state) => {
                self.news.daemon |= replace(&mut self.daemon, state);
            }
            Update::Engine(engine) => {
                self.news.engine |= replace(&mut self.engine, Some(engine));
            }
            Update::Usage(usage) => {
                self.news.usage |= replace(&mut self.usage, usage);
            }
            Update::Listed(containers) => {
                self.fleet.list(containers);
                self.forget_gone();
            }
            Update::Changed(container) => self.fleet.put(*container),
            Update::Gone(id) => {
                self.fleet.remove(&id);
                self.forget_gone();
            }
            Update::Event(event) => self.timeline.push(&Item::Event(event)),
            Update::Gap(gap) => self.timeline.push(&Item::Gap(gap)),
            Update::Sample(id, sample) => {
                if let Some(key) = self.fleet.key(&id) {
                    self.sample(key, sample);
                }
            }
            Update::SampleLost(id) => {
                if let Some(key) = self.fleet.key(&id) {
                    self.lose(key);
                }
            }
        }
    }

    fn sample(&mut self, key: ContainerKey, sample: Sample) {
        // One that was under way when its container stopped being wanted says nothing that lasts.
        if !self.wanted.all && !self.wanted.some.contains(&key) {
            return;
        }
        let row = Row::of(&sample);
        let now = (self.config.clock)();
        let history = self.histories.entry(key).or_default();
        history.push(sampled_at(&sample, now, history.last_millis()), &row);
        self.statistics.set(key, row);
        self.samples.insert(key, sample);
        self.sampled = true;
    }

    fn lose(&mut self, key: ContainerKey) {
        self.samples.remove(&key);
        self.statistics.lose(key);
        if let Some(history) = self.histories.get_mut(&key) {
            history.break_off();
        }
    }

    fn forget_gone(&mut self) {
        let fleet = &self.fleet;
        self.samples.retain(|&key, _| fleet.get(key).is_some());
        self.histories
            .retain(|&key, _| key == ContainerKey::SUM || fleet.get(key).is_some());
        self.statistics
            .retain(|key| key == ContainerKey::SUM || fleet.get(key).is_some());
    }
}

fn replace<T: PartialEq>(known: &mut T, new: T) -> bool {
    let differs = *known != new;
    *known = new;
    differs
}

/// The daemon's time of a sample, on our clock: its own where the two agree and it goes forward, else its arrival.
fn sampled_at(sample: &Sample, now: u64, last: Option<u64>) -> u64 {
    let read_at = sample.read_at_millis;
    let goes_forward = last.is_none_or(|last| read_at > last);
    if read_at.abs_diff(now) <= SAME_CLOCK_MILLIS && goes_forward {
        read_at
    } else {
        now
    }
}

// === what viewers say ===

impl Task {
    fn obey(&mut self, command: Command) {
        match command {
            Command::Attach {
                id,
                encoding,
                outbox,
            } => {
                let end = outbox.clone();
                self.wakes.push(Box::pin(async move {
                    end.closed().await;
                    Wake::Left(id)
                }));
                self.viewers.insert(id, Viewer::new(encoding, outbox));
            }
            Command::Say(id, message) => {
                self.hear(id, message);
                self.serve(id);
            }
            Command::Daemon(answer) => {
                // Whoever asked may have gone.
                let _ = answer.send(self.daemon.clone());
            }
        }
    }

    fn hear(&mut self, id: ViewerId, message: ClientMsg) {
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return;
        };
        match message {
            ClientMsg::Interest(interest) => self.look_at(id, interest),
            ClientMsg::Series(wanted) => {
                for key in wanted.keys {
                    let known = key == ContainerKey::SUM || self.fleet.get(key).is_some();
                    viewer.ask(if known {
                        Answer::Series {
                            key,
                            points: wanted.points,
                        }
                    } else {
                        Answer::Refused(Refusal::UnknownContainer(key))
                    });
                }
            }
            ClientMsg::EventsBefore { seq, limit } => {
                viewer.ask(Answer::EventsBefore { seq, limit });
            }
        }
    }

    fn look_at(&mut self, id: ViewerId, mut interest: Interest) {
        let Some(viewer) = self.viewers.get_mut(&id) else {
            return;
        };
        if !viewer.greeted {
            viewer.greeted = true;
            viewer.owed.snapshot = true;
        }
        if let StatsWanted::One(key) = interest.stats
            && self.fleet.get(key).is_none()
        {
            viewer.ask(Answer::Refused(Refusal::UnknownContainer(key)));
            interest.stats = StatsWanted::None;
        }
        let before = std::mem::replace(&mut viewer.interest, interest);
        if viewer.interest.stats != before.stats {
            viewer.owed.stats = true;
            self.lingering.keep(before.stats, Instant::now() + LINGER);
        }
        match viewer.interest.events {
            EventsWanted::None => viewer.events = None,
            // One that is live already goes on where it is.
            EventsWanted::Live { recent, after } => {
                viewer
                    .events
                    .get_or_insert_with(|| Cursor::resume(after, recent, &self.timeline));
            }
        }
        self.want();
    }

    fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Left(id) => {
                if let Some(viewer) = self.viewers.remove(&id) {
                    self.lingering
                        .keep(viewer.interest.stats, Instant::now() + LINGER);
                    self.want();
                }
            }
            Wake::CaughtUp(id) => {
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.behind = false;
                    self.serve(id);
                }
            }
        }
    }

    /// Works out anew what is wanted, and tells the engine's side if that changed.
    fn want(&mut self) {
        let mut wanted = Wanted::default();
        for viewer in self.viewers.values() {
            wanted.add(viewer.interest.stats);
        }
        for stats in self.lingering.iter() {
            wanted.add(stats);
        }
        let usage = self.viewers.values().any(|viewer| viewer.interest.usage);
        if wanted != self.wanted {
            self.want_stats(wanted);
        }
        let stats = if self.wanted.all {
            StatsDemand::All
        } else if self.wanted.is_empty() {
            StatsDemand::None
        } else {
            let ids = self
                .wanted
                .some
                .iter()
                .filter_map(|&key| self.fleet.get(key));
            StatsDemand::Some(ids.map(|one| one.id.as_str().into()).collect())
        };
        let demand = Demand {
            watched: !self.viewers.is_empty(),
            stats,
            usage,
        };
        self.demand.send_if_modified(|known| replace(known, demand));
    }

    fn want_stats(&mut self, wanted: Wanted) {
        self.all_since = match (wanted.all, self.all_since) {
            (true, Some(since)) => Some(since),
            (true, None) => Some(Instant::now()),
            (false, _) => None,
        };
        let unwanted = |key: &ContainerKey| !wanted.all && !wanted.some.contains(key);
        for (_, history) in self.histories.iter_mut().filter(|(key, _)| unwanted(key)) {
            history.break_off();
        }
        self.samples.retain(|key, _| !unwanted(key));
        self.statistics.retain(|key| !unwanted(&key));
        if wanted.is_empty() {
            self.statistics.clear();
            self.ticks = None;
        } else if self.ticks.is_none() {
            let mut ticks = interval(TICK);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            self.ticks = Some(ticks);
        }
        self.wanted = wanted;
    }
}

// === what viewers get ===

impl Task {
    /// Tells everybody what the last batch changed.
    fn tell_news(&mut self) {
        let news = std::mem::take(&mut self.news);
        if news.daemon {
            self.tell(ServerMsg::Daemon(self.daemon.clone()));
        }
        if news.engine
            && let Some(engine) = &self.engine
        {
            self.tell(ServerMsg::Engine(engine.clone()));
        }
        if let Some(delta) = self.fleet.take_delta() {
            self.tell(ServerMsg::Fleet(delta));
        }
        if news.usage {
            self.tell(ServerMsg::Usage(self.usage.clone()));
        }
        self.tell_entries();
    }

    fn tell(&mut self, message: ServerMsg) {
        let mut message = Encoded::new(message);
        let mut behind = Vec::new();
        for (&id, viewer) in self.viewers.iter_mut().filter(|(_, one)| one.greeted) {
            let was_behind = viewer.behind;
            if viewer.offer(&mut message) == Offered::NoRoom {
                viewer.owed.snapshot = true;
                if !was_behind {
                    behind.push(id);
                }
            }
        }
        self.wait_for(behind);
    }

    /// Gives new entries to all who follow the timeline and have all before them.
    fn tell_entries(&mut self) {
        let next = self.timeline.next();
        // Those who are at the same place get the same frame.
        let mut shared: BTreeMap<Cursor, (Encoded, Cursor)> = BTreeMap::new();
        let mut behind = Vec::new();
        for (&id, viewer) in &mut self.viewers {
            while let Some(cursor) = viewer.events
                && !viewer.behind
                && cursor.next < next
            {
                let (message, after) = shared.entry(cursor).or_insert_with(|| {
                    let (entries, after) = run_of_entries(&self.timeline, cursor);
                    let frame = self.timeline.frame(entries, false);
                    (Encoded::new(ServerMsg::Events(frame)), after)
                });
                let after = *after;
                if viewer.offer(message) == Offered::Taken {
                    viewer.events = Some(after);
                } else {
                    behind.push(id);
                }
            }
        }
        self.wait_for(behind);
    }

    fn tick(&mut self) {
        let now = (self.config.clock)();
        let sampled = std::mem::take(&mut self.sampled);
        self.add_up(now, sampled);
        let frame = self.statistics.tick(now);
        // An empty frame after samples is a sign of life: figures that stay the same have not stopped coming.
        if statistics::is_empty(&frame) && !sampled {
            return;
        }
        let life = StatsFrame {
            at_millis: now,
            ..StatsFrame::default()
        };
        let mut parts: BTreeMap<ContainerKey, Option<Encoded>> = BTreeMap::new();
        let encode = |frame| Encoded::new(ServerMsg::Stats(frame));
        let mut behind = Vec::new();
        for (&id, viewer) in &mut self.viewers {
            let was_behind = viewer.behind;
            let part = match viewer.interest.stats {
                StatsWanted::None => &mut None,
                // The sum's key stands for the whole frame here.
                StatsWanted::All => parts
                    .entry(ContainerKey::SUM)
                    .or_insert_with(|| Some(encode(frame.clone()))),
                StatsWanted::One(key) => parts.entry(key).or_insert_with(|| {
                    statistics::only(&frame, key)
                        .or_else(|| sampled.then(|| life.clone()))
                        .map(encode)
                }),
            };
            let Some(part) = part else { continue };
            if viewer.offer_stats(part) == Offered::NoRoom {
                viewer.owed.stats = true;
                if !was_behind {
                    behind.push(id);
                }
            }
        }
        self.wait_for(behind);
    }

    /// The sum of all: known only while all are read, and once each had the time to give a figure.
    fn add_up(&mut self, now: u64, sampled: bool) {
        let Some(since) = self.all_since else { return };
        let running = || self.fleet.iter().filter(|one| one.state.has_processes());
        if self.samples.is_empty() {
            let idle =
                matches!(self.daemon, DaemonState::Live { .. }) && running().next().is_none();
            if !idle {
                self.statistics.lose(ContainerKey::SUM);
                return;
            }
        }
        let complete = running().all(|one| self.samples.contains_key(&one.key));
        if !complete && since.elapsed() < SUM_PATIENCE {
            return;
        }
        let sum = statistics::sum(self.samples.iter().map(|(&key, sample)| {
            let borrowed = self
                .fleet
                .get(key)
                .is_some_and(|one| one.network_mode.starts_with("container:"));
            let network = if borrowed {
                Network::Borrowed
            } else {
                Network::Own
            };
            (sample, network)
        }));
        self.statistics.set(ContainerKey::SUM, sum);
        // A daemon that says nothing leaves a hole, not a flat line.
        if sampled || self.samples.is_empty() {
            self.histories
                .entry(ContainerKey::SUM)
                .or_default()
                .push(now, &sum);
        }
    }

    /// Gives a viewer what it is owed, as long as it has room.
    fn serve(&mut self, id: ViewerId) {
        let Some(viewer) = self.viewers.get(&id) else {
            return;
        };
        if viewer.behind {
            return;
        }
        while let Some((message, paid)) = self.next_debt(id) {
            let Some(viewer) = self.viewers.get_mut(&id) else {
                return;
            };
            if viewer.offer(&mut Encoded::new(message)) == Offered::NoRoom {
                self.wait_for(vec![id]);
                return;
            }
            match paid {
                Debt::Snapshot => {
                    viewer.owed.snapshot = false;
                    // What it had is void.
                    viewer.owed.stats = true;
                }
                Debt::Stats => viewer.owed.stats = false,
                Debt::Answer => drop(viewer.owed.answers.pop_front()),
                Debt::Entries(cursor) => viewer.events = Some(cursor),
            }
        }
    }

    fn next_debt(&self, id: ViewerId) -> Option<(ServerMsg, Debt)> {
        let viewer = self.viewers.get(&id)?;
        if viewer.owed.snapshot {
            return Some((
                ServerMsg::Snapshot(Box::new(self.snapshot())),
                Debt::Snapshot,
            ));
        }
        if viewer.owed.stats && viewer.greeted {
            return Some((ServerMsg::Stats(self.reset(viewer)), Debt::Stats));
        }
        if let Some(answer) = viewer.owed.answers.front() {
            return Some((self.answer(answer), Debt::Answer));
        }
        let cursor = viewer
            .events
            .filter(|cursor| cursor.next < self.timeline.next())?;
        let (entries, after) = run_of_entries(&self.timeline, cursor);
        let frame = self.timeline.frame(entries, false);
        Some((ServerMsg::Events(frame), Debt::Entries(after)))
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            epoch: self.timeline.epoch(),
            at_millis: (self.config.clock)(),
            demo: self.config.demo,
            endpoint: self.config.endpoint.clone(),
            daemon: self.daemon.clone(),
            engine: self.engine.clone(),
            containers: self.fleet.iter().cloned().collect(),
            usage: self.usage.clone(),
        }
    }

    fn reset(&self, viewer: &Viewer) -> StatsFrame {
        self.statistics
            .reset((self.config.clock)(), |key| match viewer.interest.stats {
                StatsWanted::None => false,
                StatsWanted::All => true,
                StatsWanted::One(one) => key == one,
            })
    }

    fn answer(&self, answer: &Answer) -> ServerMsg {
        match answer {
            Answer::Refused(refusal) => ServerMsg::Refused(refusal.clone()),
            &Answer::Series { key, points } => {
                ServerMsg::Series(self.histories.get(&key).map_or_else(
                    || History::default().series(key, None),
                    |one| one.series(key, points),
                ))
            }
            &Answer::EventsBefore { seq, limit } => {
                ServerMsg::Events(self.timeline.frame(self.timeline.before(seq, limit), true))
            }
        }
    }

    /// Wakes the hub when these viewers have taken most of what waits for them.
    fn wait_for(&self, behind: Vec<ViewerId>) {
        for id in behind {
            if let Some(viewer) = self.viewers.get(&id) {
                let outbox = viewer.outbox.clone();
                self.wakes.push(Box::pin(async move {
                    // An error says that it left, which is told elsewhere.
                    let _ = outbox.reserve_many(CAUGHT_UP).await;
                    Wake::CaughtUp(id)
                }));
            }
        }
    }
}

enum Debt {
    Snapshot,
    Stats,
    Answer,
    Entries(Cursor),
}

/// What a viewer at `cursor` gets next, and where it is then. What the ring has lost before it got there is told as
/// a gap, which has the place of the last entry lost.
fn run_of_entries(timeline: &Timeline, cursor: Cursor) -> (Vec<Entry>, Cursor) {
    let oldest = timeline.oldest();
    let mut entries = timeline.from(cursor.next);
    if cursor.next < oldest {
        let to_nano = entries.iter().find_map(|entry| nano(&entry.item));
        entries.insert(
            0,
            Entry {
                seq: oldest - 1,
                item: Item::Gap(Gap {
                    from_nano: cursor.last_nano,
                    to_nano: to_nano.or(cursor.last_nano).unwrap_or(0),
                    reason: GapReason::ViewerTooSlow,
                }),
            },
        );
    }
    let after = Cursor {
        next: entries.last().map_or(cursor.next, |entry| entry.seq + 1),
        last_nano: entries
            .iter()
            .rev()
            .find_map(|entry| nano(&entry.item))
            .or(cursor.last_nano),
    };
    (entries, after)
}

fn nano(item: &Item) -> Option<i64> {
    match item {
        Item::Event(event) => Some(event.time_nano),
        Item::Gap(gap) => Some(gap.to_nano),
    }
}
