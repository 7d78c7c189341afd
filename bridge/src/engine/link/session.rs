//! One connection, from the first call to its end.

use std::{future::pending, sync::Arc};

use protocol::{DaemonState, Event};
use tokio::{
    select,
    time::{Instant, sleep_until},
};

use super::{
    End, Link, Standing,
    jobs::{Done, Jobs},
    silence::{Remedy, Silence},
};
use crate::engine::{
    Id, Update, clock,
    containers::{self, Fleet, Listed, News, Queue},
    events::{self, Break, Joining, Past},
    info::{self, Version},
    transport::{Answer, Call, Failure, Line, Lines},
    usage,
};

/// An event this much older than the list is in the list already. `Date` heads have whole seconds only.
const LIST_SLACK_NANO: i64 = 2_000_000_000;
/// A difference that a `Date` head cannot tell from none.
const NO_SKEW_NANO: i64 = 2_000_000_000;

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
    /// How far the daemon's clock is ahead of ours.
    skew_nano: i64,
    /// Events before this are in the list: they change nothing.
    listed_nano: i64,
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
            skew_nano: 0,
            listed_nano: i64::MAX,
            link,
        }
    }

    pub async fn run(mut self) -> End {
        let stream = match self.connect().await {
            Ok(stream) => stream,
            Err(failure) => {
                return End {
                    failure,
                    live_since: None,
                };
            }
        };
        let live_since = Some(Instant::now());
        let failure = self.live(stream).await;
        End {
            failure,
            live_since,
        }
    }

    /// Subscribes before it lists: what happens in between is then in the stream.
    async fn connect(&mut self) -> Result<Lines, Failure> {
        let transport = &self.link.transport;
        self.version = info::version(transport).await?;
        let api = transport.agree_on_version(&self.version.spoken)?;
        let since_nano = self.past.since_nano(self.daemon_now_nano());
        let stream = transport.stream(Call::Events { since_nano }).await?;
        self.adopt(&stream);
        let answer = transport.get(Call::List).await?;
        let listed = parse(&answer)?;
        tracing::info!("connected to engine {} by API {api}", self.version.version);
        self.silence.broken(Instant::now());
        let since_millis = clock::now_millis();
        self.tell(Update::Daemon(DaemonState::Live { since_millis }))
            .await;
        self.listed(listed, answer.date_secs).await;
        self.ask_for_engine();
        Ok(stream)
    }

    /// What the stream brings first is to be joined to what is known.
    fn adopt(&mut self, stream: &Lines) {
        if let Some(date) = stream.date_secs() {
            let skew = date.saturating_mul(1_000_000_000) - clock::now_nano();
            self.skew_nano = if skew.abs() > NO_SKEW_NANO { skew } else { 0 };
        }
        self.joining = Some(Joining::new(self.link.pace.join.clone(), Instant::now()));
    }

    async fn live(&mut self, mut stream: Lines) -> Failure {
        let mut demand = self.link.demand.clone();
        loop {
            self.inspect();
            let next_inspection = self.queue.next_due();
            let joined_at = self.joining.as_ref().map(Joining::done_at);
            let watched = demand.borrow_and_update().watched;
            let next_info = watched.then_some(self.next_info);
            select! {
                line = stream.next() => match line {
                    Ok(Some(line)) => self.line(line).await,
                    Ok(None) => return Failure::Closed("the daemon ended its event stream".to_owned()),
                    Err(failure) => return failure,
                },
                Some(done) = self.jobs.next() => {
                    match self.done(done).await {
                        Ok(None) => {}
                        Ok(Some(anew)) => stream = anew,
                        Err(failure) => return failure,
                    }
                }
                () = until(next_inspection) => {}
                () = until(joined_at) => self.join().await,
                () = until(next_info) => self.ask_for_engine(),
                () = sleep_until(self.silence.next_check()) => {
                    match self.silence.check(Instant::now()) {
                        Some(Remedy::Ping) => self.jobs.ping(),
                        Some(Remedy::Resubscribe) => self.resubscribe(),
                        None => {}
                    }
                }
                changed = demand.changed() => if changed.is_err() {
                    // nobody can ask for anything any more
                    self.link.updates.cancel.cancel();
                    pending::<()>().await;
                },
            }
        }
    }

    async fn line(&mut self, line: Line) {
        let now = Instant::now();
        self.silence.broken(now);
        let parsed = match line {
            Line::Whole(line) => events::parse(&line),
            Line::TooLong => Err("it is too long".to_owned()),
        };
        match parsed {
            Ok(event) => match &mut self.joining {
                Some(joining) => joining.take_in(event, now),
                None => {
                    if self.past.admit(&event) {
                        self.event(event).await;
                    }
                }
            },
            Err(error) => {
                tracing::warn!("an event cannot be read: {error}");
                self.link.transport.costs().count_unreadable();
                match &mut self.joining {
                    Some(joining) => joining.unreadable = true,
                    None => self.unreadable().await,
                }
            }
        }
    }

    async fn unreadable(&mut self) {
        if let Some(gap) = self.past.unreadable(self.daemon_now_nano()) {
            self.tell(Update::Gap(gap)).await;
            // what it told about a container is lost
            self.jobs.relist();
        }
    }

    async fn join(&mut self) {
        let Some(joining) = self.joining.take() else {
            return;
        };
        let just_listed = !std::mem::replace(&mut self.joined, true);
        let broken = std::mem::take(self.broken);
        let now_nano = self.daemon_now_nano();
        let (gap, fresh) = self.past.join(joining.backlog, broken, now_nano);
        if let Some(gap) = gap {
            self.tell(Update::Gap(gap)).await;
            if !just_listed {
                // what happened in the gap is not known
                self.jobs.relist();
            }
        }
        for event in fresh {
            self.event(event).await;
        }
        if joining.unreadable {
            self.unreadable().await;
        }
    }

    async fn event(&mut self, event: Event) {
        let current = event.time_nano >= self.listed_nano;
        if current && usage::may_change(&event) {
            self.link.usage_changes.send_modify(|changes| *changes += 1);
        }
        if current && event.kind == "daemon" && event.action == "reload" {
            self.ask_for_engine();
        }
        let outcome = current.then(|| self.fleet.apply(&event, self.daemon_now_millis()));
        // the event first: whoever reads both sees the cause before its effect
        self.tell(Update::Event(event)).await;
        let Some(outcome) = outcome else {
            return;
        };
        if let Some(id) = &outcome.inspect {
            self.link.transport.know(id);
            self.queue.changed(id, Instant::now());
        }
        if let Some(news) = outcome.news {
            self.news(news).await;
        }
    }

    async fn news(&mut self, news: News) {
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

    async fn listed(&mut self, listed: Listed, date_secs: Option<i64>) {
        for _ in 0..listed.unreadable {
            self.link.transport.costs().count_unreadable();
        }
        let date_nano = date_secs.map(|secs| secs.saturating_mul(1_000_000_000));
        self.listed_nano = date_nano.unwrap_or_else(|| self.daemon_now_nano()) - LIST_SLACK_NANO;
        self.fleet.replace(listed.containers);
        let ids: Vec<Id> = self.fleet.ids().cloned().collect();
        self.link.transport.know_only(ids.iter().cloned());
        self.tell(Update::Listed(self.fleet.containers())).await;
        self.queue.fill(ids, Instant::now());
        self.stand();
    }

    /// A stream that must begin anew is given back.
    async fn done(&mut self, done: Done) -> Result<Option<Lines>, Failure> {
        match done {
            Done::Inspected(id, answer) => self.inspected(&id, answer).await,
            Done::Relisted(answer) => {
                let answer = answer?;
                self.listed(parse(&answer)?, answer.date_secs).await;
            }
            Done::Engine(engine) => match *engine {
                Ok(engine) => self.tell(Update::Engine(Box::new(engine))).await,
                Err(failure) => tracing::warn!("the engine's own facts: {failure}"),
            },
            Done::Pinged(answer) => {
                answer?;
            }
            Done::Resubscribed(stream) => {
                let stream = (*stream)?;
                self.adopt(&stream);
                return Ok(Some(stream));
            }
        }
        Ok(None)
    }

    async fn inspected(&mut self, id: &Id, answer: Result<Answer, Failure>) {
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
                self.queue.failed(id, Instant::now());
            }
        }
    }

    fn inspect(&mut self) {
        while let Some(id) = self.queue.take(Instant::now()) {
            self.jobs.inspect(id);
        }
    }

    fn ask_for_engine(&mut self) {
        self.next_info = Instant::now() + self.link.pace.engine_every;
        self.jobs.ask_for_engine(&self.version);
    }

    /// The stream that is there goes on until the new one is.
    fn resubscribe(&mut self) {
        let since_nano = self.past.since_nano(self.daemon_now_nano());
        self.jobs.resubscribe(since_nano);
    }

    /// Tells the other streams, if it is different.
    fn stand(&self) {
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
