//! The connection with the daemon as a whole: made, kept, lost and made again.

mod backoff;
mod jobs;
mod patience;
mod session;
mod silence;

use std::{collections::BTreeSet, pin::pin, sync::Arc};

use protocol::{Away, AwayReason, DaemonState, Event};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use self::{
    backoff::Backoff,
    patience::Patience,
    session::{Reached, Session},
};
pub use self::{
    backoff::Pace as BackoffPace, patience::Pace as PatiencePace, silence::Pace as SilencePace,
};
use super::{
    Demand, Id, Pace, Update, clock,
    containers::Fleet,
    events::{Break, Past, Tally},
    transport::{Failure, Transport},
};

/// What the other streams need to know of the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub live: bool,
    /// As the daemon writes it; empty while it is away.
    pub engine_version: Arc<str>,
    /// The containers that have statistics; none while the daemon is away.
    pub running: Arc<BTreeSet<Id>>,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            live: false,
            engine_version: "".into(),
            running: Arc::default(),
        }
    }
}

pub struct Link {
    pub pace: Pace,
    pub transport: Transport,
    pub demand: watch::Receiver<Demand>,
    pub updates: Updates,
    pub standing: watch::Sender<Standing>,
    /// Raised by every event that may change disk usage.
    pub usage_changes: watch::Sender<u64>,
    pub tally: Arc<Tally>,
    /// What an earlier run of the bridge wrote down last.
    pub stored: Vec<Event>,
}

/// Where updates go. Without anybody to read them there is nothing left to do.
#[derive(Debug, Clone)]
pub struct Updates {
    pub to: mpsc::Sender<Update>,
    pub cancel: CancellationToken,
}

impl Updates {
    pub async fn tell(&self, update: Update) {
        if self.to.send(update).await.is_err() {
            self.cancel.cancel();
        }
    }
}

impl Link {
    /// Never ends by itself.
    pub async fn run(self) {
        let mut backoff = Backoff::new(self.pace.backoff.clone());
        let mut patience = Patience::new(self.pace.patience.clone(), Instant::now());
        let (mut fleet, mut past, mut broken) =
            (Fleet::default(), Past::of(&self.stored), Break::default());
        let mut away: Option<Away> = None;
        let began_millis = clock::now_millis();
        self.tell(DaemonState::Connecting).await;
        loop {
            if let Some(away) = &mut away {
                away.retry_at_millis = None;
                self.tell(DaemonState::Away(away.clone())).await;
            }
            let mut session = Session::new(&self, &mut fleet, &mut past, &mut broken);
            let reached = match &away {
                Some(_) => session.reach().await,
                None => {
                    self.reach_first(&mut session, &mut away, began_millis)
                        .await
                }
            };
            let (failure, live_since) = match reached {
                Ok(reached) => {
                    let since = Instant::now();
                    (session.live(reached).await, Some(since))
                }
                Err(failure) => (failure, None),
            };
            self.standing.send_replace(Standing::default());

            let reason = patience.reason(&failure, live_since.is_some(), Instant::now());
            note(&mut broken, &reason);
            let (since_millis, attempts) = match (live_since, &away) {
                (Some(since), _) => {
                    backoff.lived(since.elapsed());
                    (clock::now_millis(), 0)
                }
                (None, Some(away)) => (away.since_millis, away.attempts.saturating_add(1)),
                (None, None) => (began_millis, 1),
            };
            if live_since.is_some() || away.as_ref().is_none_or(|away| away.reason != reason) {
                match failure {
                    // it does not get right by itself
                    Failure::Tls(_) | Failure::TlsExpected => {
                        tracing::warn!("the daemon is away: {failure}");
                    }
                    _ => tracing::info!("the daemon is away: {failure}"),
                }
            } else {
                tracing::debug!("the daemon is still away: {failure}");
            }
            let wait = backoff.next(fastrand::f64());
            let wait_millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            let now = Away {
                reason,
                since_millis,
                retry_at_millis: Some(clock::now_millis().saturating_add(wait_millis)),
                attempts,
            };
            self.tell(DaemonState::Away(now.clone())).await;
            away = Some(now);
            sleep(wait).await;
        }
    }

    /// The first attempt of all may take long. Until it is over nobody would know why there is nothing.
    async fn reach_first(
        &self,
        session: &mut Session<'_>,
        away: &mut Option<Away>,
        since_millis: u64,
    ) -> Result<Reached, Failure> {
        let mut reaching = pin!(session.reach());
        let patience = self.pace.patience.connecting;
        if let Ok(reached) = timeout(patience, reaching.as_mut()).await {
            return reached;
        }
        let reason = if self.transport.reached() {
            AwayReason::Starting
        } else {
            AwayReason::Unreachable(format!("no connection after {} s", patience.as_secs_f32()))
        };
        match &reason {
            AwayReason::Unreachable(why) => tracing::info!("the daemon is away: {why}"),
            _ => tracing::info!("the daemon is away: it takes connections and does not answer yet"),
        }
        let slow = Away {
            reason,
            since_millis,
            retry_at_millis: None,
            attempts: 0,
        };
        self.tell(DaemonState::Away(slow.clone())).await;
        *away = Some(slow);
        reaching.await
    }

    async fn tell(&self, state: DaemonState) {
        self.updates.tell(Update::Daemon(state)).await;
    }
}

/// What the failure says about the daemon's memory of events.
fn note(broken: &mut Break, reason: &AwayReason) {
    match reason {
        AwayReason::SocketMissing | AwayReason::Refused => broken.daemon_was_down = true,
        AwayReason::Hung | AwayReason::Starting => broken.hung = true,
        _ => {}
    }
}
