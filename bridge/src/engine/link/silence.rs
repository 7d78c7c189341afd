use std::time::Duration;

use tokio::time::Instant;

/// What to do about an event stream that says nothing: it may be quiet, hung, or cut off by something in between.
#[derive(Debug)]
pub struct Silence {
    pace: Pace,
    since: Instant,
    next_ping: Instant,
}

#[derive(Debug, Clone)]
pub struct Pace {
    pub ping_after: Duration,
    pub resubscribe_after: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            ping_after: Duration::from_secs(30),
            // what was swallowed meanwhile is then mostly in the daemon's ring still
            resubscribe_after: Duration::from_secs(60),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Ask on a new connection whether anybody is there.
    Ping,
    /// Begin the stream anew.
    Resubscribe,
}

impl Silence {
    pub fn new(pace: Pace, now: Instant) -> Self {
        Self {
            since: now,
            next_ping: now + pace.ping_after,
            pace,
        }
    }

    /// Something came.
    pub fn broken(&mut self, now: Instant) {
        self.since = now;
        self.next_ping = now + self.pace.ping_after;
    }

    pub fn next_check(&self) -> Instant {
        self.next_ping.min(self.since + self.pace.resubscribe_after)
    }

    /// At most one remedy for each check.
    pub fn check(&mut self, now: Instant) -> Option<Remedy> {
        if now >= self.since + self.pace.resubscribe_after {
            self.broken(now);
            Some(Remedy::Resubscribe)
        } else if now >= self.next_ping {
            self.next_ping = now + self.pace.ping_after;
            Some(Remedy::Ping)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pings_after_30_seconds_and_begins_anew_after_a_minute() {
        let begin = Instant::now();
        let mut silence = Silence::new(Pace::default(), begin);
        let mut remedies = Vec::new();
        for second in 0..=150 {
            let now = begin + Duration::from_secs(second);
            if let Some(remedy) = silence.check(now) {
                remedies.push((second, remedy));
            }
            assert!(silence.next_check() > now);
        }
        let expected = [
            (30, Remedy::Ping),
            (60, Remedy::Resubscribe),
            (90, Remedy::Ping),
            (120, Remedy::Resubscribe),
            (150, Remedy::Ping),
        ];
        assert_eq!(remedies, expected);
    }

    #[test]
    fn an_event_ends_the_silence() {
        let begin = Instant::now();
        let at = |second| begin + Duration::from_secs(second);
        let mut silence = Silence::new(Pace::default(), begin);
        silence.broken(at(29));
        assert_eq!(silence.check(at(58)), None);
        assert_eq!(silence.check(at(59)), Some(Remedy::Ping));
        silence.broken(at(80));
        assert_eq!(silence.check(at(90)), None);
        assert_eq!(silence.next_check(), at(110));
    }
}
