use std::time::Duration;

/// How long to wait before the next attempt.
#[derive(Debug)]
pub struct Backoff {
    pace: Pace,
    step: u32,
}

#[derive(Debug, Clone)]
pub struct Pace {
    pub first: Duration,
    pub longest: Duration,
    /// Only a connection that lasted so long makes the next attempt a quick one.
    pub healthy: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(15),
            healthy: Duration::from_secs(30),
        }
    }
}

impl Backoff {
    pub fn new(pace: Pace) -> Self {
        Self { pace, step: 0 }
    }

    pub fn lived(&mut self, how_long: Duration) {
        if how_long >= self.pace.healthy {
            self.step = 0;
        }
    }

    /// Doubles from wait to wait. `chance` is from 0 to 1: up to a quarter is taken off, so that many bridges do not
    /// come back in step.
    pub fn next(&mut self, chance: f64) -> Duration {
        let doubled = self
            .pace
            .first
            .saturating_mul(2_u32.saturating_pow(self.step));
        self.step = self.step.saturating_add(1).min(16);
        doubled
            .min(self.pace.longest)
            .mul_f64(1.0 - 0.25 * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(backoff: &mut Backoff, chance: f64, count: usize) -> Vec<f64> {
        (0..count)
            .map(|_| backoff.next(chance).as_secs_f64())
            .collect()
    }

    #[test]
    fn grows_from_half_a_second_to_fifteen() {
        let mut backoff = Backoff::new(Pace::default());
        assert_eq!(
            seconds(&mut backoff, 0.0, 8),
            [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0]
        );
        for _ in 0..100 {
            assert_eq!(backoff.next(0.0), Duration::from_secs(15));
        }
        let mut jittered = Backoff::new(Pace::default());
        assert_eq!(seconds(&mut jittered, 1.0, 3), [0.375, 0.75, 1.5]);
        assert_eq!(seconds(&mut jittered, 7.0, 3), [3.0, 6.0, 11.25]);
    }

    #[test]
    fn is_quick_again_only_after_health() {
        let mut backoff = Backoff::new(Pace::default());
        seconds(&mut backoff, 0.0, 3);
        backoff.lived(Duration::from_secs(29));
        assert_eq!(backoff.next(0.0), Duration::from_secs(4));
        backoff.lived(Duration::from_secs(30));
        assert_eq!(backoff.next(0.0), Duration::from_millis(500));
    }
}
