use std::time::Duration;

use protocol::Event;
use tokio::time::Instant;

/// More than any daemon's ring holds; podman, which reads a log, may send more.
const LONGEST_BACKLOG: usize = 4096;

/// The first moments of a stream: what the daemon still remembers comes at once and nothing marks its end, so it is
/// gathered until it is quiet.
#[derive(Debug)]
pub struct Joining {
    pace: Pace,
    quiet_at: Instant,
    latest: Instant,
    pub backlog: Vec<Event>,
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
            unreadable: false,
        }
    }

    pub fn take_in(&mut self, event: Event, now: Instant) {
        self.backlog.push(event);
        self.quiet_at = if self.backlog.len() >= LONGEST_BACKLOG {
            now
        } else {
            now + self.pace.quiet
        };
    }

    /// Gathers all the time there is, quiet or not. Whether there is any left.
    pub fn wait_on(&mut self, now: Instant) -> bool {
        self.quiet_at = self.latest;
        !self.is_over(now)
    }

    /// However much more there is, it is no longer waited for.
    pub fn is_over(&self, now: Instant) -> bool {
        now >= self.latest || self.backlog.len() >= LONGEST_BACKLOG
    }

    pub fn done_at(&self) -> Instant {
        self.quiet_at.min(self.latest)
    }
}
