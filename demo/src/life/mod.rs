//! What happens in the made-up engine, and when: a pure step over simulated time.
//!
//! Everything that will happen stands in one schedule; `advance` takes what is due. No clock, no I/O:
//! the same seed and the same steps give the same life.

mod acts;
mod chance;
mod disk;
mod flood;
mod place;
mod probes;
mod process;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use std::time::Duration;

pub use acts::{Act, Refusal};

use crate::fleet::container::Spec;
use crate::fleet::{Fleet, Key};
use crate::options::Options;
use crate::random::Random;
use crate::ring::{Attributes, Event, Ring};
use crate::time::{SECOND, Time};

/// How long the fleet has lived before anyone looks: the daemon has a past to tell.
const PAST: Duration = Duration::from_secs(600);

#[derive(Debug)]
pub struct World {
    pub fleet: Fleet,
    pub ring: Ring,
    pub host: Host,
    now: Time,
    random: Random,
    schedule: BinaryHeap<Reverse<Entry>>,
    entries: u64,
    pace: f64,
    last_event: Time,
    /// Since the last `take_events`.
    fresh: Vec<Arc<Event>>,
    /// Services of projects that are down, to be brought up again.
    parked: HashMap<String, Vec<Arc<Spec>>>,
    flooded: u64,
}

/// The machine that the engine claims to run on.
#[derive(Clone, Debug)]
pub struct Host {
    pub id: String,
    pub name: &'static str,
    pub cpus: u32,
    pub memory: u64,
    pub booted: Time,
    pub debug: bool,
}

/// What is to happen to a container counts only for the run it was meant for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Chance,
    Probe {
        key: Key,
        run: u32,
    },
    ProbeEnds {
        key: Key,
        run: u32,
        exec: String,
        began: Time,
        passed: bool,
    },
    Ends {
        key: Key,
        run: u32,
        code: i32,
    },
    OutOfMemory {
        key: Key,
        run: u32,
    },
    RestartByPolicy {
        key: Key,
        run: u32,
    },
    ExecEnds {
        key: Key,
        run: u32,
        exec: String,
    },
    Act(Act),
}

type Entry = (Time, u64, Happening);

impl World {
    /// A fleet that has lived for ten minutes when `start` comes.
    pub fn new(options: &Options, start: Time) -> Self {
        let mut random = Random::new(options.seed);
        let born = start - PAST;
        let (cpus, memory) = match options.containers {
            0..=60 => (8, 33_539_547_136),
            61..=400 => (32, 135_032_274_944),
            _ => (128, 541_165_879_296),
        };
        let host = Host {
            id: random_uuid(&mut random),
            name: "demo",
            cpus,
            memory,
            booted: born - SECOND * 86_400 * 23,
            debug: false,
        };
        let mut world = Self {
            fleet: Fleet::default(),
            ring: Ring::default(),
            host,
            now: born,
            random,
            schedule: BinaryHeap::new(),
            entries: 0,
            pace: options.pace * (options.containers.max(6) as f64 / 24.0).sqrt(),
            last_event: Time::NEVER,
            fresh: Vec::new(),
            parked: HashMap::new(),
            flooded: 0,
        };
        world.place(options.containers);
        if world.pace > 0.0 {
            world.at(SECOND * 5, Happening::Chance);
        }
        // In small steps, so that what nobody reads is never held all at once.
        while world.now < start {
            let until = start.min(world.now + SECOND);
            world.advance(until);
            world.fresh.clear();
        }
        world
    }

    pub fn now(&self) -> Time {
        self.now
    }

    /// The machine's clock was set by so many nanoseconds: what is planned happens after as long as before, and what is
    /// written down already keeps its time.
    pub fn jump(&mut self, nanos: i64) {
        self.now = self.now.moved(nanos);
        self.last_event = self.last_event.min(self.now);
        self.host.booted = self.host.booted.moved(nanos);
        self.schedule = std::mem::take(&mut self.schedule)
            .into_iter()
            .map(|Reverse((due, entry, happening))| Reverse((due.moved(nanos), entry, happening)))
            .collect();
        self.fleet.jump(nanos);
    }

    /// When the next thing happens.
    pub fn next_due(&self) -> Option<Time> {
        self.schedule.peek().map(|Reverse((due, _, _))| *due)
    }

    /// Lets everything happen that is due until `until`.
    pub fn advance(&mut self, until: Time) {
        while self.next_due().is_some_and(|due| due <= until) {
            let Some(Reverse((due, _, happening))) = self.schedule.pop() else {
                break;
            };
            self.now = self.now.max(due);
            self.happen(happening);
        }
        self.now = self.now.max(until);
    }

    /// The events since the last time, oldest first.
    pub fn take_events(&mut self) -> Vec<Arc<Event>> {
        std::mem::take(&mut self.fresh)
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Chance => self.chance(),
            Happening::Probe { key, run } if self.runs(key, run) => self.probe(key),
            Happening::ProbeEnds {
                key,
                run,
                exec,
                began,
                passed,
            } if self.runs(key, run) => self.probe_ends(key, exec, began, passed),
            Happening::Ends { key, run, code } if self.runs(key, run) => {
                self.ends(key, code, false);
            }
            Happening::OutOfMemory { key, run } if self.runs(key, run) => self.ends(key, 137, true),
            Happening::RestartByPolicy { key, run } => self.restart_by_policy(key, run),
            Happening::ExecEnds { key, run, exec } if self.runs(key, run) => {
                self.exec_ends(key, exec);
            }
            // What was planned may have become impossible: its container is gone or already there.
            Happening::Act(act) => drop(self.act(&act)),
            Happening::Probe { .. }
            | Happening::ProbeEnds { .. }
            | Happening::Ends { .. }
            | Happening::ExecEnds { .. }
            | Happening::OutOfMemory { .. } => {}
        }
    }

    fn runs(&self, key: Key, run: u32) -> bool {
        self.fleet
            .get(key)
            .is_some_and(|container| container.run == run && container.state.has_process())
    }

    fn at(&mut self, after: Duration, happening: Happening) {
        self.entries += 1;
        self.schedule
            .push(Reverse((self.now + after, self.entries, happening)));
    }

    fn emit(
        &mut self,
        kind: impl Into<Cow<'static, str>>,
        action: impl Into<String>,
        id: impl Into<String>,
        attributes: Attributes,
    ) {
        let pause = Duration::from_micros(20 + self.random.below(400));
        self.emit_after(pause, kind, action.into(), id.into(), attributes);
    }

    /// No two events of a daemon have the same time, and later ones have later times: at the least by this pause.
    fn emit_after(
        &mut self,
        pause: Duration,
        kind: impl Into<Cow<'static, str>>,
        action: String,
        id: String,
        attributes: Attributes,
    ) {
        let at = self.now.max(self.last_event + pause);
        self.last_event = at;
        let event = Arc::new(Event::new(kind, action, id, attributes, at));
        self.ring.push(Arc::clone(&event));
        self.fresh.push(event);
    }

    /// An event of a container, with its labels, image and name, and `extra`.
    fn emit_container(&mut self, key: Key, action: impl Into<String>, extra: &[(&str, String)]) {
        let Some(container) = self.fleet.get(key) else {
            return;
        };
        let (id, mut attributes) = (container.id.clone(), container.attributes());
        for (name, value) in extra {
            attributes.insert((*name).to_owned(), value.clone());
        }
        self.emit("container", action, id, attributes);
    }
}

fn random_uuid(random: &mut Random) -> String {
    let lengths = [8, 4, 4, 4, 12];
    lengths.map(|length| random.hex(length)).join("-")
}

#[cfg(test)]
mod tests;
