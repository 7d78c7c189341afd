//! What somebody can do to the engine: the API's own verbs, and mishaps that tests ask for.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Happening, World};
use crate::fleet::Key;
use crate::fleet::catalogue::{ADJECTIVES, Restart, SURNAMES, Temper};
use crate::fleet::container::{Attachment, Ending, Spec, State};
use crate::fleet::stores::Volume;
use crate::load::Character;
use crate::ring::Attributes;

/// Containers are named as the API names them: by id, name, or a prefix of the id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    Start(String),
    Stop(String),
    Restart(String),
    Kill {
        container: String,
        signal: u8,
    },
    Pause(String),
    Unpause(String),
    Rename {
        container: String,
        to: String,
    },
    /// Removes it; one that runs is stopped first.
    Remove(String),
    /// The process ends by itself with this code.
    Crash {
        container: String,
        code: u8,
    },
    /// The kernel kills it for its memory.
    OutOfMemory(String),
    /// Its health check fails for so long.
    FailHealth {
        container: String,
        lasts: Duration,
    },
    Recover(String),
    /// Pulls its image anew and puts a new container in its place.
    Update(String),
    Exec {
        container: String,
        command: String,
        lasts: Duration,
    },
    Top(String),
    /// `docker run --rm`: made, started, and gone when it ends.
    Run {
        image: String,
        command: String,
        lasts: Duration,
    },
    Pull(String),
    /// `docker compose up`, for a project that is down.
    Up(String),
    /// `docker compose down`
    Down(String),
    CreateVolume(String),
    RemoveVolume(String),
    /// `docker build`: a new image under that name, and build cache.
    Build(String),
    PruneBuilder,
    PruneImages,
    PruneVolumes,
    /// An event of a type that no daemon has.
    Tell {
        kind: String,
        action: String,
    },
    /// The daemon reads its configuration again.
    Reload {
        debug: bool,
    },
}

/// Why the daemon would not do it, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotFound(String),
    Conflict(String),
    /// It already is as asked; the API answers 304 without a word.
    Unchanged,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(message) | Self::Conflict(message) => f.write_str(message),
            Self::Unchanged => f.write_str("nothing to change"),
        }
    }
}

impl std::error::Error for Refusal {}

impl World {
    pub fn act(&mut self, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::Start(container) => {
                let key = self.key(container)?;
                if self.state(key).is_some_and(State::has_process) {
                    return Err(Refusal::Unchanged);
                }
                self.start(key);
            }
            Act::Stop(container) => self.end(container, Ending::Stop)?,
            Act::Restart(container) => self.end(container, Ending::Restart)?,
            Act::Kill { container, signal } => {
                let key = self.running(container)?;
                self.signal(key, *signal, Ending::Kill);
            }
            Act::Pause(container) => {
                let key = self.running(container)?;
                if self.state(key) == Some(State::Paused) {
                    return Err(Refusal::Conflict(format!(
                        "Container {} is already paused",
                        self.id(key)
                    )));
                }
                self.pause(key);
            }
            Act::Unpause(container) => {
                let key = self.key(container)?;
                if self.state(key) != Some(State::Paused) {
                    return Err(Refusal::Conflict(format!(
                        "Container {} is not paused",
                        self.id(key)
                    )));
                }
                self.unpause(key);
            }
            Act::Rename { container, to } => {
                let key = self.key(container)?;
                if self.fleet.has_name(to) {
                    return Err(Refusal::Conflict(format!(
                        "Conflict. The container name \"/{to}\" is already in use"
                    )));
                }
                let old = self
                    .fleet
                    .get(key)
                    .map(|container| format!("/{}", container.name()))
                    .unwrap_or_default();
                self.fleet.rename(key, to);
                self.emit_container(key, "rename", &[("oldName", old)]);
            }
            Act::Remove(container) => {
                let key = self.key(container)?;
                if self.state(key).is_some_and(State::has_process) {
                    self.signal(key, 9, Ending::Remove);
                } else {
                    self.destroy(key);
                }
            }
            Act::Crash { container, code } => {
                let key = self.running(container)?;
                self.ends(key, i32::from(*code), false);
            }
            Act::OutOfMemory(container) => {
                let key = self.running(container)?;
                self.ends(key, 137, true);
            }
            Act::FailHealth { container, lasts } => {
                let key = self.running(container)?;
                self.fall_sick(key, *lasts);
            }
            Act::Recover(container) => {
                let key = self.key(container)?;
                self.recover(key);
            }
            Act::Update(container) => {
                let key = self.running(container)?;
                if let Some(image) = self
                    .fleet
                    .get(key)
                    .map(|container| container.spec.image.clone())
                {
                    self.pull(&image);
                }
                self.signal(key, 15, Ending::Recreate);
            }
            Act::Exec {
                container,
                command,
                lasts,
            } => {
                let key = self.running(container)?;
                let exec = self.random.hex(64);
                self.emit_container(
                    key,
                    format!("exec_create: {command}"),
                    &[("execID", exec.clone())],
                );
                self.emit_container(
                    key,
                    format!("exec_start: {command}"),
                    &[("execID", exec.clone())],
                );
                let run = self.fleet.get(key).map_or(0, |container| container.run);
                self.at(*lasts, Happening::ExecEnds { key, run, exec });
            }
            Act::Top(container) => {
                let key = self.running(container)?;
                self.emit_container(key, "top", &[]);
            }
            Act::Run {
                image,
                command,
                lasts,
            } => self.errand(image, command, *lasts),
            Act::Pull(image) => self.pull(image),
            Act::Up(project) => self.project_up(project),
            Act::Down(project) => self.down(project),
            Act::CreateVolume(name) => {
                self.fleet.volumes.push(Volume {
                    name: name.clone(),
                    created: self.now,
                    labels: Attributes::new(),
                    size: 0,
                    growth: 0.0,
                });
                self.emit(
                    "volume",
                    "create",
                    name.clone(),
                    Attributes::from([("driver".into(), "local".into())]),
                );
            }
            Act::RemoveVolume(name) => {
                let before = self.fleet.volumes.len();
                self.fleet.volumes.retain(|volume| volume.name != *name);
                if self.fleet.volumes.len() == before {
                    return Err(Refusal::NotFound(format!("get {name}: no such volume")));
                }
                self.emit(
                    "volume",
                    "destroy",
                    name.clone(),
                    Attributes::from([("driver".into(), "local".into())]),
                );
            }
            Act::Build(image) => self.build(image),
            Act::PruneBuilder => self.prune_builder(),
            Act::PruneImages => self.prune_images(),
            Act::PruneVolumes => self.prune_volumes(),
            Act::Tell { kind, action } => {
                let attributes = Attributes::from([("name".to_owned(), "strange".to_owned())]);
                self.emit(kind.clone(), action.clone(), "strange", attributes);
            }
            Act::Reload { debug } => self.reload(*debug),
        }
        Ok(())
    }

    pub(super) fn exec_ends(&mut self, key: Key, exec: String) {
        self.emit_container(
            key,
            "exec_die",
            &[("execID", exec), ("exitCode", "0".to_owned())],
        );
    }

    fn key(&self, container: &str) -> Result<Key, Refusal> {
        self.fleet
            .find(container)
            .ok_or_else(|| Refusal::NotFound(format!("No such container: {container}")))
    }

    fn state(&self, key: Key) -> Option<State> {
        self.fleet.get(key).map(|container| container.state)
    }

    fn id(&self, key: Key) -> &str {
        self.fleet.get(key).map_or("", |container| &container.id)
    }

    fn running(&self, container: &str) -> Result<Key, Refusal> {
        let key = self.key(container)?;
        if self.state(key).is_some_and(State::has_process) {
            Ok(key)
        } else {
            Err(Refusal::Conflict(format!(
                "container {} is not running",
                self.id(key)
            )))
        }
    }

    fn end(&mut self, container: &str, ending: Ending) -> Result<(), Refusal> {
        let key = self.key(container)?;
        match self.state(key) {
            Some(State::Running | State::Paused) => self.signal(key, 15, ending),
            Some(_) if ending == Ending::Restart => {
                self.start(key);
                self.emit_container(key, "restart", &[]);
            }
            Some(State::Restarting) => {
                if let Some(container) = self.fleet.get_mut(key) {
                    container.state = State::Exited;
                }
                self.emit_container(key, "stop", &[]);
            }
            _ => return Err(Refusal::Unchanged),
        }
        Ok(())
    }

    fn errand(&mut self, image: &str, command: &str, lasts: Duration) {
        if self.fleet.image(image).is_none() {
            self.pull(image);
        }
        let adjective = self.random.pick(ADJECTIVES).copied().unwrap_or("keen");
        let surname = self.random.pick(SURNAMES).copied().unwrap_or("turing");
        let mut name = format!("{adjective}_{surname}");
        while self.fleet.has_name(&name) {
            name.push_str(&self.random.below(10).to_string());
        }
        let character = Character {
            seed: self.random.number(),
            cores: 0.1,
            burst: 0.6,
            memory_mib: 12.0,
            cache_mib: 6.0,
            received: 8e3,
            sent: 2e3,
            read: 4e4,
            written: 1e3,
            threads: 1,
            cores_limit: None,
            memory_limit: None,
        };
        let spec = Spec {
            name,
            image: image.to_owned(),
            command: command.split(' ').map(str::to_owned).collect(),
            env: vec![
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            ],
            labels: Attributes::new(),
            project: None,
            service: None,
            ports: Vec::new(),
            mounts: Vec::new(),
            network: Attachment::Bridge("bridge".to_owned()),
            health: None,
            restart: Restart::No,
            temper: Temper::Steady,
            tty: true,
            auto_remove: true,
            character,
        };
        let key = self.create(Arc::new(spec));
        self.emit_container(key, "attach", &[]);
        self.start(key);
        self.emit_container(
            key,
            "resize",
            &[("height", "42".to_owned()), ("width", "160".to_owned())],
        );
        if let Some(run) = self.fleet.get(key).map(|container| container.run) {
            self.at(lasts, Happening::Ends { key, run, code: 0 });
        }
    }

    fn down(&mut self, project: &str) {
        let keys: Vec<Key> = self
            .fleet
            .iter()
            .filter(|(_, container)| container.spec.project.as_deref() == Some(project))
            .map(|(key, _)| key)
            .collect();
        let specs = keys
            .iter()
            .filter_map(|key| self.fleet.get(*key))
            .map(|container| Arc::clone(&container.spec))
            .collect();
        self.parked.insert(project.to_owned(), specs);
        for key in keys {
            if self.state(key).is_some_and(State::has_process) {
                self.signal(key, 15, Ending::Remove);
            } else {
                self.destroy(key);
            }
        }
    }

    fn reload(&mut self, debug: bool) {
        self.host.debug = debug;
        let settings = [
            ("debug", debug.to_string()),
            ("default-runtime", "runc".to_owned()),
            ("live-restore", "false".to_owned()),
            ("max-concurrent-downloads", "3".to_owned()),
            ("max-concurrent-uploads", "5".to_owned()),
            ("max-download-attempts", "5".to_owned()),
            ("name", self.host.name.to_owned()),
            ("shutdown-timeout", "15".to_owned()),
        ];
        let attributes = settings.map(|(name, value)| (name.to_owned(), value));
        self.emit(
            "daemon",
            "reload",
            self.host.id.clone(),
            Attributes::from(attributes),
        );
    }
}
