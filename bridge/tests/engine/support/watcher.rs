use std::time::Duration;

use daemonscope::engine::{
    self, BackoffPace, Config, Demand, Endpoint, Handle, InspectionPace, JoinPace, Pace,
    PatiencePace, SilencePace, StatsDemand, Update, transport::Limits,
};
use protocol::{Away, AwayReason, Container, DaemonState, Event, Gap, UsageState};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{Daemon, PATIENCE};

/// The engine's side at work, and all that it told.
pub struct Watcher {
    pub handle: Handle,
    pub cancel: CancellationToken,
    demand: watch::Sender<Demand>,
    updates: mpsc::Receiver<Update>,
    pub told: Vec<Update>,
}

/// All times short, but in the same proportions.
pub fn quick() -> Pace {
    Pace {
        limits: Limits {
            connect: Duration::from_secs(5),
            ping: Duration::from_secs(1),
            answer: Duration::from_secs(5),
            usage: Duration::from_millis(600),
        },
        backoff: BackoffPace {
            first: Duration::from_millis(20),
            longest: Duration::from_millis(100),
            healthy: Duration::from_secs(60),
        },
        silence: SilencePace {
            ping_after: Duration::from_millis(300),
            resubscribe_after: Duration::from_secs(600),
        },
        patience: PatiencePace {
            connecting: Duration::from_secs(60),
            starting: Duration::from_secs(60),
        },
        join: JoinPace {
            quiet: Duration::from_millis(60),
            longest: Duration::from_secs(2),
        },
        inspections: InspectionPace {
            coalesce: Duration::from_millis(50),
            at_once: 4,
            slow_after: Duration::from_secs(30),
            at_most: 16,
            again: Duration::from_millis(100),
        },
        stats: engine::stats::Pace {
            silent: Duration::from_secs(3),
            again: Duration::from_millis(10),
            again_at_most: Duration::from_millis(100),
        },
        usage: engine::usage::Pace {
            shortest: Duration::from_millis(300),
            times_taken: 20,
            busy_again: Duration::from_millis(50),
            failed_again: Duration::from_millis(300),
        },
        engine_every: Duration::from_secs(60),
    }
}

impl Watcher {
    pub fn of(daemon: &Daemon) -> Self {
        Self::with(&daemon.endpoint(), quick())
    }

    pub fn with(endpoint: &str, pace: Pace) -> Self {
        Self::at(Endpoint::parse(endpoint).unwrap(), pace)
    }

    pub fn at(endpoint: Endpoint, pace: Pace) -> Self {
        let (demand, demanded) = watch::channel(Demand::default());
        let (to, updates) = mpsc::channel(1024);
        let cancel = CancellationToken::new();
        let config = Config {
            endpoint,
            pace,
            stored: Vec::new(),
        };
        Self {
            handle: engine::spawn(config, demanded, to, cancel.clone()),
            cancel,
            demand,
            updates,
            told: Vec::new(),
        }
    }

    /// Connected, and the backlog of events taken in.
    pub async fn settled(daemon: &Daemon) -> Self {
        let mut watcher = Self::of(daemon);
        watcher.gap().await;
        watcher
    }

    pub fn demand(&self, stats: StatsDemand, usage: bool) {
        self.demand.send_replace(Demand {
            watched: true,
            stats,
            usage,
        });
    }

    /// The next update that is wanted, whatever comes before it.
    pub async fn next<T>(&mut self, what: &str, mut wanted: impl FnMut(&Update) -> Option<T>) -> T {
        let found = timeout(PATIENCE, async {
            loop {
                let update = self.updates.recv().await.expect("the engine's side ended");
                let found = wanted(&update);
                self.told.push(update);
                if let Some(found) = found {
                    return found;
                }
            }
        });
        match found.await {
            Ok(found) => found,
            Err(_) => panic!("never: {what}; told: {:#?}", self.told),
        }
    }

    pub async fn gap(&mut self) -> Gap {
        self.next("a gap", |update| match update {
            Update::Gap(gap) => Some(gap.clone()),
            _ => None,
        })
        .await
    }

    pub async fn live(&mut self) {
        self.next("live", |update| {
            matches!(update, Update::Daemon(DaemonState::Live { .. })).then_some(())
        })
        .await;
    }

    /// Away, with an attempt to come.
    pub async fn away(&mut self) -> Away {
        self.next("away", |update| match update {
            Update::Daemon(DaemonState::Away(away)) if away.retry_at_millis.is_some() => {
                Some(away.clone())
            }
            _ => None,
        })
        .await
    }

    pub async fn away_for(&mut self, reason: &AwayReason) -> Away {
        let found = timeout(PATIENCE, async {
            loop {
                let away = self.away().await;
                if away.reason == *reason {
                    return away;
                }
            }
        });
        match found.await {
            Ok(away) => away,
            Err(_) => panic!("never away for {reason:?}; told: {:#?}", self.told),
        }
    }

    pub async fn listed(&mut self) -> Vec<Container> {
        self.next("a list", |update| match update {
            Update::Listed(containers) => Some(containers.clone()),
            _ => None,
        })
        .await
    }

    pub async fn changed(&mut self, what: &str, wanted: impl Fn(&Container) -> bool) -> Container {
        self.next(what, |update| match update {
            Update::Changed(container) if wanted(container) => Some((**container).clone()),
            _ => None,
        })
        .await
    }

    /// Some container is known in detail, since when does not matter.
    pub async fn detailed(&mut self) {
        let is_detailed = |update: &Update| match update {
            Update::Changed(container) => container.details.is_some().then_some(()),
            _ => None,
        };
        if !self.told.iter().any(|update| is_detailed(update).is_some()) {
            self.next("details", is_detailed).await;
        }
    }

    pub async fn event(&mut self, action: &str) -> Event {
        self.next(action, |update| match update {
            Update::Event(event) if event.action == action => Some(event.clone()),
            _ => None,
        })
        .await
    }

    pub async fn usage(&mut self, what: &str, wanted: impl Fn(&UsageState) -> bool) -> UsageState {
        self.next(what, |update| match update {
            Update::Usage(state) if wanted(state) => Some(state.clone()),
            _ => None,
        })
        .await
    }

    /// The times of the events told so far.
    pub fn event_times(&self) -> Vec<i64> {
        self.told
            .iter()
            .filter_map(|update| match update {
                Update::Event(event) => Some(event.time_nano),
                _ => None,
            })
            .collect()
    }

    pub fn gaps(&self) -> Vec<Gap> {
        self.told
            .iter()
            .filter_map(|update| match update {
                Update::Gap(gap) => Some(gap.clone()),
                _ => None,
            })
            .collect()
    }
}
