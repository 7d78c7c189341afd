//! The hub from outside: scripted updates go in, frames of viewers and the demand come out.

mod fleet;
mod pace;
mod picture;
mod statistics;
mod stored;
mod timeline;

use std::{sync::Arc, time::Duration};

use protocol::{
    ClientMsg, Container, Encoding, Event, EventsWanted, Interest, Position, ServerMsg, Snapshot,
    State, StatsWanted,
};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Attached, Config, Hub};
use crate::engine::{Demand, Sample, Update};

/// What the test's clock shows at its start; it goes with tokio's paused time.
const START_MILLIS: u64 = 1_700_000_000_000;
const UPDATES: usize = 64;

struct Bench {
    hub: Hub,
    updates: mpsc::Sender<Update>,
    demand: watch::Receiver<Demand>,
    clock: Arc<dyn Fn() -> u64 + Send + Sync>,
    _end: DropGuard,
}

impl Bench {
    fn new() -> Self {
        Self::after(None)
    }

    fn after(past: Option<super::Past>) -> Self {
        let begin = Instant::now();
        let clock: Arc<dyn Fn() -> u64 + Send + Sync> =
            Arc::new(move || START_MILLIS + begin.elapsed().as_millis() as u64);
        let hub_clock = clock.clone();
        let (updates, inbox) = mpsc::channel(UPDATES);
        let (wanted, demand) = watch::channel(Demand::default());
        let cancel = CancellationToken::new();
        let config = Config {
            endpoint: "unix:///test.sock".to_owned(),
            demo: false,
            clock: Box::new(move || hub_clock()),
            past,
        };
        Self {
            hub: super::spawn(config, inbox, wanted, cancel.clone()),
            updates,
            demand,
            clock,
            _end: cancel.drop_guard(),
        }
    }

    async fn tell(&self, update: Update) {
        self.updates.send(update).await.unwrap();
    }

    /// Returns when all that was told before has been taken in.
    async fn settle(&self) {
        while self.updates.capacity() < UPDATES {
            tokio::task::yield_now().await;
        }
        self.hub.daemon().await.unwrap();
    }

    async fn page(&self) -> Page {
        Page(self.hub.attach(Encoding::Postcard).await.unwrap())
    }

    /// A viewer that has its snapshot.
    async fn watching(&self, interest: Interest) -> (Page, Snapshot) {
        let mut page = self.page().await;
        page.look_at(interest).await;
        let ServerMsg::Snapshot(snapshot) = page.next().await else {
            panic!("the snapshot comes first");
        };
        let ServerMsg::Stats(stats) = page.next().await else {
            panic!("then the statistics begin anew");
        };
        assert!(stats.reset);
        (page, *snapshot)
    }

    async fn sample(&self, id: &str, cpu_percent: f64) {
        let sample = sample((self.clock)(), cpu_percent);
        self.tell(Update::Sample(id.into(), sample)).await;
    }
}

struct Page(Attached);

impl Page {
    async fn say(&self, message: ClientMsg) {
        self.0.say(message).await.unwrap();
    }

    async fn look_at(&self, interest: Interest) {
        self.say(ClientMsg::Interest(interest)).await;
    }

    async fn next(&mut self) -> ServerMsg {
        let frame = timeout(Duration::from_secs(60), self.0.next())
            .await
            .expect("a frame comes")
            .expect("the hub runs");
        Encoding::Postcard.decode(&frame).unwrap()
    }

    /// What waits for it, and nothing that is still to come.
    fn waiting(&mut self) -> Vec<ServerMsg> {
        std::iter::from_fn(|| self.0.next_waiting())
            .map(|frame| Encoding::Postcard.decode(&frame).unwrap())
            .collect()
    }
}

fn container(id: &str) -> Container {
    Container {
        id: id.to_owned(),
        name: format!("{id}-name"),
        state: State::Running,
        ..Container::default()
    }
}

fn sample(read_at_millis: u64, cpu_percent: f64) -> Sample {
    Sample {
        read_at_millis,
        cpu_percent,
        cpu_nanos: None,
        memory_used_bytes: 4096,
        memory_limit_bytes: 0,
        network: None,
        block: None,
        network_rates: None,
        block_rates: None,
        pids: None,
    }
}

fn event(time_nano: i64) -> Update {
    Update::Event(Event {
        time_nano,
        kind: "container".to_owned(),
        action: "start".to_owned(),
        ..Event::default()
    })
}

fn stats(wanted: StatsWanted) -> Interest {
    Interest {
        stats: wanted,
        ..Interest::default()
    }
}

fn events(recent: u32, after: Option<Position>) -> Interest {
    Interest {
        events: EventsWanted::Live { recent, after },
        ..Interest::default()
    }
}
