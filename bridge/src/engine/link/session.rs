//! One connection, from the first call to its end.

use std::{future::pending, sync::Arc, time::Duration};

use futures_util::FutureExt;
use protocol::{DaemonState, Event, Gap};
use tokio::{
    select,
    time::{Instant, sleep_until, timeout},
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
/// A stream that was cut is to go on so soon; later than that the daemon is away.
const RESUME_WITHIN: Duration = Duration::from_secs(2);
/// So many events are remembered while the list is asked for anew.
const MOST_HEARD: usize = 1024;

/// The list is asked for anew. What happens until its answer is here may or may not be in it.
#[derive(Default)]
struct Relisting {
    heard: Vec<Event>,
    /// There is reason to ask once more after this one.
    again: bool,
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
            skew_nano: 0,
            listed_nano: i64::MAX,
            relisting: None,
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
        self.compare_clocks(&stream);
        let asked_nano = self.daemon_now_nano();
        let answer = transport.get(Call::List).await?;
        let listed = parse(&answer)?;
        tracing::info!("connected to engine {} by API {api}", self.version.version);
        self.silence.broken(Instant::now());
        let since_millis = clock::now_millis();
        self.tell(Update::Daemon(DaemonState::Live { since_millis }))
            .await;
        self.listed(listed, asked_nano, answer.date_secs).await;
        self.ask_for_engine();
        // not before: nobody reads the stream while the list is awaited
        self.begin_joining();
        Ok(stream)
    }

    /// What the stream brings first is to be joined to what is known.
    fn adopt(&mut self, stream: &Lines) {
        self.compare_clocks(stream);
        self.begin_joining();
    }

    fn begin_joining(&mut self) {
        self.joining = Some(Joining::new(self.link.pace.join.clone(), Instant::now()));
    }

    fn compare_clocks(&mut self, stream: &Lines) {
        if let Some(date) = stream.date_secs() {
            let skew = date.saturating_mul(1_000_000_000) - clock::now_nano();
            self.skew_nano = if skew.abs() > NO_SKEW_NANO { skew } else { 0 };
        }
    }

    async fn live(&mut self, mut stream: Lines) -> Failure {
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

    /// A stream that something in between has cut goes on without a word, if the daemon is there and is the same.
    async fn resumed(&mut self) -> Option<Lines> {
        let transport = &self.link.transport;
        let since_nano = self.past.since_nano(self.daemon_now_nano());
        let anew = async {
            let version = info::version(transport).await.ok()?;
            if version != self.version {
                return None;
            }
            transport.stream(Call::Events { since_nano }).await.ok()
        };
        let stream = timeout(RESUME_WITHIN, anew).await.ok()??;
        self.silence.broken(Instant::now());
        self.adopt(&stream);
        Some(stream)
    }

    /// What the stream has at hand while its backlog is gathered.
    fn still_joins(&self, stream: &mut Lines) -> Option<Result<Option<Line>, Failure>> {
        let joining = self.joining.as_ref()?;
        if joining.is_over(Instant::now()) {
            return None;
        }
        stream.next().now_or_never()
    }

    async fn line(&mut self, line: Line) {
        let now = Instant::now();
        self.silence.broken(now);
        let (parsed, bytes) = match line {
            Line::Whole(line) => (events::parse(&line), line.len()),
            Line::TooLong => (Err("it is too long".to_owned()), 0),
        };
        match parsed {
            Ok(event) => match &mut self.joining {
                Some(joining) => joining.take_in(event, bytes, now),
                None => {
                    if self.past.admit(&event) {
                        self.link.tally.count_event(&event);
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
            self.gap(gap).await;
            // what it told about a container is lost
            self.relist();
        }
    }

    /// One at a time.
    fn relist(&mut self) {
        match &mut self.relisting {
            Some(relisting) => relisting.again = true,
            None => {
                self.relisting = Some(Relisting::default());
                self.jobs.relist(self.daemon_now_nano());
            }
        }
    }

    async fn join(&mut self) {
        let Some(mut joining) = self.joining.take() else {
            return;
        };
        // a gap is told only where what is known did not come in all the time it had
        if !self.broken.daemon_was_down
            && self.past.misses(&joining.backlog)
            && joining.wait_on(Instant::now())
        {
            self.joining = Some(joining);
            return;
        }
        let just_listed = !std::mem::replace(&mut self.joined, true);
        let broken = std::mem::take(self.broken);
        let now_nano = self.daemon_now_nano();
        let remembers = self.past.is_new();
        let (gap, fresh) = self.past.join(joining.backlog, broken, now_nano);
        if let Some(gap) = gap {
            self.gap(gap).await;
            if !just_listed {
                // what happened in the gap is not known
                self.relist();
            }
        }
        for event in fresh {
            // what was before the bridge began may have been counted by the one before it
            if !remembers || event.time_nano >= self.listed_nano {
                self.link.tally.count_event(&event);
            }
            self.event(event).await;
        }
        if joining.unreadable {
            self.unreadable().await;
        }
    }

    async fn gap(&self, gap: Gap) {
        self.link.tally.count_gap(&gap);
        self.tell(Update::Gap(gap)).await;
    }

    async fn event(&mut self, event: Event) {
        let current = event.time_nano >= self.listed_nano;
        if current && usage::may_change(&event) {
            self.link.usage_changes.send_modify(|changes| *changes += 1);
        }
        if current && event.kind == "daemon" && event.action == "reload" {
            self.ask_for_engine();
        }
        if let Some(relisting) = self.relisting.as_mut().filter(|_| current) {
            if relisting.heard.len() < MOST_HEARD {
                relisting.heard.push(event.clone());
            } else {
                relisting.again = true;
            }
        }
        // the event first: whoever reads both sees the cause before its effect
        self.tell(Update::Event(event.clone())).await;
        if current {
            self.follow(&event).await;
        }
    }

    /// What the event does to the fleet.
    async fn follow(&mut self, event: &Event) {
        let outcome = self.fleet.apply(event, self.daemon_now_millis());
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

    /// `asked_nano`: when it was asked for, by the daemon's clock. The answer's own date is that of its end, and what
    /// happened while the daemon gathered it may not be in it.
    async fn listed(&mut self, listed: Listed, asked_nano: i64, date_secs: Option<i64>) {
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

    /// A stream that must begin anew is given back.
    async fn done(&mut self, done: Done) -> Result<Option<Lines>, Failure> {
        match done {
            Done::Inspected(id, answer) => self.inspected(&id, answer).await,
            Done::Relisted { asked_nano, answer } => {
                let answer = answer?;
                let relisting = self.relisting.take().unwrap_or_default();
                self.listed(parse(&answer)?, asked_nano, answer.date_secs)
                    .await;
                for event in &relisting.heard {
                    self.follow(event).await;
                }
                if relisting.again {
                    self.relist();
                }
            }
            Done::Engine(engine) => match *engine {
                Ok(engine) => self.tell(Update::Engine(Box::new(engine))).await,
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
                if self.fleet.has(id) {
                    self.queue.failed(id, Instant::now());
                }
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
