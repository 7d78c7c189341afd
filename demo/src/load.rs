//! How much a container uses: smooth curves over time and the counters that follow from them.

use std::f64::consts::TAU;
use std::time::Duration;

use crate::time::Time;

const MIB: f64 = 1024.0 * 1024.0;
const PAGE: u64 = 4096;

/// What a container is like at work. It never changes while the container lives.
#[derive(Clone, Debug)]
pub struct Character {
    pub seed: u64,
    /// Mean use of processors, in cores.
    pub cores: f64,
    /// Height of the spikes above it, in cores.
    pub burst: f64,
    pub memory_mib: f64,
    /// Page cache that the daemon counts in `usage` and the docker command takes off again.
    pub cache_mib: f64,
    /// Bytes a second, at the mean.
    pub received: f64,
    pub sent: f64,
    pub read: f64,
    pub written: f64,
    pub threads: u32,
    pub cores_limit: Option<f64>,
    pub memory_limit: Option<u64>,
}

/// What the curves depend on besides the clock.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    pub started: Time,
    /// While paused, the moment of the pause: nothing moves after it.
    pub frozen: Option<Time>,
    /// A leak: when the memory reaches the limit.
    pub fills_at: Option<Time>,
    /// While a health check fails the container is busier than usual.
    pub strained: bool,
}

/// The counters of one run, since its start.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counters {
    pub at: Time,
    pub cpu_nanos: f64,
    pub received: f64,
    pub sent: f64,
    pub read: f64,
    pub written: f64,
    pub memory_peak: u64,
}

/// Memory at a moment, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    pub usage: u64,
    pub inactive_file: u64,
}

impl Character {
    /// Processor use in cores.
    pub fn cores_at(&self, at: Time, conditions: &Conditions) -> f64 {
        if conditions.frozen.is_some() {
            return 0.0;
        }
        let up = at.since(conditions.started).as_secs_f64();
        let strain = if conditions.strained { 1.6 } else { 1.0 };
        let steady = self.cores * self.activity(at) * strain;
        let spike = (noise(self.seed ^ 0x51, at, 75.0) - 0.8).max(0.0) * 5.0 * self.burst;
        let flicker = 0.75 + 0.5 * noise(self.seed ^ 0x77, at, 2.5);
        let warming = (-up / 4.0).exp() * (0.15 + self.burst * 0.5);
        let cores = (steady + spike) * flicker + warming;
        self.cores_limit.map_or(cores, |limit| cores.min(limit))
    }

    pub fn memory_at(&self, at: Time, conditions: &Conditions) -> Memory {
        let at = conditions.frozen.unwrap_or(at);
        let up = at.since(conditions.started).as_secs_f64();
        let settled = 0.3 + 0.7 * (1.0 - (-up / 25.0).exp());
        let mut working =
            self.memory_mib * MIB * settled * (0.88 + 0.24 * noise(self.seed ^ 0x3d, at, 240.0));
        if let (Some(fills_at), Some(limit)) = (conditions.fills_at, self.memory_limit) {
            let whole = fills_at.since(conditions.started).as_secs_f64().max(1.0);
            let part = (up / whole).min(1.0);
            working += (limit as f64 - working).max(0.0) * part.powf(1.4);
        }
        let cache = self.cache_mib
            * MIB
            * (1.0 - (-up / 400.0).exp())
            * (0.8 + 0.4 * noise(self.seed ^ 0xc4, at, 500.0));
        let ceiling = self.memory_limit.map_or(f64::MAX, |limit| limit as f64);
        let working = working.min(ceiling);
        let cache = cache.min(ceiling - working);
        let inactive_file = pages(cache);
        Memory {
            usage: pages(working) + inactive_file,
            inactive_file,
        }
    }

    pub fn threads_at(&self, at: Time, conditions: &Conditions) -> u64 {
        let at = conditions.frozen.unwrap_or(at);
        let swing = noise(self.seed ^ 0x1f, at, 30.0) * f64::from(self.threads) * 0.15;
        u64::from(self.threads) + swing as u64
    }

    /// Brings the counters to `now` in steps small enough to follow the spikes.
    pub fn advance(&self, counters: &mut Counters, conditions: &Conditions, now: Time) {
        let passed = now.since(counters.at);
        if passed.is_zero() {
            return;
        }
        let steps = passed.as_secs().clamp(1, 120);
        let step = passed / u32::try_from(steps).unwrap_or(1);
        for _ in 0..steps {
            self.integrate(counters, conditions, step);
        }
        counters.at = now;
        let memory = self.memory_at(now, conditions);
        counters.memory_peak = counters.memory_peak.max(memory.usage);
    }

    fn integrate(&self, counters: &mut Counters, conditions: &Conditions, step: Duration) {
        let middle = counters.at + step / 2;
        counters.at = counters.at + step;
        let seconds = step.as_secs_f64();
        counters.cpu_nanos += self.cores_at(middle, conditions) * seconds * 1e9;
        if conditions.frozen.is_some() {
            return;
        }
        let activity = self.activity(middle);
        let traffic = activity * (0.3 + 1.4 * noise(self.seed ^ 0xe7, middle, 6.0));
        counters.received += self.received * traffic * seconds;
        counters.sent += self.sent * traffic * seconds;
        // Disks are written in bursts: most of the time nothing, then a flush.
        let flush = (noise(self.seed ^ 0xb1, middle, 9.0) - 0.6).max(0.0) * 6.0;
        counters.written += self.written * activity * flush * seconds;
        let up = middle.since(conditions.started).as_secs_f64();
        let first_reads = 1.0 + 40.0 * (-up / 5.0).exp();
        counters.read += self.read * flush * first_reads * seconds;
    }

    /// The shape of the day and of the last minutes, about 1 in the mean.
    fn activity(&self, at: Time) -> f64 {
        let phase = hash(self.seed) * 0.2;
        let day = at.seconds().rem_euclid(86_400) as f64 / 86_400.0;
        // Quiet at four in the night, busy in the afternoon.
        let of_day = 1.0 - 0.45 * ((day - 4.0 / 24.0 + phase) * TAU).cos();
        of_day * (0.5 + noise(self.seed, at, 50.0))
    }
}

fn pages(bytes: f64) -> u64 {
    bytes.max(0.0) as u64 / PAGE * PAGE
}

/// Smooth noise between 0 and 1 that changes over `period` seconds.
fn noise(seed: u64, at: Time, period: f64) -> f64 {
    let position = at.nanos() as f64 / 1e9 / period;
    let whole = position.floor();
    let part = position - whole;
    let eased = part * part * (3.0 - 2.0 * part);
    let cell = whole as i64 as u64;
    let from = hash(seed ^ cell.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let to = hash(seed ^ cell.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    from + (to - from) * eased
}

/// A number between 0 and 1 that depends on nothing but `value` (splitmix64's mixing).
fn hash(value: u64) -> f64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    fn start() -> Time {
        Time::from_nanos(1_795_500_000_000_000_000)
    }

    fn character() -> Character {
        Character {
            seed: 7,
            cores: 0.2,
            burst: 1.5,
            memory_mib: 200.0,
            cache_mib: 100.0,
            received: 5e4,
            sent: 5e4,
            read: 1e4,
            written: 1e4,
            threads: 12,
            cores_limit: Some(0.5),
            memory_limit: Some(512 << 20),
        }
    }

    fn running() -> Conditions {
        Conditions {
            started: start(),
            frozen: None,
            fills_at: None,
            strained: false,
        }
    }

    #[test]
    fn counters_only_grow_and_never_beyond_the_limits() {
        let (character, conditions) = (character(), running());
        let mut counters = Counters {
            at: start(),
            ..Counters::default()
        };
        for second in 1..=7200 {
            let before = counters;
            let now = start() + SECOND * second;
            character.advance(&mut counters, &conditions, now);
            let cores = (counters.cpu_nanos - before.cpu_nanos) / 1e9;
            assert!(
                (0.0..=0.5 + 1e-6).contains(&cores),
                "{cores} cores with a limit of 0.5"
            );
            assert!(counters.received >= before.received && counters.written >= before.written);
            let memory = character.memory_at(now, &conditions);
            assert!(memory.inactive_file <= memory.usage && memory.usage <= 512 << 20);
        }
        assert!(counters.cpu_nanos > 0.0 && counters.read > 0.0);
    }

    #[test]
    fn curves_are_smooth_but_not_flat() {
        let (mut character, conditions) = (character(), running());
        character.cores_limit = None;
        let at = |second: u32| character.cores_at(start() + SECOND * second, &conditions);
        let (mut least, mut most) = (f64::MAX, 0.0_f64);
        for second in 60..3600 {
            let (one, next) = (at(second), at(second + 1));
            assert!((next - one).abs() < 0.6, "a jump from {one} to {next}");
            least = least.min(one);
            most = most.max(one);
        }
        assert!(most > least * 3.0, "{least}..{most} is flat");
    }

    #[test]
    fn a_leak_reaches_the_limit_when_it_should() {
        let character = character();
        let conditions = Conditions {
            fills_at: Some(start() + SECOND * 100),
            ..running()
        };
        let share = |second: u32| {
            character
                .memory_at(start() + SECOND * second, &conditions)
                .usage as f64
                / (512_u64 << 20) as f64
        };
        assert!(share(50) < 0.8);
        assert!(share(100) > 0.999);
    }

    #[test]
    fn a_paused_container_uses_nothing_and_keeps_its_memory() {
        let character = character();
        let paused_at = start() + SECOND * 100;
        let conditions = Conditions {
            frozen: Some(paused_at),
            ..running()
        };
        let mut counters = Counters {
            at: paused_at,
            ..Counters::default()
        };
        character.advance(&mut counters, &conditions, start() + SECOND * 500);
        assert_eq!((counters.cpu_nanos, counters.received), (0.0, 0.0));
        let memory = |second: u32| character.memory_at(start() + SECOND * second, &conditions);
        assert_eq!(memory(101), memory(900));
    }
}
