/// How long to wait before the next attempt at the bridge: from half a second to fifteen, with full jitter, so that
/// a hundred pages do not come back at the same moment. Quick again only after half a minute of health.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

const FIRST_MILLIS: u64 = 500;
const LONGEST_MILLIS: u64 = 15_000;
const SHORTEST_MILLIS: u64 = 100;
const HEALTHY_MILLIS: u64 = 30_000;

impl Backoff {
    /// Attempts that failed since the connection was last healthy.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// A connection ended that had been live for so long. `random` is from 0 to 1.
    pub fn after(&mut self, live_millis: u64, random: f64) -> u64 {
        if live_millis >= HEALTHY_MILLIS {
            self.failures = 0;
        }
        let ceiling = FIRST_MILLIS
            .saturating_mul(1 << self.failures.min(10))
            .min(LONGEST_MILLIS);
        self.failures = self.failures.saturating_add(1);
        ((ceiling as f64 * random.clamp(0.0, 1.0)) as u64).max(SHORTEST_MILLIS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_fifteen_seconds_and_no_further() {
        let mut backoff = Backoff::default();
        let ceilings: Vec<u64> = (0..8).map(|_| backoff.after(0, 1.0)).collect();
        assert_eq!(
            ceilings,
            [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]
        );
    }

    #[test]
    fn is_quick_again_only_after_health() {
        let mut backoff = Backoff::default();
        for _ in 0..5 {
            backoff.after(0, 1.0);
        }
        assert_eq!(backoff.after(29_999, 1.0), 15_000);
        assert_eq!(backoff.after(30_000, 1.0), 500);
        assert_eq!(backoff.failures(), 1);
    }

    #[test]
    fn jitter_covers_the_whole_span_and_never_spins() {
        assert_eq!(Backoff { failures: 4 }.after(0, 0.5), 4000);
        assert_eq!(Backoff { failures: 4 }.after(0, 0.0), 100);
        assert_eq!(Backoff { failures: u32::MAX }.after(0, 7.0), 15_000);
    }
}
