//! A demo engine with a watcher on it, and what must go on whatever else is wrong.

use std::{path::PathBuf, sync::Arc, time::Duration};

use daemonscope::engine::{Pace, StatsDemand, Update};
use demo::{Act, Engine, Options};
use protocol::{AwayReason, DaemonState, Gap, State, UsageFailure};
use tokio_util::sync::CancellationToken;

use super::super::support::{Watcher, quick};
use Panel::{Events, Fleet, Statistics, Usage};

/// A container that stays as it is unless a test says otherwise.
pub const STEADY: &str = "adguard";

pub struct Stage {
    pub engine: Engine,
    pub watcher: Watcher,
    socket: PathBuf,
    cancel: CancellationToken,
    /// Of the container called [`STEADY`].
    pub id: Arc<str>,
    tellings: u32,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.cancel.cancel();
        self.watcher.cancel.cancel();
        let _ = std::fs::remove_file(&self.socket);
    }
}

/// What is known of the engine, each in a panel of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    Events,
    /// What events and inspections say of a container.
    Fleet,
    Statistics,
    Usage,
}

pub const ALL: [Panel; 4] = [Events, Fleet, Statistics, Usage];

impl Stage {
    pub async fn set(options: Options) -> Self {
        Self::at_pace(options, quick()).await
    }

    pub async fn at_pace(options: Options, pace: Pace) -> Self {
        let cancel = CancellationToken::new();
        let engine = Engine::start(
            Options {
                pace: 0.0,
                usage_takes: Duration::from_millis(10),
                ..options
            },
            cancel.clone(),
        );
        let name = format!("faults-{:016x}.sock", fastrand::u64(..));
        let socket = std::env::temp_dir().join(name);
        let (serving, path, token) = (engine.clone(), socket.clone(), cancel.clone());
        tokio::spawn(async move { demo::serve_engine(serving, &path, token).await });
        let mut watcher = Watcher::with(&format!("unix://{}", socket.display()), pace);
        watcher.demand(StatsDemand::All, true);
        let listed = watcher.listed().await;
        let steady = listed.iter().find(|container| container.name == STEADY);
        let id = steady.unwrap().id.as_str().into();
        watcher.gap().await;
        let mut stage = Self {
            engine,
            watcher,
            socket,
            cancel,
            id,
            tellings: 0,
        };
        stage.is_alive(&ALL).await;
        stage
    }

    pub fn act(&self, act: &Act) {
        self.engine.act(act).unwrap();
    }

    /// Everything is asked for anew.
    pub async fn cut(&mut self) {
        self.engine.faults().cut();
    }

    /// Each of these is told, and told right, of what happens now.
    pub async fn is_alive(&mut self, panels: &[Panel]) {
        for panel in panels {
            match panel {
                Events => self.tells_events().await,
                Fleet => self.follows_a_container().await,
                Statistics => self.samples().await,
                Usage => self.reads_usage().await,
            }
        }
    }

    async fn tells_events(&mut self) {
        self.tellings += 1;
        let action = format!("hatch {}", self.tellings);
        let kind = "pod".to_owned();
        self.act(&Act::Tell {
            kind,
            action: action.clone(),
        });
        let told = self.watcher.event(&action).await;
        assert_eq!(told.kind, "pod");
    }

    async fn follows_a_container(&mut self) {
        for (act, state) in [
            (Act::Pause(STEADY.to_owned()), State::Paused),
            (Act::Unpause(STEADY.to_owned()), State::Running),
        ] {
            self.act(&act);
            let id = self.id.clone();
            self.watcher
                .changed(&format!("{STEADY} is {}", state.word()), |container| {
                    *container.id == *id
                        && container.name == STEADY
                        && container.state == state
                        && container.details.is_some()
                })
                .await;
        }
    }

    async fn samples(&mut self) {
        let id = self.id.clone();
        self.watcher
            .next("a sample", |update| match update {
                Update::Sample(of, sample) if *of == id => {
                    assert!(sample.memory_used_bytes > 0);
                    Some(())
                }
                _ => None,
            })
            .await;
    }

    async fn reads_usage(&mut self) {
        let name = format!("volume-{:016x}", fastrand::u64(..));
        // the reading that is under way may be older than the volume
        let before = wall_clock();
        self.act(&Act::CreateVolume(name));
        let read = self
            .watcher
            .usage("a new reading", |state| {
                let last = state.last.as_ref();
                state.failure.is_none() && last.is_some_and(|last| last.read_at_millis >= before)
            })
            .await;
        let total: u64 = read
            .last
            .unwrap()
            .rows
            .iter()
            .filter_map(|row| row.total)
            .sum();
        assert!(total > 20, "{total}");
    }

    /// A reading fails so.
    pub async fn fails_to_read_usage(&mut self, expected: impl Fn(&UsageFailure) -> bool) {
        self.act(&Act::CreateVolume(format!(
            "volume-{:016x}",
            fastrand::u64(..)
        )));
        self.watcher
            .usage("a failure", |state| {
                state.failure.as_ref().is_some_and(&expected)
            })
            .await;
    }

    pub async fn is_away(&mut self, what: &str, expected: impl Fn(&AwayReason) -> bool) {
        self.watcher
            .next(what, |update| match update {
                Update::Daemon(DaemonState::Away(away)) => expected(&away.reason).then_some(()),
                _ => None,
            })
            .await;
    }

    pub fn gaps_since(&self, told: usize) -> Vec<Gap> {
        let later = self.watcher.told[told..].iter();
        later
            .filter_map(|update| match update {
                Update::Gap(gap) => Some(gap.clone()),
                _ => None,
            })
            .collect()
    }

    pub fn path(&self, of: &str) -> String {
        format!("/containers/{}/{of}", self.id)
    }
}

fn wall_clock() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap().as_millis()).unwrap()
}

pub async fn usual() -> Stage {
    Stage::set(Options::default()).await
}
