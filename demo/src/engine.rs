//! The engine at work: the simulated world bound to a clock, with everyone who listens to it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, broadcast, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::api::stats::{Frame, Reading};
use crate::faults::Faults;
use crate::life::{Act, Refusal, World};
use crate::options::Options;
use crate::ring::Event;
use crate::time::{SECOND, Time};

/// A listener further behind than this loses events, as the daemon's do.
const BACKLOG: usize = 1024;
/// A flood comes in portions.
const POUR: Duration = Duration::from_millis(10);

/// One made-up engine. Clones are the same engine.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: Options,
    clock: Clock,
    world: Mutex<World>,
    events: broadcast::Sender<Arc<Event>>,
    watched: Mutex<HashMap<String, Watched>>,
    acted: Notify,
    usage_readings: AtomicUsize,
    flood: Mutex<Flood>,
    faults: Faults,
}

/// Events that are told beside those of the engine's life.
#[derive(Debug)]
struct Flood {
    per_second: u32,
    since: Instant,
    told: u64,
}

#[derive(Debug)]
enum Clock {
    /// The machine's, moved by so many nanoseconds.
    Machine(AtomicI64),
    /// It stands still until `pass`.
    Held,
}

#[derive(Debug)]
struct Watched {
    frames: watch::Sender<Option<Arc<Frame>>>,
    last: Option<Reading>,
}

impl Engine {
    /// An engine whose time is the machine's. It lives only while `run` is polled.
    pub fn new(options: Options) -> Self {
        let start = Time::now();
        Self::with_clock(options, Clock::Machine(AtomicI64::new(0)), start)
    }

    /// An engine whose time stands still until `pass` moves it: for tests.
    pub fn held(options: Options, start: Time) -> Self {
        Self::with_clock(options, Clock::Held, start)
    }

    /// An engine that lives by itself from now on.
    pub fn start(options: Options, cancel: CancellationToken) -> Self {
        let engine = Self::new(options);
        let running = engine.clone();
        tokio::spawn(async move { running.run(cancel).await });
        engine
    }

    fn with_clock(options: Options, clock: Clock, start: Time) -> Self {
        let world = World::new(&options, start);
        Self(Arc::new(Inner {
            options,
            clock,
            world: Mutex::new(world),
            events: broadcast::Sender::new(BACKLOG),
            watched: Mutex::new(HashMap::new()),
            acted: Notify::new(),
            usage_readings: AtomicUsize::new(0),
            flood: Mutex::new(Flood::of(0)),
            faults: Faults::default(),
        }))
    }

    /// Lets things happen when their time comes, and samples once a second what somebody watches.
    pub async fn run(&self, cancel: CancellationToken) {
        let mut collect = tokio::time::interval(SECOND);
        collect.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let wait = self.catch_up().min(SECOND);
            let flooded = self.pour();
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = collect.tick() => self.sample(),
                () = tokio::time::sleep(POUR), if flooded => {}
                () = tokio::time::sleep(wait) => {}
                () = self.0.acted.notified() => {}
            }
        }
    }

    /// Moves a held clock on, second by second.
    pub fn pass(&self, duration: Duration) {
        let mut left = duration;
        while !left.is_zero() {
            let step = left.min(SECOND);
            left -= step;
            let until = self.world().now() + step;
            self.advance(until);
            self.collect();
        }
    }

    /// Makes the machine's clock jump, as when somebody sets it: forwards, or back when `nanos` is negative.
    pub fn jump(&self, nanos: i64) {
        let mut world = self.world();
        if let Clock::Machine(offset) = &self.0.clock {
            offset.fetch_add(nanos, Ordering::Relaxed);
        }
        world.jump(nanos);
        drop(world);
        self.0.acted.notify_one();
    }

    /// Tells so many events a second from now on, beside those of the engine's life: `exec_start: tick N`.
    pub fn flood(&self, per_second: u32) {
        *self.flooding() = Flood::of(per_second);
        self.0.acted.notify_one();
    }

    /// How many events of floods were told since it began: the number of the last one.
    pub fn flooded(&self) -> u64 {
        self.world().flooded()
    }

    /// Tells what of the flood is due. Whether there is one.
    fn pour(&self) -> bool {
        // Kept while it is told, so that nothing more comes of a flood that was ended.
        let mut flood = self.flooding();
        if flood.per_second == 0 {
            return false;
        }
        let whole = flood.since.elapsed().as_secs_f64() * f64::from(flood.per_second);
        let due = (whole as u64).saturating_sub(flood.told);
        flood.told += due;
        let mut world = self.world();
        world.flood(due);
        self.publish(&mut world);
        true
    }

    fn flooding(&self) -> MutexGuard<'_, Flood> {
        self.0.flood.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what somebody asks for, now.
    pub fn act(&self, act: &Act) -> Result<(), Refusal> {
        self.catch_up();
        let mut world = self.world();
        let outcome = world.act(act);
        self.publish(&mut world);
        drop(world);
        self.0.acted.notify_one();
        outcome
    }

    /// Whether that container has a process now.
    pub fn runs(&self, container: &str) -> bool {
        let world = self.world();
        let found = world.fleet.find(container);
        found
            .and_then(|key| world.fleet.get(key))
            .is_some_and(|container| container.state.has_process())
    }

    pub fn options(&self) -> &Options {
        &self.0.options
    }

    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    pub fn now(&self) -> Time {
        match &self.0.clock {
            Clock::Machine(offset) => {
                let offset = offset.load(Ordering::Relaxed);
                Time::from_nanos(Time::now().nanos() + offset)
            }
            Clock::Held => self.world().now(),
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The events kept and all that follow: nothing is lost or doubled between the two.
    pub(crate) fn listen(&self) -> (Vec<Arc<Event>>, broadcast::Receiver<Arc<Event>>) {
        let world = self.world();
        (
            world.ring.iter().cloned().collect(),
            self.0.events.subscribe(),
        )
    }

    /// How many containers there are.
    pub fn containers(&self) -> usize {
        self.world().fleet.len()
    }

    /// How many event streams are open.
    pub fn listeners(&self) -> usize {
        self.0.events.receiver_count()
    }

    /// Frames of a container from the next second on; they end when it is removed.
    pub(crate) fn watch(&self, id: &str) -> watch::Receiver<Option<Arc<Frame>>> {
        let mut watched = self
            .0
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let entry = watched.entry(id.to_owned()).or_insert_with(|| Watched {
            frames: watch::Sender::new(None),
            last: None,
        });
        let mut frames = entry.frames.subscribe();
        frames.mark_unchanged();
        frames
    }

    /// How many statistics streams are open.
    pub fn streams(&self) -> usize {
        let watched = self
            .0
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        watched
            .values()
            .map(|entry| entry.frames.receiver_count())
            .sum()
    }

    /// Claims the disk; None when somebody else reads it already.
    pub(crate) fn claim_usage(&self) -> UsageClaim {
        let before = self.0.usage_readings.fetch_add(1, Ordering::AcqRel);
        UsageClaim {
            engine: self.clone(),
            alone: before == 0,
        }
    }

    /// Lets happen what is due and says how long nothing more will.
    fn catch_up(&self) -> Duration {
        if let Clock::Held = self.0.clock {
            return SECOND;
        }
        let mut world = self.world();
        // Read under the lock, or the clock might jump in between.
        let now = self.now();
        world.advance(now);
        self.publish(&mut world);
        world
            .next_due()
            .map_or(SECOND, |due| due.since(now))
            .max(Duration::from_millis(1))
    }

    fn advance(&self, until: Time) {
        let mut world = self.world();
        world.advance(until);
        self.publish(&mut world);
    }

    /// Under the world's lock, so that `listen` sees every event once.
    fn publish(&self, world: &mut World) {
        for event in world.take_events() {
            // Nobody listening is no error.
            drop(self.0.events.send(event));
        }
    }

    /// A sample is of the moment it is taken, not of the last thing that happened.
    fn sample(&self) {
        self.catch_up();
        self.collect();
    }

    /// One pass over all watched containers.
    fn collect(&self) {
        let mut watched = self
            .0
            .watched
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        watched.retain(|_, entry| entry.frames.receiver_count() > 0);
        if watched.is_empty() {
            return;
        }
        let mut world = self.world();
        watched.retain(|id, entry| {
            let Some(key) = world.fleet.find(id) else {
                return false;
            };
            let Some(reading) = Reading::take(&mut world, key) else {
                return false;
            };
            let frame = Frame::new(reading.clone(), entry.last.as_ref(), &self.0.options);
            entry.last = reading.running.then_some(reading);
            entry.frames.send_replace(Some(Arc::new(frame)));
            true
        });
    }
}

impl Flood {
    fn of(per_second: u32) -> Self {
        Self {
            per_second,
            since: Instant::now(),
            told: 0,
        }
    }
}

/// One reading of the disk usage, while it takes.
pub(crate) struct UsageClaim {
    engine: Engine,
    /// Nobody else was reading when this began.
    pub(crate) alone: bool,
}

impl Drop for UsageClaim {
    fn drop(&mut self) {
        self.engine.0.usage_readings.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_of_the_moment_it_is_taken() {
        let engine = Engine::new(Options::default());
        let id = {
            let world = engine.world();
            let mut fleet = world.fleet.iter().map(|(_, container)| container);
            let running = fleet.find(|container| container.state.has_process());
            running.unwrap().id.clone()
        };
        let _frames = engine.watch(&id);
        for _ in 0..3 {
            let before = engine.now();
            engine.sample();
            let at = engine.0.watched.lock().unwrap()[&id]
                .last
                .as_ref()
                .unwrap()
                .at;
            assert!(at >= before, "sampled {at:?}, asked for at {before:?}");
        }
    }
}
