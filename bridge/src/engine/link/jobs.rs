use std::panic::resume_unwind;

use protocol::EngineInfo;
use tokio::task::JoinSet;

use crate::engine::{
    Id,
    info::{self, Version},
    transport::{Answer, Call, Failure, Lines, Transport},
};

/// What is asked of the daemon beside its event stream. All of it ends with this.
#[derive(Debug)]
pub(super) struct Jobs {
    transport: Transport,
    running: JoinSet<Done>,
    pinging: bool,
    asking: bool,
}

/// What came back.
#[derive(Debug)]
pub(super) enum Done {
    Inspected(Id, Result<Answer, Failure>),
    Relisted {
        asked_nano: i64,
        answer: Result<Answer, Failure>,
    },
    /// With the status with which `/info` was refused.
    Engine(Box<Result<(EngineInfo, Option<u16>), Failure>>),
    Pinged(Result<Answer, Failure>),
    Resubscribed(Box<Result<Lines, Failure>>),
}

impl Jobs {
    pub fn new(transport: Transport) -> Self {
        Self {
            transport,
            running: JoinSet::new(),
            pinging: false,
            asking: false,
        }
    }

    /// `None`: nothing is under way.
    pub async fn next(&mut self) -> Option<Done> {
        loop {
            match self.running.join_next().await? {
                Ok(done) => {
                    self.pinging &= !matches!(done, Done::Pinged(_));
                    self.asking &= !matches!(done, Done::Engine(_));
                    return Some(done);
                }
                // what it was to bring would be waited for for ever
                Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
                Err(_) => {}
            }
        }
    }

    pub fn inspect(&mut self, id: Id) {
        let transport = self.transport.clone();
        self.running.spawn(async move {
            let answer = transport.get(Call::Inspect(&id)).await;
            Done::Inspected(id, answer)
        });
    }

    pub fn relist(&mut self, asked_nano: i64) {
        let transport = self.transport.clone();
        self.running.spawn(async move {
            let answer = transport.get(Call::List).await;
            Done::Relisted { asked_nano, answer }
        });
    }

    /// One at a time: a daemon may tell many reloads.
    pub fn ask_for_engine(&mut self, version: &Version, known: Option<&EngineInfo>) {
        if std::mem::replace(&mut self.asking, true) {
            return;
        }
        let transport = self.transport.clone();
        let (version, known) = (version.clone(), known.cloned());
        self.running.spawn(async move {
            let engine = info::engine(&transport, &version, known).await;
            Done::Engine(Box::new(engine))
        });
    }

    /// One at a time.
    pub fn ping(&mut self) {
        if std::mem::replace(&mut self.pinging, true) {
            return;
        }
        let transport = self.transport.clone();
        self.running
            .spawn(async move { Done::Pinged(transport.get(Call::Ping).await) });
    }

    pub fn resubscribe(&mut self, since_nano: i64) {
        let transport = self.transport.clone();
        self.running.spawn(async move {
            let stream = transport.stream(Call::Events { since_nano }).await;
            Done::Resubscribed(Box::new(stream))
        });
    }
}
