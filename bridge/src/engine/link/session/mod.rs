//! One connection, from the first call to its end.

mod fleet;
mod stream;

use std::{future::pending, time::Duration};

use protocol::{DaemonState, EngineInfo};
use tokio::{
    select,
    time::{Instant, sleep_until},
};

use self::fleet::Relisting;
use super::{
    Link,
    jobs::{Done, Jobs},
    silence::{Remedy, Silence},
};
use crate::engine::{
    Update, clock,
    containers::{self, Fleet, Listed, Queue},
    events::{Break, Joining, Past},
    info::{self, Version},
    transport::{Answer, Call, Failure, Lines},
};

/// An event this much older than the list is in the list already. `Date` heads have whole seconds only.
const LIST_SLACK_NANO: i64 = 2_000_000_000;
/// A difference that a `Date` head cannot tell from none.
const NO_SKEW_NANO: i64 = 2_000_000_000;
/// A stream that was cut is to go on so soon; later than that the daemon is away.
const RESUME_WITHIN: Duration = Duration::from_secs(2);

/// What the daemon has answered when it counts as live.
pub struct Reached {
    stream: Lines,
    listed: Listed,
    asked_nano: i64,
    date_secs: Option<i64>,
}

pub struct Session<'l> {
    link: &'l Link,
    fleet: &'l mut Fleet,
    past: &'l mut Past,
    broken: &'l mut Break,
    version: Version,
    queue: Queue,
    jobs: Jobs,
    joining: Option<Joining>,
    /// The first stream of this connection is joined; later ones only take its place.
    joined: bool,
    silence: Silence,
    next_info: Instant,
    /// The last facts that were told whole.
    facts: Option<EngineInfo>,
    /// How far the daemon's clock is ahead of ours.
    skew_nano: i64,
    /// Events before this are in the list: they change nothing.
    listed_nano: i64,
    relisting: Option<Relisting>,
}

impl<'l> Session<'l> {
    pub fn new(
        link: &'l Link,
        fleet: &'l mut Fleet,
        past: &'l mut Past,
        broken: &'l mut Break,
    ) -> Self {
        let now = Instant::now();
        Self {
            fleet,
            past,
            broken,
            version: Version::default(),
            queue: Queue::new(link.pace.inspections.clone()),
            jobs: Jobs::new(link.transport.clone()),
            joining: None,
            joined: false,
            silence: Silence::new(link.pace.silence.clone(), now),
            next_info: now + link.pace.engine_every,
            facts: None,
            skew_nano: 0,
            listed_nano: i64::MAX,
            relisting: None,
            link,
        }
    }

    /// Subscribes before it lists: what happens in between is then in the stream.
    pub async fn reach(&mut self) -> Result<Reached, Failure> {
        let transport = &self.link.transport;
        transport.begin();
        self.version = info::version(transport).await?;
        let api = transport.agree_on_version(&self.version.spoken)?;
        let since_nano = self.past.since_nano(self.daemon_now_nano());
        let stream = transport.stream(Call::Events { since_nano }).await?;
        self.compare_clocks(&stream);
        let asked_nano = self.daemon_now_nano();
        let answer = transport.get(Call::List).await?;
        let listed = parse(&answer)?;
        tracing::info!("connected to engine {} by API {api}", self.version.version);
        Ok(Reached {
            stream,
            listed,
            asked_nano,
            date_secs: answer.date_secs,
        })
    }

    /// Until the daemon is away again.
    pub async fn live(mut self, reached: Reached) -> Failure {
        self.silence.broken(Instant::now());
        let since_millis = clock::now_millis();
        self.tell(Update::Daemon(DaemonState::Live { since_millis }))
            .await;
        self.listed(reached.listed, reached.asked_nano, reached.date_secs)
            .await;
        self.ask_for_engine();
        // not before: nobody reads the stream while the list is awaited
        self.begin_joining();
        self.follow_stream(reached.stream).await
    }

    async fn follow_stream(&mut self, mut stream: Lines) -> Failure {
        let mut demand = self.link.demand.clone();
        let mut opened = Instant::now();
        loop {
            self.inspect();
            let next_inspection = self.queue.next_due();
            let joined_at = self.joining.as_ref().map(Joining::done_at);
            let watched = demand.borrow_and_update().watched;
            let next_info = watched.then_some(self.next_info);
            let line = select! {
                line = stream.next() => line,
                Some(done) = self.jobs.next() => {
                    match self.done(done).await {
                        Ok(None) => {}
                        Ok(Some(anew)) => (stream, opened) = (anew, Instant::now()),
                        Err(failure) => return failure,
                    }
                    continue;
                }
                () = until(next_inspection) => continue,
                // what came before that time, and was not looked at yet, is of the backlog too
                () = until(joined_at) => match self.still_joins(&mut stream) {
                    Some(line) => line,
                    None => {
                        self.join().await;
                        continue;
                    }
                },
                () = until(next_info) => {
                    self.ask_for_engine();
                    continue;
                }
                () = sleep_until(self.silence.next_check()) => {
                    match self.silence.check(Instant::now()) {
                        Some(Remedy::Ping) => self.jobs.ping(),
                        Some(Remedy::Resubscribe) => self.resubscribe(),
                        None => {}
                    }
                    continue;
                }
                changed = demand.changed() => {
                    if changed.is_err() {
                        // nobody can ask for anything any more
                        self.link.updates.cancel.cancel();
                        pending::<()>().await;
                    }
                    continue;
                }
            };
            let failure = match line {
                Ok(Some(line)) => {
                    self.line(line).await;
                    continue;
                }
                Ok(None) => Failure::Closed("the daemon ended its event stream".to_owned()),
                Err(failure) => failure,
            };
            // a proxy that cuts each stream at once must not make us busy
            if opened.elapsed() < self.link.pace.backoff.healthy {
                return failure;
            }
            match self.resumed().await {
                Some(anew) => (stream, opened) = (anew, Instant::now()),
                None => return failure,
            }
        }
    }

    /// A stream that must begin anew is given back.
    async fn done(&mut self, done: Done) -> Result<Option<Lines>, Failure> {
        match done {
            Done::Inspected(id, answer) => self.inspected(&id, answer).await,
            Done::Relisted { asked_nano, answer } => {
                let answer = answer?;
                self.relisted(parse(&answer)?, asked_nano, answer.date_secs)
                    .await;
            }
            Done::Engine(engine) => match *engine {
                Ok((engine, refused)) => {
                    if refused.is_none() {
                        self.facts = Some(engine.clone());
                    }
                    self.tell(Update::Engine(Box::new(engine))).await;
                    self.tell(Update::InfoRefused(refused)).await;
                }
                Err(failure) => tracing::warn!("the engine's own facts: {failure}"),
            },
            Done::Pinged(answer) => match answer {
                Ok(_) => {}
                // an answer too: somebody is there, who does not allow this one question
                Err(Failure::Status { status, .. }) if status < 500 => {}
                Err(failure) => return Err(failure),
            },
            Done::Resubscribed(stream) => {
                let stream = (*stream)?;
                self.adopt(&stream);
                return Ok(Some(stream));
            }
        }
        Ok(None)
    }

    fn ask_for_engine(&mut self) {
        self.next_info = Instant::now() + self.link.pace.engine_every;
        self.jobs.ask_for_engine(&self.version, self.facts.as_ref());
    }

    async fn tell(&self, update: Update) {
        self.link.updates.tell(update).await;
    }

    fn daemon_now_nano(&self) -> i64 {
        clock::now_nano().saturating_add(self.skew_nano)
    }

    fn daemon_now_millis(&self) -> u64 {
        u64::try_from(self.daemon_now_nano() / 1_000_000).unwrap_or(0)
    }
}

fn parse(answer: &Answer) -> Result<Listed, Failure> {
    containers::parse_list(&answer.body).map_err(|error| {
        Failure::NotAnEngine(format!("its list of containers cannot be read: {error}"))
    })
}

async fn until(when: Option<Instant>) {
    match when {
        Some(when) => sleep_until(when).await,
        None => pending().await,
    }
}
