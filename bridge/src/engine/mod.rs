//! The daemon's side: the only code that knows the Engine API.
//!
//! It is told what is wanted ([`Demand`]) and tells what is so ([`Update`]); nothing else crosses.

mod clock;
mod containers;
mod endpoint;
mod events;
mod info;
mod lenient;
mod link;
mod redact;
mod rfc3339;
mod sample;
mod sentinel;
pub mod stats;
pub mod transport;
pub mod usage;
mod value;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use protocol::{Container, DaemonState, EngineInfo, Event, Gap, UsageState};
use tokio::sync::{mpsc, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use self::{
    containers::{Pace as InspectionPace, status as status_sentence},
    endpoint::{Endpoint, EndpointError, TlsWish},
    events::{EventClass, EventCounts, Pace as JoinPace, Tally},
    link::{BackoffPace, PatiencePace, SilencePace},
    sample::{Counters, Rates, Sample},
    transport::tls::words as tls_words,
};
use self::{
    link::{Link, Standing, Updates},
    sentinel::Sentinel,
    stats::Streams,
    transport::{Costs, Limits, Transport},
    usage::Reader,
};

/// Crates that log whole answers of the daemon, which may hold secrets: nothing of theirs below a warning is logged.
pub const TELLTALES: [&str; 3] = ["bollard", "hyper", "hyper_util"];

/// A container's full id: 64 hexadecimal digits.
pub type Id = Arc<str>;

/// What the engine's side has learnt, in the order in which the hub must apply it.
#[derive(Debug)]
pub enum Update {
    Daemon(DaemonState),
    Engine(Box<EngineInfo>),
    /// The status with which `/info` is refused, if it is: of the engine's facts only the versions are known.
    InfoRefused(Option<u16>),
    /// The whole fleet, after each connect: what is not in it is gone. Keys are not set.
    Listed(Vec<Container>),
    /// One container that is new or different. Its key is not set.
    Changed(Box<Container>),
    Gone(Id),
    Event(Event),
    Gap(Gap),
    Sample(Id, Sample),
    /// The container's figures are no longer known: it stopped, or its stream did.
    SampleLost(Id),
    Usage(UsageState),
}

/// What the viewers look at, all together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// There is a viewer, whatever it looks at: the engine's own facts are kept fresh.
    pub watched: bool,
    pub stats: StatsDemand,
    pub usage: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StatsDemand {
    #[default]
    None,
    Some(BTreeSet<Id>),
    All,
}

impl StatsDemand {
    pub fn wants(&self, id: &str) -> bool {
        match self {
            Self::None => false,
            Self::Some(ids) => ids.contains(id),
            Self::All => true,
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Config {
    pub endpoint: Endpoint,
    pub pace: Pace,
    /// The last events that an earlier run of the bridge wrote down, oldest first: the stream is joined to them.
    pub stored: Vec<Event>,
}

/// All times of the daemon's side.
#[derive(Debug, Clone)]
pub struct Pace {
    pub limits: Limits,
    pub backoff: BackoffPace,
    pub silence: SilencePace,
    pub patience: PatiencePace,
    pub join: JoinPace,
    pub inspections: InspectionPace,
    pub stats: stats::Pace,
    pub usage: usage::Pace,
    /// How often the engine's own facts are read again while anybody watches.
    pub engine_every: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            backoff: BackoffPace::default(),
            silence: SilencePace::default(),
            patience: PatiencePace::default(),
            join: JoinPace::default(),
            inspections: InspectionPace::default(),
            stats: stats::Pace::default(),
            usage: usage::Pace::default(),
            engine_every: Duration::from_secs(60),
        }
    }
}

/// The daemon's side at work.
#[derive(Debug)]
pub struct Handle {
    tasks: TaskTracker,
    counts: Counts,
    broken: CancellationToken,
}

/// What the engine's side counts while it works.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// What the daemon was asked so far, and what it cost.
    pub costs: Arc<Costs>,
    /// The events and gaps so far.
    pub tally: Arc<Tally>,
}

impl Handle {
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Once one of its tasks has panicked: what is known is then no longer kept true, and nothing but a new beginning
    /// mends that.
    pub async fn broken(&self) {
        self.broken.cancelled().await;
    }

    /// Once all is over, which is soon after `cancel`.
    pub async fn ended(&self) {
        self.tasks.wait().await;
    }
}

/// Begins to watch the daemon, and goes on until `cancel`, or until nobody takes updates or states a demand.
pub fn spawn(
    config: Config,
    demand: watch::Receiver<Demand>,
    updates: mpsc::Sender<Update>,
    cancel: CancellationToken,
) -> Handle {
    let Config {
        endpoint,
        pace,
        stored,
    } = config;
    let counts = Counts::default();
    let transport = Transport::new(endpoint, pace.limits.clone(), counts.costs.clone());
    let updates = Updates {
        to: updates,
        cancel: cancel.clone(),
    };
    let (standing, stands) = watch::channel(Standing::default());
    let (usage_changes, changes) = watch::channel(0);

    let streams = Streams {
        pace: pace.stats.clone(),
        transport: transport.clone(),
        demand: demand.clone(),
        standing: stands.clone(),
        updates: updates.clone(),
    };
    let usage = Reader {
        pace: pace.usage.clone(),
        transport: transport.clone(),
        demand: demand.clone(),
        standing: stands,
        changes,
        updates: updates.clone(),
    };
    let link = Link {
        pace,
        transport,
        demand,
        updates,
        standing,
        usage_changes,
        tally: counts.tally.clone(),
        stored,
    };

    let tasks = TaskTracker::new();
    let broken = CancellationToken::new();
    let streams = cancel.clone().run_until_cancelled_owned(streams.run());
    let usage = cancel.clone().run_until_cancelled_owned(usage.run());
    let link = cancel.run_until_cancelled_owned(link.run());
    tasks.spawn(Sentinel::new("statistics", &broken).beside(streams));
    tasks.spawn(Sentinel::new("disk usage", &broken).beside(usage));
    tasks.spawn(Sentinel::new("connection", &broken).beside(link));
    tasks.close();
    Handle {
        tasks,
        counts,
        broken,
    }
}
