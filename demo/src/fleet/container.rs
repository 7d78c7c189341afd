//! One container: what it was created from, and how it is now.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::fleet::catalogue::{Restart, Temper};
use crate::load::{Character, Conditions, Counters, Memory};
use crate::time::{Time, human};

/// Where a container stands in the fleet; never used twice.
pub type Key = u64;

/// What a container was created from. A recreated container has the same.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Without the slash.
    pub name: String,
    pub image: String,
    pub command: Vec<String>,
    pub env: Vec<String>,
    pub labels: BTreeMap<String, String>,
    pub project: Option<String>,
    pub service: Option<String>,
    pub ports: Vec<Port>,
    pub mounts: Vec<Mount>,
    pub network: Attachment,
    pub health: Option<Check>,
    pub restart: Restart,
    pub temper: Temper,
    pub tty: bool,
    /// Removed by the daemon when it ends (`--rm`).
    pub auto_remove: bool,
    pub character: Character,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    pub private: u16,
    /// None: exposed, not published.
    pub public: Option<u16>,
    pub protocol: &'static str,
}

#[derive(Clone, Debug)]
pub enum Mount {
    Volume {
        name: String,
        destination: String,
    },
    Bind {
        source: String,
        destination: String,
        writable: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attachment {
    /// The name of a bridge network.
    Bridge(String),
    Host,
}

impl Attachment {
    pub fn name(&self) -> &str {
        match self {
            Self::Bridge(name) => name,
            Self::Host => "host",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Check {
    pub command: String,
    pub interval: Duration,
    pub retries: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Created,
    Running,
    Paused,
    Restarting,
    Exited,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Exited => "exited",
        }
    }

    /// Running in the daemon's sense: it has a process.
    pub fn has_process(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Starting,
    Healthy,
    Unhealthy,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Probe {
    pub began: Time,
    pub ended: Time,
    pub passed: bool,
}

#[derive(Clone, Debug)]
pub struct Health {
    pub verdict: Verdict,
    pub streak: u32,
    /// The last five, as the daemon keeps them.
    pub log: VecDeque<Probe>,
}

/// What follows when the process ends, because somebody asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nobody asked: the restart policy decides.
    Itself,
    Kill,
    Stop,
    Restart,
    /// Stop, remove, and create anew from the image of that name as it is now.
    Recreate,
    Remove,
}

#[derive(Clone, Debug)]
pub struct Container {
    pub id: String,
    pub spec: Arc<Spec>,
    /// The image's id at creation; the name may point elsewhere by now.
    pub image_id: String,
    pub created: Time,
    pub state: State,
    pub pid: u32,
    pub exit_code: i32,
    pub oom_killed: bool,
    pub started: Time,
    pub finished: Time,
    pub paused: Time,
    /// Counts starts; what was scheduled for an earlier run no longer happens.
    pub run: u32,
    pub restarts: u32,
    /// The pause before the next restart by policy.
    pub backoff: Duration,
    pub ending: Ending,
    pub health: Option<Health>,
    pub sick_until: Time,
    pub fills_at: Option<Time>,
    pub address: Address,
    pub counters: Counters,
}

/// Where the container is on its network, while it runs.
#[derive(Clone, Debug, Default)]
pub struct Address {
    pub sandbox: String,
    pub endpoint: String,
    pub ip: String,
    pub mac: String,
}

impl Container {
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    pub fn conditions(&self, now: Time) -> Conditions {
        Conditions {
            started: self.started,
            frozen: (self.state == State::Paused).then_some(self.paused),
            fills_at: self.fills_at,
            strained: now < self.sick_until,
        }
    }

    /// Brings the counters to `now`. Counters stand still while there is no process.
    pub fn advance(&mut self, now: Time) {
        if self.state.has_process() {
            let conditions = self.conditions(now);
            self.spec
                .character
                .advance(&mut self.counters, &conditions, now);
        }
    }

    pub fn memory(&self, now: Time) -> Memory {
        self.spec.character.memory_at(now, &self.conditions(now))
    }

    /// Size of the writable layer: it grows slowly with what was written.
    pub fn size_rw(&self, now: Time) -> u64 {
        if self.started.is_never() {
            return 0;
        }
        let end = if self.state.has_process() {
            now
        } else {
            self.finished
        };
        let hours = end.since(self.created).as_secs_f64() / 3600.0;
        let seed = self.spec.character.seed;
        let base = (seed % 97) * (seed % 61) * 1024;
        base + ((hours.sqrt() * (seed % 41) as f64 * 9000.0) as u64)
    }

    /// The Status column of `docker ps`.
    pub fn status(&self, now: Time) -> String {
        match self.state {
            State::Created => "Created".to_owned(),
            State::Running => {
                let mut status = format!("Up {}", human(now.since(self.started)));
                match self.health.as_ref().map(|health| health.verdict) {
                    Some(Verdict::Starting) => status.push_str(" (health: starting)"),
                    Some(verdict) => status.push_str(&format!(" ({})", verdict.word())),
                    None => {}
                }
                status
            }
            State::Paused => format!("Up {} (Paused)", human(now.since(self.started))),
            State::Restarting => format!(
                "Restarting ({}) {} ago",
                self.exit_code,
                human(now.since(self.finished))
            ),
            State::Exited => format!(
                "Exited ({}) {} ago",
                self.exit_code,
                human(now.since(self.finished))
            ),
        }
    }

    /// What an event of this container carries: its labels, its image and its name.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        let mut attributes = self.spec.labels.clone();
        attributes.insert("image".to_owned(), self.spec.image.clone());
        attributes.insert("name".to_owned(), self.spec.name.clone());
        attributes
    }
}
