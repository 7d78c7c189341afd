use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use protocol::{Event, Gap, GapReason};

/// Docker has about 70 pairs of type and action; a daemon that makes up more gets one row for the rest.
pub const MOST_ROWS: usize = 200;
/// Longer is no type and no action.
const LONGEST_WORD: usize = 64;
const OTHER: &str = "other";

/// How many events and gaps there were since the bridge began to listen.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Mutex<EventCounts>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventCounts {
    pub events: BTreeMap<EventClass, u64>,
    /// By [`GapReason`]; one that never came has no row.
    pub gaps: Vec<(GapReason, u64)>,
}

/// What events are counted by. None of it is longer or of more values than the daemon can be trusted with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventClass {
    pub kind: String,
    /// Its first word: `exec_create` of `exec_create: /bin/true`.
    pub action: String,
    /// Of `health_status: healthy`.
    pub health: Option<&'static str>,
}

impl Tally {
    pub fn counts(&self) -> EventCounts {
        self.lock().clone()
    }

    pub(in crate::engine) fn count_event(&self, event: &Event) {
        let class = EventClass::of(event);
        let mut counts = self.lock();
        let is_full = counts.events.len() >= MOST_ROWS;
        let class = if is_full && !counts.events.contains_key(&class) {
            EventClass::other()
        } else {
            class
        };
        *counts.events.entry(class).or_default() += 1;
    }

    pub(in crate::engine) fn count_gap(&self, gap: &Gap) {
        let mut counts = self.lock();
        match counts
            .gaps
            .iter_mut()
            .find(|(reason, _)| *reason == gap.reason)
        {
            Some((_, count)) => *count += 1,
            None => counts.gaps.push((gap.reason, 1)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, EventCounts> {
        // a number is whole whenever the lock is free
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventClass {
    fn of(event: &Event) -> Self {
        let (action, argument) = match event.action.split_once(':') {
            Some((action, argument)) => (action, argument.trim()),
            None => (event.action.as_str(), ""),
        };
        let health = (action == "health_status").then_some(match argument {
            "healthy" => "healthy",
            "unhealthy" => "unhealthy",
            "starting" => "starting",
            _ => OTHER,
        });
        Self {
            kind: word(&event.kind),
            action: word(action),
            health,
        }
    }

    fn other() -> Self {
        Self {
            kind: OTHER.to_owned(),
            action: OTHER.to_owned(),
            health: None,
        }
    }
}

fn word(text: &str) -> String {
    let fits = text.len() <= LONGEST_WORD;
    (if fits { text } else { OTHER }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, action: &str) -> Event {
        Event {
            kind: kind.to_owned(),
            action: action.to_owned(),
            ..Event::default()
        }
    }

    fn class(kind: &str, action: &str) -> EventClass {
        EventClass::of(&event(kind, action))
    }

    #[test]
    fn an_event_is_counted_by_type_and_by_the_first_word_of_its_action() {
        for (action, expected, health) in [
            ("start", "start", None),
            ("exec_create: /bin/sh -c 'a: b'", "exec_create", None),
            ("health_status: healthy", "health_status", Some("healthy")),
            (
                "health_status: unhealthy",
                "health_status",
                Some("unhealthy"),
            ),
            ("health_status: made up", "health_status", Some("other")),
            ("health_status", "health_status", Some("other")),
            (&"x".repeat(65), "other", None),
            ("", "", None),
        ] {
            let class = class("container", action);
            assert_eq!(class.kind, "container");
            assert_eq!((&*class.action, class.health), (expected, health));
        }
        assert_eq!(class(&"x".repeat(65), "start").kind, "other");
    }

    #[test]
    fn a_daemon_that_makes_up_words_gets_no_more_than_one_row_beyond_the_limit() {
        let tally = Tally::default();
        tally.count_event(&event("container", "start"));
        for number in 0..1000 {
            tally.count_event(&event(&format!("type-{number}"), "act"));
        }
        tally.count_event(&event("container", "start"));
        let counts = tally.counts().events;
        assert_eq!(counts.len(), MOST_ROWS + 1);
        assert_eq!(
            counts[&class("container", "start")],
            2,
            "what has a row keeps it"
        );
        assert_eq!(counts[&EventClass::other()], 1000 - (MOST_ROWS as u64 - 1));
        assert_eq!(counts.values().sum::<u64>(), 1002, "none is lost");
    }

    #[test]
    fn gaps_are_counted_by_their_reason() {
        let tally = Tally::default();
        for reason in [
            GapReason::BridgeStarted,
            GapReason::Unreadable,
            GapReason::Unreadable,
        ] {
            tally.count_gap(&Gap {
                from_nano: None,
                to_nano: 0,
                reason,
            });
        }
        assert_eq!(
            tally.counts().gaps,
            [(GapReason::BridgeStarted, 1), (GapReason::Unreadable, 2)]
        );
    }
}
