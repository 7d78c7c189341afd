use std::time::Duration;

use protocol::Event;
use tokio::time::Instant;

/// More than any daemon's ring holds; podman, which reads a log, may send more.
const LONGEST_BACKLOG: usize = 4096;
/// Of its lines. Labels make events long.
const LARGEST_BACKLOG: usize = 32 * 1024 * 1024;

/// The first moments of a stream: what the daemon still remembers comes at once and nothing marks its end, so it is
/// gathered until it is quiet.
#[derive(Debug)]
pub struct Joining {
    pace: Pace,
    quiet_at: Instant,
    latest: Instant,
    pub backlog: Vec<Event>,
    bytes: usize,
    /// Some of it could not be read.
    pub unreadable: bool,
}

#[derive(Debug, Clone)]
pub struct Pace {
    pub quiet: Duration,
    pub longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(200),
            longest: Duration::from_secs(2),
        }
    }
}

impl Joining {
    pub fn new(pace: Pace, now: Instant) -> Self {
        Self {
            quiet_at: now + pace.quiet,
            latest: now + pace.longest,
            pace,
            backlog: Vec::new(),
            bytes: 0,
            unreadable: false,
        }
    }

    /// `bytes`: as long as its line was.
    pub fn take_in(&mut self, event: Event, bytes: usize, now: Instant) {
        self.backlog.push(event);
        self.bytes = self.bytes.saturating_add(bytes);
        self.quiet_at = if self.is_full() {
            now
        } else {
            now + self.pace.quiet
        };
    }

    fn is_full(&self) -> bool {
        self.backlog.len() >= LONGEST_BACKLOG || self.bytes >= LARGEST_BACKLOG
    }

    /// Gathers all the time there is, quiet or not. Whether there is any left.
    pub fn wait_on(&mut self, now: Instant) -> bool {
        self.quiet_at = self.latest;
        !self.is_over(now)
    }

    /// However much more there is, it is no longer waited for.
    pub fn is_over(&self, now: Instant) -> bool {
        now >= self.latest || self.is_full()
    }

    pub fn done_at(&self) -> Instant {
        self.quiet_at.min(self.latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_is_gathered_until_it_is_quiet_or_too_long_or_too_large() {
        let now = Instant::now();
        let at = |millis| now + Duration::from_millis(millis);
        let mut quiet = Joining::new(Pace::default(), now);
        quiet.take_in(Event::default(), 100, at(150));
        assert_eq!(quiet.done_at(), at(350));
        assert!(quiet.wait_on(at(350)));
        assert_eq!(quiet.done_at(), at(2000));
        assert!(!quiet.wait_on(at(2000)));

        for (events, bytes) in [(LONGEST_BACKLOG, 1), (32, LARGEST_BACKLOG / 32)] {
            let mut full = Joining::new(Pace::default(), now);
            for _ in 1..events {
                full.take_in(Event::default(), bytes, now);
            }
            assert!(!full.is_over(now));
            full.take_in(Event::default(), bytes, now);
            assert!(full.is_over(now) && full.done_at() == now);
        }
    }
}
