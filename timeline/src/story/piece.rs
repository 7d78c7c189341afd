//! What there is to show: plain data, no words. [`crate::english`] has the words.

use std::sync::Arc;

use protocol::Event;

use super::PieceKey;

/// One thing to show. Every raw event and every gap is in exactly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub what: What,
    pub subject: Arc<Subject>,
    /// The daemon's times of its first and last event.
    pub from_nano: i64,
    pub to_nano: i64,
    /// Events of it may be missing: a gap lies within it, or cut off its end.
    pub incomplete: bool,
    /// Places in the list of entries, in order; [`super::Stories::events`] gives the entries.
    pub(super) events: Vec<u32>,
    pub(super) gaps_before: u32,
}

impl Piece {
    /// How many raw events it holds.
    pub fn count(&self) -> usize {
        self.events.len()
    }

    pub fn took_nano(&self) -> i64 {
        self.to_nano.saturating_sub(self.from_nano)
    }
}

/// A piece, and what is soon read of many.
#[derive(Debug, Clone, Copy)]
pub struct Outline<'s> {
    pub key: PieceKey,
    /// The place of its last event: of two pieces the later one's is the greater. It is void once entries are let go or
    /// prepended.
    pub last_place: u32,
    /// It tells the probes of a container.
    pub is_probes: bool,
    pub piece: &'s Piece,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An event that belongs to no story: the raw entry says it all.
    Event,
    Gap,
    /// The health check's probes of one container.
    Probes(Probes),
    Story(Story),
}

/// Whom it is about. A container's, network's or volume's own; for a project the project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The daemon's type (`container`, `image`, …), or `project`; empty for a gap.
    pub kind: String,
    /// 64 digits for a container; empty for a project.
    pub id: String,
    /// Empty where the daemon gives none.
    pub name: String,
    /// Of the compose label.
    pub project: Option<String>,
    pub service: Option<String>,
}

impl Subject {
    pub(super) fn of(event: &Event) -> Self {
        let (name, project, service) = Self::names(event);
        Self {
            kind: event.kind.clone(),
            id: event.actor_id.clone(),
            name: name.to_owned(),
            project: project.map(str::to_owned),
            service: service.map(str::to_owned),
        }
    }

    /// Whether another event is about the same.
    pub(super) fn is_of(&self, event: &Event) -> bool {
        self.kind == event.kind
            && self.id == event.actor_id
            && Self::names(event)
                == (
                    self.name.as_str(),
                    self.project.as_deref(),
                    self.service.as_deref(),
                )
    }

    /// Its own name, its compose project and service.
    fn names(event: &Event) -> (&str, Option<&str>, Option<&str>) {
        let is_container = event.kind == "container";
        let name = match event.attribute("name") {
            Some(name) => name,
            // a volume has no other name
            None if event.kind == "volume" => &event.actor_id,
            None => "",
        };
        let label = |name| event.attribute(name).filter(|_| is_container);
        (
            name,
            label("com.docker.compose.project"),
            label("com.docker.compose.service"),
        )
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probes {
    pub count: u32,
    /// Probes that ended with anything but 0.
    pub failed: u32,
    /// `None` while none has ended.
    pub last_exit: Option<i64>,
    pub command: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Story {
    /// A stretch of a container's life: created, started, stopped, restarted, crashed, removed, …
    Container(Life),
    /// Several containers of one compose project within seconds, with its networks and volumes.
    Project(Project),
    /// A command that somebody ran in a container.
    Exec(Exec),
    /// The daemon's word for the new health; `times` in a row (Podman tells it at each probe).
    Health {
        status: String,
        times: u32,
    },
    /// `None`: still paused.
    Paused {
        lasted_nano: Option<i64>,
    },
    Committed {
        image: String,
    },
    Renamed {
        from: String,
        to: String,
    },
    /// Limits or restart policy.
    Updated,
    /// `docker cp`, into the container or out of it.
    Copied {
        into: bool,
    },
    /// The subject is the network or volume.
    Linked {
        link: Link,
        container: String,
    },
    /// The names that were given or taken, where the daemon tells them.
    Image {
        verb: ImageVerb,
        names: Vec<String>,
    },
    /// A volume or network of its own.
    Created,
    Removed,
    /// By class, in the order in which the daemon told them.
    Pruned(Vec<Pruned>),
    /// The daemon read its configuration anew.
    Reloaded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Connected,
    Disconnected,
    Mounted,
    Unmounted,
}

/// The strongest thing that happened to the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageVerb {
    Untagged,
    Tagged,
    Saved,
    Pushed,
    Pulled,
    /// By a build or a commit.
    Created,
    Imported,
    Loaded,
    Deleted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pruned {
    /// `container`, `network`, `volume`, `image`, `builder`.
    pub class: String,
    /// As many as the daemon told one by one.
    pub removed: u32,
    pub reclaimed_bytes: Option<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exec {
    pub command: String,
    /// `None` while it runs, or where its end lies in a gap.
    pub exit_code: Option<i64>,
}

/// What happened to one container. [`Life::outcome`] sums it up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Life {
    pub created: bool,
    pub starts: u32,
    pub deaths: u32,
    /// Deaths that nobody asked the daemon for.
    pub unasked: u32,
    /// Deaths, or processes of it, by the kernel for want of memory.
    pub out_of_memory: u32,
    /// The signals sent through the daemon, as it writes them (`15`), in order.
    pub signals: Vec<String>,
    /// `docker stop` or `docker restart` was done with it.
    pub stopped: bool,
    pub restarted: bool,
    pub removed: bool,
    /// Killed for that: `docker rm -f`.
    pub by_force: bool,
    /// Of the last death.
    pub exit_code: Option<i64>,
    /// How long its last run was, where the daemon tells it.
    pub ran_secs: Option<u64>,
    /// The container whose name it took; [`super::changes`] tells the difference.
    pub replaces: Option<String>,
    /// The images of both, as the events name them; only for one that replaces another.
    pub images: Option<(String, String)>,
    pub(super) phase: Phase,
    pub(super) last_nano: i64,
}

/// Where in its life a container is, as far as its story goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Created,
    Started,
    /// It was sent a signal that may end it.
    Killing,
    OutOfMemory,
    Dead,
    Gone,
}

/// What a stretch of life amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Started,
    /// Ran to its end by itself, with exit code 0.
    Finished,
    /// Ended by itself with another code.
    Failed,
    /// The kernel ended it, or a process in it, for want of memory.
    OutOfMemory,
    /// Ended by itself and came back, [`LOOP_DEATHS`] times and more.
    CrashLoop,
    Signalled,
    Stopped,
    /// By `docker kill`, or by `docker stop` where the stream has no end of it.
    Killed,
    Restarted,
    Removed,
    /// It took the place of another one of the same name.
    Recreated,
}

/// From so many deaths in a row on it is a loop.
pub const LOOP_DEATHS: u32 = 3;

impl Life {
    pub fn outcome(&self) -> Outcome {
        let lives = self.phase == Phase::Started;
        if self.replaces.is_some() {
            Outcome::Recreated
        } else if self.unasked >= LOOP_DEATHS {
            Outcome::CrashLoop
        } else if self.out_of_memory > 0 {
            Outcome::OutOfMemory
        } else if self.unasked > 0 {
            match self.exit_code {
                Some(0) => Outcome::Finished,
                _ => Outcome::Failed,
            }
        } else if self.removed {
            Outcome::Removed
        } else if self.restarted || (lives && (self.deaths > 0 || self.stopped)) {
            Outcome::Restarted
        } else if self.stopped {
            Outcome::Stopped
        } else if self.deaths > 0 {
            Outcome::Killed
        } else if !self.signals.is_empty() {
            Outcome::Signalled
        } else if self.starts > 0 {
            Outcome::Started
        } else {
            Outcome::Created
        }
    }

    /// Whether it runs at the end of the story.
    pub fn lives(&self) -> bool {
        self.phase == Phase::Started
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// In the order in which they came. One that was replaced is not among them.
    pub members: Vec<Member>,
    pub networks_created: u32,
    pub networks_removed: u32,
    pub volumes_created: u32,
    pub volumes_removed: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// 64 digits.
    pub id: String,
    pub name: String,
    pub service: Option<String>,
    pub life: Life,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectOutcome {
    /// Something was created or started, and nothing only ended.
    Up,
    /// All that happened is that containers were removed.
    Down,
    Stopped,
    Restarted,
    Mixed,
}

impl Project {
    pub fn outcome(&self) -> ProjectOutcome {
        let all = |wanted: &[Outcome]| {
            self.members
                .iter()
                .all(|member| wanted.contains(&member.life.outcome()))
        };
        if self.members.is_empty() {
            ProjectOutcome::Mixed
        } else if all(&[Outcome::Created, Outcome::Started, Outcome::Recreated]) {
            ProjectOutcome::Up
        } else if all(&[Outcome::Removed]) {
            ProjectOutcome::Down
        } else if all(&[Outcome::Stopped, Outcome::Killed]) {
            ProjectOutcome::Stopped
        } else if all(&[Outcome::Restarted]) {
            ProjectOutcome::Restarted
        } else {
            ProjectOutcome::Mixed
        }
    }
}
