//! The connection with the daemon as a whole: made, kept, lost and made again.

mod backoff;
mod jobs;
mod session;
mod silence;

use std::{collections::BTreeSet, sync::Arc};

use protocol::{Away, AwayReason, DaemonState, Event};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use self::{backoff::Backoff, session::Session};
pub use self::{backoff::Pace as BackoffPace, silence::Pace as SilencePace};
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

/// How a connection ended.
struct End {
    failure: Failure,
    /// When it became live, if it did.
    live_since: Option<Instant>,
}

impl Link {
    /// Never ends by itself.
    pub async fn run(self) {
        let mut backoff = Backoff::new(self.pace.backoff.clone());
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
            let session = Session::new(&self, &mut fleet, &mut past, &mut broken);
            let end = session.run().await;
            self.standing.send_replace(Standing::default());

            let reason = end.failure.away_reason();
            note(&mut broken, &reason);
            let (since_millis, attempts) = match (end.live_since, &away) {
                (Some(since), _) => {
                    backoff.lived(since.elapsed());
                    (clock::now_millis(), 0)
                }
                (None, Some(away)) => (away.since_millis, away.attempts.saturating_add(1)),
                (None, None) => (began_millis, 1),
            };
            if end.live_since.is_some() || away.as_ref().is_none_or(|away| away.reason != reason) {
                tracing::info!("the daemon is away: {}", end.failure);
            } else {
                tracing::debug!("the daemon is still away: {}", end.failure);
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

    async fn tell(&self, state: DaemonState) {
        self.updates.tell(Update::Daemon(state)).await;
    }
}

/// What the failure says about the daemon's memory of events.
fn note(broken: &mut Break, reason: &AwayReason) {
    match reason {
        AwayReason::SocketMissing | AwayReason::Refused => broken.daemon_was_down = true,
        AwayReason::Hung => broken.hung = true,
        _ => {}
    }
}
