//! What a person should look at now, why, and the events that show it.
//!
//! One list for the Overview and for programs, derived from what is known: the fleet, the stories, the disk usage.
//! Where a story is not known the fleet's own facts must do; where neither is known nothing is said.

use protocol::{Container, ContainerKey, Details, Health, Position, State, Usage, UsageClass};

use crate::sort_by;
use crate::story::{LOOP_DEATHS, Life, Outcome, Piece, Stories};

/// What ended badly so long ago is no news.
const RECENT_MILLIS: u64 = 60 * 60 * 1000;
/// One that came back by its restart policy and has run for so long is well again.
const SETTLED_MILLIS: u64 = 10 * 60 * 1000;
/// How a process ends that was asked to: by SIGTERM, or by ^C.
const ASKED_TO_STOP: [i64; 3] = [0, 143, 130];
/// So many positions, the newest, are evidence enough.
const EVIDENCE: usize = 32;

/// What a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    pub about: About,
    pub severity: Severity,
    pub reason: Reason,
    /// Since when, where that is known.
    pub since_millis: Option<u64>,
    /// The events that show it, oldest first; empty where they are not held.
    pub evidence: Vec<Position>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    Container(ContainerKey),
    DiskUsage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Warn,
    Bad,
}

/// [`crate::english::reason`] has the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The daemon could not remove it.
    Dead,
    CrashLoop {
        times: u64,
        last_exit: Option<i64>,
    },
    Restarting {
        times: u64,
        last_exit: Option<i64>,
    },
    Unhealthy,
    OutOfMemory {
        limit_bytes: Option<u64>,
        /// It runs: a process within it was ended, or it came back.
        lives: bool,
    },
    Failed {
        exit_code: i64,
    },
    /// By its restart policy.
    CameBack {
        times: u64,
    },
    /// By class, those with anything to reclaim, the most first.
    Reclaimable {
        bytes: u64,
        classes: Vec<(UsageClass, u64)>,
    },
}

/// What is known of one container.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'f> {
    pub key: ContainerKey,
    pub id: &'f str,
    pub state: &'f State,
    pub health: Option<&'f Health>,
    pub details: Option<&'f Details>,
}

impl<'f> From<&'f Container> for Facts<'f> {
    fn from(container: &'f Container) -> Self {
        Self {
            key: container.key,
            id: &container.id,
            state: &container.state,
            health: container.health.as_ref(),
            details: container.details.as_deref(),
        }
    }
}

/// What is more is worth a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub reclaimable_bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            reclaimable_bytes: 10_000_000_000,
        }
    }
}

/// The worst first, then the newest. `now_millis` is by the clock that the facts' times are of.
pub fn attention<'f>(
    fleet: impl IntoIterator<Item = Facts<'f>>,
    stories: Option<&Stories>,
    usage: Option<&Usage>,
    bounds: Bounds,
    now_millis: u64,
) -> Vec<Concern> {
    let mut concerns: Vec<Concern> = fleet
        .into_iter()
        .filter_map(|facts| {
            let look = Look {
                facts,
                stories,
                life: stories.and_then(|stories| stories.life_of(facts.id)),
                now_millis,
            };
            look.concern()
        })
        .collect();
    concerns.extend(usage.and_then(|usage| reclaimable(usage, bounds)));
    sort_by(&mut concerns, |a, b| {
        b.severity
            .cmp(&a.severity)
            .then(b.since_millis.cmp(&a.since_millis))
            .then(a.about.cmp(&b.about))
    });
    concerns
}

fn reclaimable(usage: &Usage, bounds: Bounds) -> Option<Concern> {
    // below zero is a driver's nonsense, and what is not known is above no bound
    let mut classes: Vec<(UsageClass, u64)> = usage
        .rows
        .iter()
        .filter_map(|row| Some((row.class, u64::try_from(row.reclaimable_bytes?).ok()?)))
        .filter(|(_, bytes)| *bytes > 0)
        .collect();
    sort_by(&mut classes, |(_, a), (_, b)| b.cmp(a));
    let bytes = classes
        .iter()
        .fold(0, |sum: u64, (_, bytes)| sum.saturating_add(*bytes));
    (bytes > bounds.reclaimable_bytes).then(|| Concern {
        about: About::DiskUsage,
        severity: Severity::Warn,
        reason: Reason::Reclaimable { bytes, classes },
        since_millis: None,
        evidence: Vec::new(),
    })
}

/// One container, and what its last story says of it.
struct Look<'f> {
    facts: Facts<'f>,
    stories: Option<&'f Stories>,
    life: Option<(&'f Piece, &'f Life)>,
    now_millis: u64,
}

impl Look<'_> {
    fn concern(&self) -> Option<Concern> {
        let Facts {
            state,
            health,
            details,
            ..
        } = self.facts;
        let finished = details
            .and_then(|details| details.finished_at_millis)
            .or(self.life_millis());
        let exit = details
            .and_then(|details| details.exit_code)
            .or(self.life.and_then(|(_, life)| life.exit_code));
        let times = details
            .and_then(|details| details.restart_count)
            .unwrap_or(0)
            .max(self.life.map_or(0, |(_, life)| u64::from(life.unasked)));
        match state {
            State::Dead => self.tell(Severity::Bad, Reason::Dead, finished),
            State::Restarting => {
                let last_exit = exit;
                let reason = if times >= u64::from(LOOP_DEATHS) {
                    Reason::CrashLoop { times, last_exit }
                } else {
                    Reason::Restarting { times, last_exit }
                };
                self.tell(Severity::Bad, reason, finished)
            }
            // not how many checks failed: probes cause no call, so that count would be as old as the last inspection
            State::Running if health == Some(&Health::Unhealthy) => self.unhealthy(),
            State::Running => self.running(times),
            State::Exited if self.within(finished, RECENT_MILLIS) => self.exited(finished, exit),
            _ => None,
        }
    }

    fn tell(&self, severity: Severity, reason: Reason, since: Option<u64>) -> Option<Concern> {
        Some(Concern {
            about: About::Container(self.facts.key),
            severity,
            reason,
            since_millis: since,
            evidence: self
                .life
                .map_or_else(Vec::new, |(piece, _)| self.evidence(piece)),
        })
    }

    fn evidence(&self, piece: &Piece) -> Vec<Position> {
        let Some(stories) = self.stories else {
            return Vec::new();
        };
        let positions = stories.events(piece).map(|(position, _)| position);
        let mut newest: Vec<Position> = positions.rev().take(EVIDENCE).collect();
        newest.reverse();
        newest
    }

    fn within(&self, millis: Option<u64>, limit: u64) -> bool {
        millis.is_some_and(|millis| self.now_millis.saturating_sub(millis) < limit)
    }

    /// When its last story ended.
    fn life_millis(&self) -> Option<u64> {
        self.life.and_then(|(piece, _)| millis(piece.to_nano))
    }

    fn unhealthy(&self) -> Option<Concern> {
        let health = self
            .stories
            .and_then(|stories| stories.health_of(self.facts.id, "unhealthy"));
        Some(Concern {
            about: About::Container(self.facts.key),
            severity: Severity::Bad,
            reason: Reason::Unhealthy,
            since_millis: health.and_then(|piece| millis(piece.from_nano)),
            evidence: health.map_or_else(Vec::new, |piece| self.evidence(piece)),
        })
    }

    fn running(&self, times: u64) -> Option<Concern> {
        let details = self.facts.details;
        let outcome = self.life.map(|(_, life)| life.outcome());
        let ended = self.life_millis();
        if outcome == Some(Outcome::CrashLoop) && self.within(ended, SETTLED_MILLIS) {
            let last_exit = self.life.and_then(|(_, life)| life.exit_code);
            return self.tell(Severity::Bad, Reason::CrashLoop { times, last_exit }, ended);
        }
        if outcome == Some(Outcome::OutOfMemory) && self.within(ended, RECENT_MILLIS) {
            let reason = Reason::OutOfMemory {
                limit_bytes: details.and_then(|details| details.memory_limit_bytes),
                lives: true,
            };
            return self.tell(Severity::Warn, reason, ended);
        }
        let details = details?;
        let started = details.started_at_millis;
        let times = details.restart_count.filter(|times| *times > 0)?;
        if !self.within(started, SETTLED_MILLIS) {
            return None;
        }
        self.tell(Severity::Warn, Reason::CameBack { times }, started)
    }

    fn exited(&self, finished: Option<u64>, exit: Option<i64>) -> Option<Concern> {
        let details = self.facts.details;
        let starved = details.is_some_and(|details| details.oom_killed)
            || self
                .life
                .is_some_and(|(_, life)| life.out_of_memory > 0 && life.deaths > 0);
        if starved {
            let reason = Reason::OutOfMemory {
                limit_bytes: details.and_then(|details| details.memory_limit_bytes),
                lives: false,
            };
            return self.tell(Severity::Bad, reason, finished);
        }
        // `docker stop` ends one that does not listen with 137
        let asked = self
            .life
            .is_some_and(|(_, life)| (life.deaths > 0 || life.stopped) && life.unasked == 0);
        let exit_code = exit?;
        if asked || ASKED_TO_STOP.contains(&exit_code) {
            return None;
        }
        self.tell(Severity::Warn, Reason::Failed { exit_code }, finished)
    }
}

fn millis(nano: i64) -> Option<u64> {
    u64::try_from(nano / 1_000_000).ok()
}
