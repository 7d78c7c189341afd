//! Disk usage: read only while somebody looks and something changed, seldom, and never twice at once.

pub mod arithmetic;
mod pace;

use std::{
    future::{Future, pending},
    pin::Pin,
    time::Duration,
};

use protocol::{Usage, UsageFailure, UsageState};
use tokio::{
    select,
    sync::watch,
    time::{Instant, sleep_until},
};

use self::pace::{Ended, Schedule};
pub use self::pace::{Pace, may_change};
use super::{
    Demand, Update, clock,
    link::{Standing, Updates},
    transport::{Answer, Call, Failure, Transport},
    value,
};

pub struct Reader {
    pub pace: Pace,
    pub transport: Transport,
    pub demand: watch::Receiver<Demand>,
    pub standing: watch::Receiver<Standing>,
    /// Raised by every event that may change it.
    pub changes: watch::Receiver<u64>,
    pub updates: Updates,
}

type Reading = Pin<Box<dyn Future<Output = (Result<Answer, Failure>, Duration)> + Send>>;

impl Reader {
    /// Never ends by itself.
    pub async fn run(mut self) {
        let mut schedule = Schedule::new(self.pace.clone());
        let mut state = UsageState::default();
        let mut reading: Option<Reading> = None;
        let mut was_live = false;
        loop {
            let standing = self.standing.borrow_and_update().clone();
            if standing.live && !was_live {
                // what happened while it was away is not known
                schedule.changed();
                self.mark_stale(&mut state).await;
            } else if !standing.live && reading.take().is_some() {
                // the daemon's work has most likely ended with the connection
                let took = Duration::ZERO;
                schedule.ended(Ended::Failed { took }, Instant::now());
                state.reading_since_millis = None;
                self.tell(&state).await;
            }
            was_live = standing.live;

            let wanted = standing.live && self.demand.borrow_and_update().usage;
            let due = schedule
                .due(Instant::now())
                .filter(|_| wanted && reading.is_none());
            select! {
                changed = self.standing.changed() => if changed.is_err() { break },
                changed = self.demand.changed() => if changed.is_err() { break },
                changed = self.changes.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    schedule.changed();
                    self.mark_stale(&mut state).await;
                }
                () = async {
                    match due {
                        Some(when) => sleep_until(when).await,
                        None => pending().await,
                    }
                } => {
                    schedule.begun();
                    state.reading_since_millis = Some(clock::now_millis());
                    self.tell(&state).await;
                    reading = Some(self.read());
                }
                (answer, took) = async {
                    match &mut reading {
                        Some(reading) => reading.await,
                        None => pending().await,
                    }
                } => {
                    reading = None;
                    let how = finish(&mut state, answer, took, &standing.engine_version);
                    schedule.ended(how, Instant::now());
                    state.stale = state.last.is_some() && schedule.is_stale();
                    self.tell(&state).await;
                }
            }
        }
    }

    fn read(&self) -> Reading {
        let transport = self.transport.clone();
        Box::pin(async move {
            let begun = Instant::now();
            let answer = transport.get(Call::Usage).await;
            (answer, begun.elapsed())
        })
    }

    async fn mark_stale(&self, state: &mut UsageState) {
        // while it is read, the end of the reading tells
        if state.last.is_some() && !state.stale && state.reading_since_millis.is_none() {
            state.stale = true;
            self.tell(state).await;
        }
    }

    async fn tell(&self, state: &UsageState) {
        self.updates.tell(Update::Usage(state.clone())).await;
    }
}

fn finish(
    state: &mut UsageState,
    answer: Result<Answer, Failure>,
    took: Duration,
    engine_version: &str,
) -> Ended {
    state.reading_since_millis = None;
    let rows = answer.map_err(failure).and_then(|answer| {
        match arithmetic::rows(&answer.body, engine_version) {
            Ok(rows) => Ok(rows),
            Err(error) => Err(UsageFailure::Failed(format!(
                "the answer cannot be read: {}",
                value::fault(&error)
            ))),
        }
    });
    match rows {
        Ok(rows) => {
            state.last = Some(Usage {
                read_at_millis: clock::now_millis(),
                took_millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                rows,
            });
            state.failure = None;
            Ended::Read { took }
        }
        Err(failure) => {
            let how = match failure {
                UsageFailure::Busy => Ended::Busy,
                _ => Ended::Failed { took },
            };
            state.failure = Some(failure);
            how
        }
    }
}

fn failure(failure: Failure) -> UsageFailure {
    match failure {
        // engine 20.10: "a disk usage operation is already running"
        Failure::Status { message, .. } if message.contains("already running") => {
            UsageFailure::Busy
        }
        Failure::Status { status, .. } if matches!(status, 401 | 403 | 407) => {
            UsageFailure::Forbidden(status)
        }
        Failure::Silent(limit) => UsageFailure::TimedOut {
            limit_millis: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
        },
        Failure::Status { message, .. } if !message.is_empty() => UsageFailure::Failed(message),
        other => UsageFailure::Failed(other.to_string()),
    }
}
