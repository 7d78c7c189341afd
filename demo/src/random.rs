//! Chance that can be repeated: the same seed gives the same fleet and the same life.

use std::time::Duration;

#[derive(Debug)]
pub struct Random(fastrand::Rng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    pub fn number(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// From 0 to `end`, without it; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.0.u64(..end) }
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.0.f64()
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.0.f64() < probability
    }

    pub fn between(&mut self, from: f64, to: f64) -> Duration {
        Duration::from_secs_f64(from + (to - from) * self.0.f64())
    }

    /// A wait with this mean, spread as independent happenings are.
    pub fn wait(&mut self, mean: Duration) -> Duration {
        mean.mul_f64((-(1.0 - self.0.f64()).ln()).clamp(0.02, 6.0))
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() {
            None
        } else {
            of.get(self.0.usize(..of.len()))
        }
    }

    pub fn hex(&mut self, digits: usize) -> String {
        self.of_alphabet(b"0123456789abcdef", digits)
    }

    /// Letters and digits, as buildkit names its records.
    pub fn word(&mut self, length: usize) -> String {
        self.of_alphabet(b"0123456789abcdefghijklmnopqrstuvwxyz", length)
    }

    fn of_alphabet(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| char::from(alphabet[self.0.usize(..alphabet.len())]))
            .collect()
    }
}
