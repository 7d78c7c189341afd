//! How long the statistics are wanted after a scrape, and how long it waits for them.

use std::time::Duration;

use tokio::time::Instant;

/// For a scrape that stands alone.
const SHORTEST_STAY: Duration = Duration::from_secs(10);
const LONGEST_STAY: Duration = Duration::from_secs(150);
/// A daemon takes a second or two from the beginning of a stream to the first figures.
const PATIENCE: Duration = Duration::from_secs(3);

/// When scrapes come.
#[derive(Debug, Default)]
pub struct Rhythm {
    last: Option<Instant>,
    /// Since when, and until when, the streams run because of scrapes.
    open: Option<(Instant, Instant)>,
}

/// What a scrape may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    pub stay: Duration,
    /// None while the streams run since long enough: what has no figures then is not waited for.
    pub patience: Duration,
}

impl Rhythm {
    /// A scrape came. The streams are to run for twice the time since the one before it, so that one that is late finds
    /// them open. A time longer than they may run is no rhythm.
    pub fn beat(&mut self, now: Instant) -> Visit {
        let since = self.last.replace(now).map(|last| now - last);
        let stay = match since {
            Some(since) if since <= LONGEST_STAY => (since * 2).clamp(SHORTEST_STAY, LONGEST_STAY),
            _ => SHORTEST_STAY,
        };
        let (begin, end) = self
            .open
            .filter(|&(_, end)| end > now)
            .unwrap_or((now, now));
        self.open = Some((begin, end.max(now + stay)));
        Visit {
            stay,
            patience: (begin + PATIENCE).saturating_duration_since(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stay and patience of scrapes at these seconds.
    fn visits(seconds: &[u64]) -> Vec<(u64, u64)> {
        let begin = Instant::now();
        let mut rhythm = Rhythm::default();
        seconds
            .iter()
            .map(|&second| {
                let visit = rhythm.beat(begin + Duration::from_secs(second));
                (visit.stay.as_secs(), visit.patience.as_secs())
            })
            .collect()
    }

    #[test]
    fn streams_stay_open_between_the_scrapes_of_a_rhythm_and_not_long_after_others() {
        assert_eq!(
            visits(&[0, 15, 30, 45]),
            [(10, 3), (30, 3), (30, 0), (30, 0)]
        );
        assert_eq!(
            visits(&[0, 60, 121, 180]),
            [(10, 3), (120, 3), (122, 0), (118, 0)]
        );
        assert_eq!(visits(&[0, 120, 240]), [(10, 3), (150, 3), (150, 0)]);
        assert_eq!(visits(&[0, 3600, 7200]), [(10, 3); 3]);
    }

    #[test]
    fn two_scrapers_do_not_shorten_each_others_time() {
        // each once a minute, two seconds apart
        assert_eq!(
            visits(&[0, 2, 60, 62, 120, 122]),
            [(10, 3), (10, 1), (116, 3), (10, 1), (116, 0), (10, 0)]
        );
    }
}
