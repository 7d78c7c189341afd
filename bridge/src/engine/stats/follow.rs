use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{
    Pace,
    arithmetic::{Meter, RawStats, Reading},
};
use crate::engine::{
    Id, Update,
    link::Updates,
    transport::{Call, Line, Transport},
    value,
};

/// After so many lines in a row that cannot be read, a stream is no better than one that ended.
const UNREADABLE_AT_MOST: u32 = 64;

/// One container's stream, begun anew whenever it ends.
pub(super) struct Follow {
    id: Id,
    pace: Pace,
    transport: Transport,
    updates: Updates,
    /// The hub has figures from us; from then on a silence has to be told.
    told: bool,
    /// Unless a sample comes before.
    silent_at: Instant,
}

impl Follow {
    pub fn new(id: Id, pace: Pace, transport: Transport, updates: Updates) -> Self {
        Self {
            id,
            silent_at: Instant::now() + pace.silent,
            pace,
            transport,
            updates,
            told: false,
        }
    }

    /// The last that it tells is that the figures are lost, so nothing can come after that.
    pub async fn run(mut self, stop: &CancellationToken) {
        stop.run_until_cancelled(self.forever()).await;
        self.lost().await;
    }

    async fn forever(&mut self) {
        let mut wait = self.pace.again;
        loop {
            let sampled = self.once().await;
            // a stream that is cut now and then, as by a proxy, is begun anew at once and without a word
            wait = if sampled {
                self.pace.again
            } else {
                (wait * 2).min(self.pace.again_at_most)
            };
            if timeout_at(self.silent_at, sleep(wait)).await.is_err() {
                self.silent().await;
            }
        }
    }

    /// Reads one stream to its end. Whether it had a sample.
    async fn once(&mut self) -> bool {
        let call = Call::Stats(&self.id);
        let Ok(opened) = timeout_at(self.silent_at, self.transport.stream(call)).await else {
            self.silent().await;
            return false;
        };
        let mut lines = match opened {
            Ok(lines) => lines,
            Err(failure) => {
                tracing::debug!("statistics of {}: {failure}", self.id);
                return false;
            }
        };
        let (mut meter, mut sampled, mut unreadable) = (Meter::default(), false, 0);
        loop {
            let Ok(line) = timeout_at(self.silent_at, lines.next()).await else {
                self.silent().await;
                return sampled;
            };
            let line = match line {
                Ok(Some(Line::Whole(line))) => line,
                Ok(Some(Line::TooLong)) => continue,
                Ok(None) => return sampled,
                Err(failure) => {
                    tracing::debug!("statistics of {} ended: {failure}", self.id);
                    return sampled;
                }
            };
            let raw = match RawStats::parse(&line) {
                Ok(raw) => raw,
                Err(error) => {
                    tracing::debug!("statistics of {}: {}", self.id, value::fault(&error));
                    self.transport.costs().count_unreadable();
                    unreadable += 1;
                    if unreadable > UNREADABLE_AT_MOST {
                        return sampled;
                    }
                    continue;
                }
            };
            unreadable = 0;
            match meter.read(&raw) {
                Reading::Sample(sample) => {
                    sampled = true;
                    self.told = true;
                    self.silent_at = Instant::now() + self.pace.silent;
                    self.updates
                        .tell(Update::Sample(self.id.clone(), sample))
                        .await;
                }
                Reading::First => {}
                Reading::Stopped => self.lost().await,
                Reading::Unreadable => {
                    self.transport.costs().count_unreadable();
                    self.lost().await;
                }
            }
        }
    }

    async fn silent(&mut self) {
        self.silent_at = Instant::now() + self.pace.silent;
        self.lost().await;
    }

    async fn lost(&mut self) {
        if std::mem::take(&mut self.told) {
            self.updates.tell(Update::SampleLost(self.id.clone())).await;
        }
    }
}
