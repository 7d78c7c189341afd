use std::{
    collections::{HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use protocol::{Event, Gap, GapReason};

/// What the daemon keeps in memory, and loses when it ends (moby `daemon/events/events.go`).
pub const DAEMON_RING: usize = 256;
/// How far before the last event a resumed stream begins: the daemon's ring is searched by time, and swarm events
/// carry their objects' own times.
const OVERLAP_NANO: i64 = 2_000_000_000;
/// How far back the first stream begins: the daemon's ring holds less, but podman's log may hold months.
const FIRST_NANO: i64 = 3_600_000_000_000;
/// More than any overlap holds.
const REMEMBERED: usize = 4 * DAEMON_RING;

/// What is known of the events so far: enough to tell a duplicate from news, and whether a resumed stream joins.
#[derive(Debug, Default)]
pub struct Past {
    /// The newest time of an event, since the daemon's clock was set back.
    last_nano: Option<i64>,
    /// When listening began, by the daemon's clock: the place to resume from while no event is known.
    listening_since_nano: Option<i64>,
    order: VecDeque<u64>,
    seen: HashSet<u64>,
    /// Unreadable lines since the last event that could be read were told already.
    unreadable: bool,
}

/// How the stream before this one ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Break {
    /// Nobody answered for a while, as when a daemon restarts.
    pub daemon_was_down: bool,
    pub hung: bool,
}

impl Past {
    /// Of what an earlier run of the bridge wrote down, oldest first. The first stream is joined to it as a resumed one is.
    pub fn of(events: &[Event]) -> Self {
        let mut past = Self::default();
        for event in events {
            past.admit(event);
        }
        past
    }

    /// No stream was joined yet.
    pub fn is_new(&self) -> bool {
        self.listening_since_nano.is_none()
    }

    /// Where the next stream is to begin.
    pub fn since_nano(&self, now_nano: i64) -> i64 {
        match (self.last_nano, self.listening_since_nano) {
            // a clock that was set back makes the last event one of the future, and there nothing is to be found
            (Some(last), _) => last.min(now_nano).saturating_sub(OVERLAP_NANO),
            (None, Some(began)) => began.min(now_nano).saturating_sub(OVERLAP_NANO),
            (None, None) => now_nano.saturating_sub(FIRST_NANO),
        }
    }

    /// Whether a stream that began so lacks what it should begin with: an event that is known. A full ring may have
    /// lost it; less than that may be late.
    pub fn misses(&self, backlog: &[Event]) -> bool {
        self.last_nano.is_some()
            && backlog.len() < DAEMON_RING
            && !backlog.iter().any(|event| self.knows(event))
    }

    /// Joins a new stream to what is known. `backlog` is what it brought at once; what of it is news is given back,
    /// after the gap, if there may be one.
    ///
    /// The daemon's ring is one unbroken stretch, so one known event in it shows that nothing after that was lost.
    pub fn join(
        &mut self,
        backlog: Vec<Event>,
        broken: Break,
        now_nano: i64,
    ) -> (Option<Gap>, Vec<Event>) {
        let first = self.is_new();
        let held = backlog.len();
        let known = backlog.iter().any(|event| self.knows(event));
        let fresh: Vec<Event> = backlog
            .into_iter()
            .filter(|event| self.is_news(event))
            .collect();
        let to_nano = fresh
            .iter()
            .map(|event| event.time_nano)
            .min()
            .unwrap_or(now_nano);
        let overrun_possible = held >= DAEMON_RING;
        let joins =
            known || (self.last_nano.is_none() && !broken.daemon_was_down && !overrun_possible);
        let reason = if first && self.last_nano.is_none() {
            Some(GapReason::BridgeStarted)
        } else if joins {
            None
        } else if first {
            Some(GapReason::BridgeWasDown)
        } else if broken.daemon_was_down || !overrun_possible {
            // less than a full ring and still nothing known in it: the ring began anew
            Some(GapReason::DaemonRestarted)
        } else if broken.hung {
            Some(GapReason::StreamStalled)
        } else {
            Some(GapReason::RingOverrun)
        };
        let gap = reason.map(|reason| Gap {
            from_nano: self.last_nano,
            to_nano: self.last_nano.map_or(to_nano, |last| to_nano.max(last)),
            reason,
        });
        self.listening_since_nano.get_or_insert(now_nano);
        for event in &fresh {
            self.note_time(event);
        }
        (gap, fresh)
    }

    /// Whether a live event is news; if so, it is known from now on.
    pub fn admit(&mut self, event: &Event) -> bool {
        let news = self.is_news(event);
        if news {
            self.note_time(event);
        }
        news
    }

    /// A line that could not be read: one gap for all of them up to the next event that could.
    pub fn unreadable(&mut self, now_nano: i64) -> Option<Gap> {
        if std::mem::replace(&mut self.unreadable, true) {
            return None;
        }
        Some(Gap {
            from_nano: self.last_nano,
            to_nano: self.last_nano.map_or(now_nano, |last| now_nano.max(last)),
            reason: GapReason::Unreadable,
        })
    }

    /// Events come in the order in which they happened. One that is so much older than one before it was told by a clock
    /// that was set back, unless it is of a swarm, whose events carry their objects' times.
    pub fn is_set_back(&self, event: &Event) -> bool {
        let oldest = self.last_nano.map(|last| last.saturating_sub(OVERLAP_NANO));
        event.scope != "swarm" && oldest.is_some_and(|oldest| event.time_nano < oldest)
    }

    fn note_time(&mut self, event: &Event) {
        self.unreadable = false;
        self.last_nano = Some(match self.last_nano {
            Some(last) if !self.is_set_back(event) => last.max(event.time_nano),
            _ => event.time_nano,
        });
    }

    fn knows(&self, event: &Event) -> bool {
        self.seen.contains(&fingerprint(event))
    }

    fn is_news(&mut self, event: &Event) -> bool {
        let fingerprint = fingerprint(event);
        if !self.seen.insert(fingerprint) {
            return false;
        }
        self.order.push_back(fingerprint);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}

fn fingerprint(event: &Event) -> u64 {
    let mut hasher = DefaultHasher::new();
    (
        event.time_nano,
        &event.kind,
        &event.action,
        &event.actor_id,
        &event.attributes,
    )
        .hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn event(second: i64) -> Event {
        Event {
            time_nano: second * SECOND,
            kind: "container".to_owned(),
            action: "start".to_owned(),
            ..Event::default()
        }
    }

    fn events(seconds: std::ops::Range<i64>) -> Vec<Event> {
        seconds.map(event).collect()
    }

    /// Knows the events of the seconds 1000 to 1009.
    fn past() -> Past {
        let mut past = Past::default();
        let (gap, fresh) = past.join(events(1000..1010), Break::default(), 2000 * SECOND);
        assert_eq!(
            gap,
            Some(Gap {
                from_nano: None,
                to_nano: 1000 * SECOND,
                reason: GapReason::BridgeStarted
            })
        );
        assert_eq!(fresh.len(), 10);
        past
    }

    #[test]
    fn resumes_before_the_last_event() {
        let mut nothing = Past::default();
        assert_eq!(nothing.since_nano(9000 * SECOND), (9000 - 3600) * SECOND);
        nothing.join(vec![], Break::default(), 9000 * SECOND);
        assert_eq!(nothing.since_nano(9999 * SECOND), 8998 * SECOND);
        assert_eq!(past().since_nano(9999 * SECOND), 1007 * SECOND);
        // the clock was set back
        assert_eq!(past().since_nano(1003 * SECOND), 1001 * SECOND);
        let mut odd = Past::default();
        let first = Event {
            time_nano: i64::MIN,
            ..event(0)
        };
        odd.join(vec![first], Break::default(), 0);
        assert_eq!(odd.since_nano(0), i64::MIN);
    }

    #[test]
    fn what_was_stored_is_joined_as_what_was_heard() {
        let down = Break {
            daemon_was_down: true,
            hung: false,
        };
        for (what, backlog, broken, news, expected) in [
            (
                "the last stored is there",
                1009..1012,
                Break::default(),
                2,
                None,
            ),
            ("nothing happened", 1008..1010, Break::default(), 0, None),
            ("the daemon was awaited", 1009..1012, down, 2, None),
            ("it forgot", 1010..1266, Break::default(), 256, Some(1010)),
            ("it began anew", 1500..1502, Break::default(), 2, Some(1500)),
            ("it is empty", 0..0, Break::default(), 0, Some(2000)),
        ] {
            let mut past = Past::of(&events(1000..1010));
            assert_eq!(past.since_nano(9999 * SECOND), 1007 * SECOND);
            let (gap, fresh) = past.join(events(backlog), broken, 2000 * SECOND);
            let expected = expected.map(|to| Gap {
                from_nano: Some(1009 * SECOND),
                to_nano: to * SECOND,
                reason: GapReason::BridgeWasDown,
            });
            assert_eq!((gap, fresh.len()), (expected, news), "{what}");
            // and from then on it is a stream as any other
            let (gap, _) = past.join(events(5000..5256), Break::default(), 6000 * SECOND);
            assert_eq!(gap.map(|gap| gap.reason), Some(GapReason::RingOverrun));
        }
    }

    #[test]
    fn a_gap_is_told_exactly_where_nothing_joins() {
        let down = Break {
            daemon_was_down: true,
            hung: false,
        };
        let hung = Break {
            daemon_was_down: false,
            hung: true,
        };
        let cut = Break::default();
        for (what, backlog, broken, news, expected) in [
            (
                "the last event is the first again",
                1009..1012,
                cut,
                2,
                None,
            ),
            ("nothing new", 1008..1010, cut, 0, None),
            (
                "a full ring that still reaches back",
                1009..1265,
                cut,
                255,
                None,
            ),
            ("a hung daemon that goes on", 1009..1020, hung, 10, None),
            (
                "podman keeps its log over a restart",
                1009..1012,
                down,
                2,
                None,
            ),
            (
                "a full ring that does not reach back",
                1010..1266,
                cut,
                256,
                Some((1010, GapReason::RingOverrun)),
            ),
            (
                "the same after a hang",
                1300..1556,
                hung,
                256,
                Some((1300, GapReason::StreamStalled)),
            ),
            (
                "a new ring",
                1500..1503,
                down,
                3,
                Some((1500, GapReason::DaemonRestarted)),
            ),
            (
                "a new ring, and never seen down",
                1500..1503,
                cut,
                3,
                Some((1500, GapReason::DaemonRestarted)),
            ),
            (
                "an empty new ring",
                0..0,
                cut,
                0,
                Some((2000, GapReason::DaemonRestarted)),
            ),
        ] {
            let (gap, fresh) = past().join(events(backlog), broken, 2000 * SECOND);
            assert_eq!(fresh.len(), news, "{what}");
            let expected = expected.map(|(to, reason)| Gap {
                from_nano: Some(1009 * SECOND),
                to_nano: to * SECOND,
                reason,
            });
            assert_eq!(gap, expected, "{what}");
        }
    }

    #[test]
    fn without_any_event_known_only_a_daemon_that_was_down_leaves_a_gap() {
        let quiet = || {
            let mut past = Past::default();
            past.join(vec![], Break::default(), 2000 * SECOND);
            past
        };
        let (gap, fresh) = quiet().join(events(2001..2003), Break::default(), 3000 * SECOND);
        assert_eq!((gap, fresh.len()), (None, 2));
        let down = Break {
            daemon_was_down: true,
            hung: false,
        };
        let (gap, _) = quiet().join(events(2500..2502), down, 3000 * SECOND);
        assert_eq!(gap.map(|gap| gap.reason), Some(GapReason::DaemonRestarted));
    }

    #[test]
    fn a_live_event_is_news_once() {
        let mut past = past();
        assert!(!past.admit(&event(1009)));
        assert!(past.admit(&event(1010)));
        assert!(!past.admit(&event(1010)));
        // of an earlier time, as swarm events may be
        let swarm = Event {
            scope: "swarm".to_owned(),
            ..event(900)
        };
        assert!(past.admit(&swarm));
        assert_eq!(past.last_nano, Some(1010 * SECOND));
        let same_time = Event {
            action: "die".to_owned(),
            ..event(1010)
        };
        assert!(past.admit(&same_time));
    }

    #[test]
    fn a_clock_that_was_set_back_is_followed() {
        let mut past = past();
        // a little out of order is no clock that was set
        for second in [1008, 1007] {
            assert!(!past.is_set_back(&event(second)));
        }
        assert!(past.is_set_back(&event(1006)));
        assert!(past.admit(&event(500)));
        assert_eq!(past.since_nano(2000 * SECOND), 498 * SECOND);
        // what is told next is measured by the clock as it is now
        assert!(!past.is_set_back(&event(501)));
        let (gap, fresh) = past.join(vec![event(500), event(501)], Break::default(), 502 * SECOND);
        assert_eq!((gap, fresh), (None, vec![event(501)]));
    }

    #[test]
    fn unreadable_lines_make_one_gap_up_to_the_next_event() {
        let mut past = past();
        let gap = past.unreadable(1500 * SECOND).unwrap();
        assert_eq!(
            (gap.from_nano, gap.to_nano),
            (Some(1009 * SECOND), 1500 * SECOND)
        );
        assert_eq!(gap.reason, GapReason::Unreadable);
        assert_eq!(past.unreadable(1501 * SECOND), None);
        past.admit(&event(1502));
        assert!(past.unreadable(1503 * SECOND).is_some());
    }

    #[test]
    fn memory_is_bounded() {
        let mut past = Past::default();
        for second in 0..10_000 {
            past.admit(&event(second));
        }
        assert_eq!(past.order.len(), REMEMBERED);
        assert_eq!(past.seen.len(), REMEMBERED);
    }
}
