//! The engine at work: the simulated world bound to a clock, with everyone who listens to it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
    faults: Faults,
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
            faults: Faults::default(),
        }))
    }

    /// Lets things happen when their time comes, and samples once a second what somebody watches.
    pub async fn run(&self, cancel: CancellationToken) {
        let mut collect = tokio::time::interval(SECOND);
        collect.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let wait = self.catch_up().min(SECOND);
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = collect.tick() => self.sample(),
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

    /// Makes the machine's clock seem to jump: forwards, or back when `nanos` is negative.
    pub fn jump(&self, nanos: i64) {
        if let Clock::Machine(offset) = &self.0.clock {
            offset.fetch_add(nanos, Ordering::Relaxed);
        }
        self.0.acted.notify_one();
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

    pub(crate) fn listeners(&self) -> usize {
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
        let now = self.now();
        self.advance(now);
        self.world()
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
