use std::time::Duration;

use protocol::{Event, READING_PAUSE_MILLIS, READING_TIMES_TAKEN};
use tokio::time::Instant;

/// When disk usage may be read: it is the dearest call there is, for it walks through every volume.
#[derive(Debug, Clone)]
pub struct Pace {
    /// Between the end of one reading and the begin of the next, at least.
    pub shortest: Duration,
    /// As much again as the reading took, so that it is never more than a small part of the daemon's work.
    pub times_taken: u32,
    /// After "already running".
    pub busy_again: Duration,
    /// After any other failure, at least.
    pub failed_again: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            shortest: Duration::from_millis(READING_PAUSE_MILLIS),
            times_taken: READING_TIMES_TAKEN,
            busy_again: Duration::from_secs(2),
            failed_again: Duration::from_secs(30),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Read { took: Duration },
    Busy,
    Failed { took: Duration },
}

/// Decides when the next reading begins.
#[derive(Debug)]
pub struct Schedule {
    pace: Pace,
    stale: bool,
    not_before: Option<Instant>,
}

impl Schedule {
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            // nothing was read yet
            stale: true,
            not_before: None,
        }
    }

    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// Something happened that may have changed it.
    pub fn changed(&mut self) {
        self.stale = true;
    }

    /// A reading begins: what happens from now on it may not show.
    pub fn begun(&mut self) {
        self.stale = false;
    }

    pub fn ended(&mut self, how: Ended, now: Instant) {
        let wait = match how {
            Ended::Read { took } => self.pace.shortest.max(took * self.pace.times_taken),
            Ended::Busy => self.pace.busy_again,
            // one that was given up may go on in the daemon: it cost at least as much
            Ended::Failed { took } => self.pace.failed_again.max(took * self.pace.times_taken),
        };
        if !matches!(how, Ended::Read { .. }) {
            self.stale = true;
        }
        self.not_before = Some(now + wait);
    }

    /// When the next reading is due, if somebody looks; `None`: what is known is fresh.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        self.stale.then(|| self.not_before.unwrap_or(now).max(now))
    }
}

/// Whether an event may have changed disk usage. What containers write themselves causes no event.
pub fn may_change(event: &Event) -> bool {
    match event.kind.as_str() {
        "container" => matches!(
            event.action.as_str(),
            "create"
                | "start"
                | "die"
                | "died"
                | "destroy"
                | "remove"
                | "commit"
                | "extract-to-dir"
                | "prune"
        ),
        "image" => !matches!(event.action.as_str(), "push" | "save"),
        "volume" => matches!(
            event.action.as_str(),
            "create" | "destroy" | "remove" | "prune"
        ),
        "builder" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn reads_at_once_then_only_when_something_changed_and_not_too_soon() {
        let now = Instant::now();
        let mut schedule = Schedule::new(Pace::default());
        assert_eq!(schedule.due(now), Some(now));
        schedule.begun();
        schedule.ended(Ended::Read { took: SECOND }, now + SECOND);
        assert_eq!(schedule.due(now + 600 * SECOND), None);
        assert!(!schedule.is_stale());
        schedule.changed();
        assert_eq!(schedule.due(now + 2 * SECOND), Some(now + 31 * SECOND));
        assert_eq!(schedule.due(now + 600 * SECOND), Some(now + 600 * SECOND));
    }

    #[test]
    fn a_dear_reading_makes_the_next_one_late() {
        let now = Instant::now();
        let mut schedule = Schedule::new(Pace::default());
        schedule.begun();
        // while it was read
        schedule.changed();
        schedule.ended(Ended::Read { took: 10 * SECOND }, now);
        assert_eq!(schedule.due(now), Some(now + 200 * SECOND));
    }

    #[test]
    fn a_busy_daemon_is_asked_again_soon_and_a_failure_later() {
        let now = Instant::now();
        for (how, wait) in [
            (Ended::Busy, 2),
            (Ended::Failed { took: SECOND }, 30),
            (Ended::Failed { took: 180 * SECOND }, 3600),
        ] {
            let mut schedule = Schedule::new(Pace::default());
            schedule.begun();
            schedule.ended(how, now);
            assert_eq!(schedule.due(now), Some(now + wait * SECOND), "{how:?}");
        }
    }

    #[test]
    fn only_some_events_change_it() {
        for (kind, action, expected) in [
            ("container", "create", true),
            ("container", "die", true),
            ("container", "destroy", true),
            ("container", "exec_create: x", false),
            ("container", "exec_die", false),
            ("container", "health_status: healthy", false),
            ("container", "kill", false),
            ("image", "pull", true),
            ("image", "delete", true),
            ("image", "push", false),
            ("volume", "destroy", true),
            ("volume", "mount", false),
            ("builder", "prune", true),
            ("network", "create", false),
            ("daemon", "reload", false),
        ] {
            let event = Event {
                kind: kind.to_owned(),
                action: action.to_owned(),
                ..Event::default()
            };
            assert_eq!(may_change(&event), expected, "{kind} {action}");
        }
    }
}
