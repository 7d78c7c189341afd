//! The life of a process: create, start, stop, die, restart by policy, remove.

use std::sync::Arc;
use std::time::Duration;

use super::{Happening, World};
use crate::fleet::Key;
use crate::fleet::build;
use crate::fleet::catalogue::{Restart, Temper};
use crate::fleet::container::{Address, Ending, Mount, Spec, State, Verdict};
use crate::load::Counters;
use crate::ring::Attributes;
use crate::time::{SECOND, Time};

/// The daemon doubles the pause before a restart from 100 ms up to a minute,
/// and begins again after a run of ten seconds.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LAST_BACKOFF: Duration = Duration::from_secs(60);
const LONG_RUN: Duration = Duration::from_secs(10);

impl World {
    pub(super) fn create(&mut self, spec: Arc<Spec>) -> Key {
        let key = self.make(spec, self.now);
        self.emit_container(key, "create", &[]);
        key
    }

    pub(super) fn start(&mut self, key: Key) {
        self.attach(key);
        self.mounts_event(key, "mount");
        self.network_event(key, "connect");
        self.begin(key, self.now);
        self.emit_container(key, "start", &[]);
    }

    /// Gives the container an address on its network.
    pub(super) fn attach(&mut self, key: Key) {
        let Some(container) = self.fleet.get(key) else {
            return;
        };
        let name = container.spec.network.name().to_owned();
        let endpoint = self.random.hex(64);
        let sandbox = self.random.hex(64);
        let mut address = Address {
            sandbox,
            endpoint,
            ..Default::default()
        };
        if let Some(network) = self
            .fleet
            .networks
            .iter_mut()
            .find(|network| network.name == name)
            && network.driver == "bridge"
        {
            let most = if network.prefix_length == 16 {
                65_534
            } else {
                254
            };
            let number = network.next_address;
            network.next_address = if number >= most { 2 } else { number + 1 };
            address.ip = network.address(number);
            let tail = self.random.hex(10);
            let pairs: Vec<&str> = (0..5).map(|pair| &tail[pair * 2..pair * 2 + 2]).collect();
            address.mac = format!("02:{}", pairs.join(":"));
        }
        if let Some(container) = self.fleet.get_mut(key) {
            container.address = address;
        }
    }

    /// The process begins; what its temper makes of it is scheduled.
    pub(super) fn begin(&mut self, key: Key, started: Time) {
        let now = self.now;
        let pid = 1200 + u32::try_from(self.random.below(400_000)).unwrap_or(0);
        let Some(container) = self.fleet.get_mut(key) else {
            return;
        };
        container.state = State::Running;
        container.pid = pid;
        container.run += 1;
        container.started = started;
        container.exit_code = 0;
        container.oom_killed = false;
        container.ending = Ending::Itself;
        container.sick_until = Time::NEVER;
        container.fills_at = None;
        container.counters = Counters {
            at: started,
            ..Counters::default()
        };
        if let Some(health) = &mut container.health {
            health.verdict = Verdict::Starting;
            health.streak = 0;
        }
        let run = container.run;
        let (temper, check) = (container.spec.temper, container.spec.health.clone());
        let mean_of_flaky = SECOND.mul_f64(420.0 / self.pace.max(0.05));
        match temper {
            Temper::CrashLoop => {
                let after = self.random.between(1.5, 4.0);
                self.at(after, Happening::Ends { key, run, code: 1 });
            }
            Temper::Flaky => {
                let after = self.random.wait(mean_of_flaky) + SECOND * 12;
                let code = *self.random.pick(&[1, 1, 139, 143]).unwrap_or(&1);
                self.at(after, Happening::Ends { key, run, code });
            }
            Temper::Leaky => {
                let after = self.random.between(240.0, 540.0);
                if let Some(container) = self.fleet.get_mut(key) {
                    container.fills_at = Some(now + after);
                }
                self.at(after, Happening::OutOfMemory { key, run });
            }
            Temper::Job => {
                let after = self.random.between(25.0, 90.0);
                self.at(after, Happening::Ends { key, run, code: 0 });
            }
            Temper::Steady | Temper::Sickly | Temper::Paused | Temper::Left | Temper::Never => {}
        }
        if let Some(check) = check {
            // Started long ago: the next probe comes somewhere within the interval.
            let share = if started < now {
                self.random.share()
            } else {
                1.0
            };
            self.at(check.interval.mul_f64(share), Happening::Probe { key, run });
        }
    }

    /// Asks the process to end; what follows is `ending`.
    pub(super) fn signal(&mut self, key: Key, signal: u8, ending: Ending) {
        self.emit_container(key, "kill", &[("signal", signal.to_string())]);
        let Some(container) = self.fleet.get_mut(key) else {
            return;
        };
        container.ending = ending;
        let (run, graceful) = (container.run, signal != 9);
        let after = if graceful {
            self.random.between(0.15, 1.2)
        } else {
            self.random.between(0.03, 0.09)
        };
        let code = match (graceful, self.random.chance(0.75)) {
            (false, _) => 137,
            (true, true) => 0,
            (true, false) => 128 + i32::from(signal),
        };
        self.at(after, Happening::Ends { key, run, code });
    }

    pub(super) fn ends(&mut self, key: Key, code: i32, out_of_memory: bool) {
        let now = self.now;
        if out_of_memory {
            self.emit_container(key, "oom", &[]);
        }
        let Some(container) = self.fleet.get_mut(key) else {
            return;
        };
        container.advance(now);
        container.state = State::Exited;
        container.exit_code = code;
        container.oom_killed = out_of_memory;
        container.finished = now;
        container.pid = 0;
        let lasted = now.since(container.started);
        let ending = std::mem::replace(&mut container.ending, Ending::Itself);
        self.network_event(key, "disconnect");
        self.mounts_event(key, "unmount");
        self.emit_container(
            key,
            "die",
            &[
                ("execDuration", lasted.as_secs().to_string()),
                ("exitCode", code.to_string()),
            ],
        );
        if let Some(container) = self.fleet.get_mut(key) {
            container.address = Address::default();
        }
        match ending {
            Ending::Itself => self.ended_by_itself(key, code, lasted),
            Ending::Kill => self.remove_if_asked(key),
            Ending::Stop => {
                self.emit_container(key, "stop", &[]);
                self.remove_if_asked(key);
            }
            Ending::Restart => {
                self.emit_container(key, "stop", &[]);
                self.start(key);
                self.emit_container(key, "restart", &[]);
            }
            Ending::Recreate => {
                self.emit_container(key, "stop", &[]);
                if let Some(spec) = self.destroy(key) {
                    let new = self.create(spec);
                    self.start(new);
                }
            }
            Ending::Remove => {
                self.emit_container(key, "stop", &[]);
                let project = self
                    .fleet
                    .get(key)
                    .and_then(|container| container.spec.project.clone());
                self.destroy(key);
                if let Some(project) = project {
                    self.project_down(&project);
                }
            }
        }
    }

    fn ended_by_itself(&mut self, key: Key, code: i32, lasted: Duration) {
        let Some(container) = self.fleet.get_mut(key) else {
            return;
        };
        let again = match container.spec.restart {
            Restart::No => false,
            Restart::OnFailure => code != 0,
            Restart::Always | Restart::UnlessStopped => true,
        };
        if !again {
            self.remove_if_asked(key);
            return;
        }
        container.backoff = if lasted > LONG_RUN {
            FIRST_BACKOFF
        } else {
            (container.backoff * 2).min(LAST_BACKOFF)
        };
        container.state = State::Restarting;
        let (run, backoff) = (container.run, container.backoff);
        self.at(backoff, Happening::RestartByPolicy { key, run });
    }

    pub(super) fn restart_by_policy(&mut self, key: Key, run: u32) {
        let Some(container) = self.fleet.get_mut(key) else {
            return;
        };
        if container.run == run && container.state == State::Restarting {
            container.restarts += 1;
            self.start(key);
        }
    }

    fn remove_if_asked(&mut self, key: Key) {
        if self
            .fleet
            .get(key)
            .is_some_and(|container| container.spec.auto_remove)
        {
            self.destroy(key);
        }
    }

    pub(super) fn destroy(&mut self, key: Key) -> Option<Arc<Spec>> {
        self.emit_container(key, "destroy", &[]);
        self.fleet.remove(key).map(|container| container.spec)
    }

    /// The last container of a project that goes down takes the network with it.
    fn project_down(&mut self, project: &str) {
        let left = self
            .fleet
            .iter()
            .any(|(_, container)| container.spec.project.as_deref() == Some(project));
        if left {
            return;
        }
        let name = format!("{project}_default");
        if let Some(index) = self
            .fleet
            .networks
            .iter()
            .position(|network| network.name == name)
        {
            let network = self.fleet.networks.remove(index);
            self.emit(
                "network",
                "destroy",
                network.id,
                Attributes::from([
                    ("name".into(), network.name),
                    ("type".into(), network.driver.into()),
                ]),
            );
        }
    }

    pub(super) fn project_up(&mut self, project: &str) {
        let Some(specs) = self.parked.remove(project) else {
            return;
        };
        let name = format!("{project}_default");
        if self.fleet.network(&name).is_none() {
            let free = |index: &usize| {
                let (prefix, _) = build::subnet(*index);
                let networks = &self.fleet.networks;
                networks.iter().all(|network| network.prefix != prefix)
            };
            let index = (0..).find(free).unwrap_or(0);
            let network = build::project_network(project, index, self.now, &mut self.random);
            let attributes =
                Attributes::from([("name".into(), name), ("type".into(), "bridge".into())]);
            self.emit("network", "create", network.id.clone(), attributes);
            self.fleet.networks.push(network);
        }
        let free: Vec<_> = specs
            .into_iter()
            .filter(|spec| !self.fleet.has_name(&spec.name))
            .collect();
        let keys: Vec<Key> = free.into_iter().map(|spec| self.create(spec)).collect();
        for key in keys {
            self.start(key);
        }
    }

    fn network_event(&mut self, key: Key, action: &'static str) {
        let Some(container) = self.fleet.get(key) else {
            return;
        };
        let name = container.spec.network.name();
        let Some(network) = self.fleet.network(name) else {
            return;
        };
        let attributes = Attributes::from([
            ("container".to_owned(), container.id.clone()),
            ("name".to_owned(), network.name.clone()),
            ("type".to_owned(), network.driver.to_owned()),
        ]);
        let id = network.id.clone();
        self.emit("network", action, id, attributes);
    }

    fn mounts_event(&mut self, key: Key, action: &'static str) {
        let Some(container) = self.fleet.get(key) else {
            return;
        };
        let id = container.id.clone();
        let mounts = container
            .spec
            .mounts
            .iter()
            .filter_map(|mount| match mount {
                Mount::Volume { name, destination } => Some((name.clone(), destination.clone())),
                Mount::Bind { .. } => None,
            });
        for (name, destination) in mounts.collect::<Vec<_>>() {
            let mut attributes = Attributes::from([
                ("container".to_owned(), id.clone()),
                ("driver".to_owned(), "local".to_owned()),
            ]);
            if action == "mount" {
                attributes.insert("destination".to_owned(), destination);
                attributes.insert("propagation".to_owned(), String::new());
                attributes.insert("read/write".to_owned(), "true".to_owned());
            }
            self.emit("volume", action, name, attributes);
        }
    }

    pub(super) fn pause(&mut self, key: Key) {
        let now = self.now;
        if let Some(container) = self.fleet.get_mut(key) {
            container.advance(now);
            container.state = State::Paused;
            container.paused = now;
        }
        self.emit_container(key, "pause", &[]);
    }

    pub(super) fn unpause(&mut self, key: Key) {
        let now = self.now;
        if let Some(container) = self.fleet.get_mut(key) {
            container.advance(now);
            container.state = State::Running;
        }
        self.emit_container(key, "unpause", &[]);
    }
}
