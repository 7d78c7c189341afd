//! The fleet as it is found at first.

use std::sync::Arc;
use std::time::Duration;

use super::{Happening, PAST, World};
use crate::fleet::Key;
use crate::fleet::build;
use crate::fleet::catalogue::Temper;
use crate::fleet::container::{Address, Container, Ending, Health, Spec, State, Verdict};
use crate::load::Counters;
use crate::time::{SECOND, Time};

const HOUR: Duration = Duration::from_secs(3600);

impl World {
    pub(super) fn place(&mut self, count: usize) {
        let now = self.now;
        let specs = build::specs(count, &mut self.random);
        self.fleet.images = build::images(&specs, now, &mut self.random);
        self.fleet.volumes = build::volumes(&specs, now, &mut self.random);
        self.fleet.networks = build::networks(&specs, now, &mut self.random);
        self.fleet.cache = build::cache(now, &mut self.random);
        for spec in specs {
            self.place_one(spec);
        }
    }

    fn place_one(&mut self, spec: Spec) {
        let now = self.now;
        let age = HOUR * u32::try_from(30 + self.random.below(900)).unwrap_or(30);
        let temper = spec.temper;
        let key = self.make(Arc::new(spec), now - age);
        match temper {
            Temper::Never => {}
            Temper::Left => self.place_ended(key, now - age + SECOND, now - age + SECOND * 48, 1),
            Temper::Job => self.place_ended(key, now - HOUR * 3, now - HOUR * 3 + SECOND * 214, 0),
            _ => {
                let up = match temper {
                    Temper::CrashLoop => SECOND,
                    Temper::Leaky => SECOND * 90,
                    _ => age.mul_f64(0.1 + 0.8 * self.random.share()),
                };
                self.attach(key);
                self.begin(key, now - up);
                if let Some(container) = self.fleet.get_mut(key)
                    && let Some(health) = &mut container.health
                {
                    health.verdict = Verdict::Healthy;
                }
                if temper == Temper::Paused {
                    let id = self
                        .fleet
                        .get(key)
                        .map(|container| container.id.clone())
                        .unwrap_or_default();
                    let after = PAST + self.random.between(40.0, 200.0);
                    self.pause(key);
                    self.at(after, Happening::Act(super::Act::Unpause(id)));
                }
            }
        }
    }

    fn place_ended(&mut self, key: Key, started: Time, finished: Time, code: i32) {
        if let Some(container) = self.fleet.get_mut(key) {
            container.state = State::Exited;
            container.started = started;
            container.finished = finished;
            container.exit_code = code;
        }
    }

    /// A container that has not been started.
    pub(super) fn make(&mut self, spec: Arc<Spec>, created: Time) -> Key {
        let image_id = self
            .fleet
            .image(&spec.image)
            .map(|image| image.id.clone())
            .unwrap_or_default();
        let health = spec.health.as_ref().map(|_| Health {
            verdict: Verdict::Starting,
            streak: 0,
            log: std::collections::VecDeque::new(),
        });
        let id = self.random.hex(64);
        self.fleet.insert(Container {
            id,
            spec,
            image_id,
            created,
            state: State::Created,
            pid: 0,
            exit_code: 0,
            oom_killed: false,
            started: Time::NEVER,
            finished: Time::NEVER,
            paused: Time::NEVER,
            run: 0,
            restarts: 0,
            backoff: Duration::from_millis(100),
            ending: Ending::Itself,
            health,
            sick_until: Time::NEVER,
            fills_at: None,
            address: Address::default(),
            counters: Counters::default(),
        })
    }
}
