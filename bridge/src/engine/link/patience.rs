use std::time::Duration;

use protocol::AwayReason;
use tokio::time::Instant;

use crate::engine::transport::Failure;

/// Tells a daemon that is starting from one that hangs: both take connections and answer nothing.
#[derive(Debug)]
pub struct Patience {
    pace: Pace,
    /// Until then silence is that of a start.
    starting_until: Option<Instant>,
}

#[derive(Debug, Clone)]
pub struct Pace {
    /// After so long the first attempt of all is not "connecting" any more.
    pub connecting: Duration,
    /// So long a daemon may take to start.
    pub starting: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            connecting: Duration::from_secs(4),
            starting: Duration::from_secs(60),
        }
    }
}

impl Patience {
    /// What is not known yet may be starting.
    pub fn new(pace: Pace, now: Instant) -> Self {
        let starting_until = Some(now + pace.starting);
        Self {
            pace,
            starting_until,
        }
    }

    /// Why the daemon is away, after an attempt that ended so. `was_live`: it had answered before.
    pub fn reason(&mut self, failure: &Failure, was_live: bool, now: Instant) -> AwayReason {
        let reason = failure.away_reason();
        match &reason {
            AwayReason::Hung if was_live => self.starting_until = None,
            AwayReason::Hung if self.starting_until.is_some_and(|until| now < until) => {
                return AwayReason::Starting;
            }
            // it is down, or goes down: the next one that answers nothing is a new one
            AwayReason::SocketMissing | AwayReason::Refused | AwayReason::Closed => {
                self.starting_until = Some(now + self.pace.starting);
            }
            _ => {}
        }
        reason
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn silence_is_a_start_only_where_one_may_be() {
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let mut patience = Patience::new(Pace::default(), begin);
        let silent = || Failure::Silent(Duration::from_secs(5));
        let closed = || Failure::Closed("x".to_owned());
        let refused = || Failure::Connect(io::ErrorKind::ConnectionRefused.into());
        for (seconds, failure, was_live, reason) in [
            (5, silent(), false, AwayReason::Starting),
            (59, silent(), false, AwayReason::Starting),
            (60, silent(), false, AwayReason::Hung),
            (100, silent(), true, AwayReason::Hung),
            (105, silent(), false, AwayReason::Hung),
            (200, closed(), true, AwayReason::Closed),
            (210, refused(), false, AwayReason::Refused),
            (215, silent(), false, AwayReason::Starting),
            (269, silent(), false, AwayReason::Starting),
            (270, silent(), false, AwayReason::Hung),
        ] {
            let told = patience.reason(&failure, was_live, at(seconds));
            assert_eq!(told, reason, "after {seconds} s: {failure}");
        }
    }
}
