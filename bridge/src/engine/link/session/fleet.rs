//! The fleet of a connection: listed, changed by events, inspected.

use std::sync::Arc;

use protocol::Event;
use tokio::time::Instant;

use super::{LIST_SLACK_NANO, Session};
use crate::engine::{
    Id, Update,
    containers::{Listed, News},
    link::Standing,
    transport::{Answer, Failure},
};

/// So many events are remembered while the list is asked for anew.
const MOST_HEARD: usize = 1024;

/// The list is asked for anew. What happens until its answer is here may or may not be in it.
#[derive(Default)]
pub struct Relisting {
    heard: Vec<Event>,
    /// There is reason to ask once more after this one.
    again: bool,
}

impl Session<'_> {
    /// One at a time.
    pub(super) fn relist(&mut self) {
        match &mut self.relisting {
            Some(relisting) => relisting.again = true,
            None => {
                self.relisting = Some(Relisting::default());
                self.jobs.relist(self.daemon_now_nano());
            }
        }
    }

    /// What the event does to the fleet.
    pub(super) async fn follow(&mut self, event: &Event) {
        let outcome = self.fleet.apply(event, self.daemon_now_millis());
        if let Some(id) = &outcome.inspect {
            self.link.transport.know(id);
            self.queue.changed(id, Instant::now());
        }
        if let Some(news) = outcome.news {
            self.news(news).await;
        }
    }

    pub(super) async fn news(&mut self, news: News) {
        match news {
            News::Changed(container) => self.tell(Update::Changed(container)).await,
            News::Gone(id) => {
                self.queue.forget(&id);
                self.link.transport.forget(&id);
                self.tell(Update::Gone(id)).await;
            }
        }
        self.stand();
    }

    /// `asked_nano`: when it was asked for, by the daemon's clock. The answer's own date is that of its end, and what
    /// happened while the daemon gathered it may not be in it.
    pub(super) async fn listed(&mut self, listed: Listed, asked_nano: i64, date_secs: Option<i64>) {
        for _ in 0..listed.unreadable {
            self.link.transport.costs().count_unreadable();
        }
        let date_nano = date_secs.map(|secs| secs.saturating_mul(1_000_000_000));
        let read_nano = date_nano.map_or(asked_nano, |date| date.min(asked_nano));
        self.listed_nano = read_nano.saturating_sub(LIST_SLACK_NANO);
        self.fleet.replace(listed.containers);
        let ids: Vec<Id> = self.fleet.ids().cloned().collect();
        self.link.transport.know_only(ids.iter().cloned());
        self.tell(Update::Listed(self.fleet.containers())).await;
        self.queue.fill(ids, Instant::now());
        self.stand();
    }

    pub(super) async fn relisted(
        &mut self,
        listed: Listed,
        asked_nano: i64,
        date_secs: Option<i64>,
    ) {
        let relisting = self.relisting.take().unwrap_or_default();
        self.listed(listed, asked_nano, date_secs).await;
        for event in &relisting.heard {
            self.follow(event).await;
        }
        if relisting.again {
            self.relist();
        }
    }

    /// What happens while the list is asked for is not lost.
    pub(super) fn hear(&mut self, event: &Event) {
        if let Some(relisting) = &mut self.relisting {
            if relisting.heard.len() < MOST_HEARD {
                relisting.heard.push(event.clone());
            } else {
                relisting.again = true;
            }
        }
    }

    pub(super) async fn inspected(&mut self, id: &Id, answer: Result<Answer, Failure>) {
        let current = self.queue.landed(id);
        match answer {
            Ok(answer) if current => {
                match self
                    .fleet
                    .inspected(id, &answer.body, self.daemon_now_millis())
                {
                    Ok(Some(news)) => self.news(news).await,
                    Ok(None) => {}
                    Err(error) => {
                        tracing::warn!("container {id} cannot be read: {error}");
                        self.link.transport.costs().count_unreadable();
                    }
                }
            }
            // what it says is old already, and it is asked for again
            Ok(_) => {}
            Err(Failure::Status { status: 404, .. }) => {
                if let Some(id) = self.fleet.remove(id) {
                    self.news(News::Gone(id)).await;
                }
            }
            Err(failure) => {
                tracing::debug!("container {id}: {failure}");
                if self.fleet.has(id) {
                    self.queue.failed(id, Instant::now());
                }
            }
        }
    }

    pub(super) fn inspect(&mut self) {
        while let Some(id) = self.queue.take(Instant::now()) {
            self.jobs.inspect(id);
        }
    }

    /// Tells the other streams, if it is different.
    pub(super) fn stand(&self) {
        let standing = Standing {
            live: true,
            engine_version: self.version.version.as_str().into(),
            running: Arc::new(self.fleet.running()),
        };
        self.link.standing.send_if_modified(|known| {
            let differs = *known != standing;
            if differs {
                *known = standing;
            }
            differs
        });
    }
}
