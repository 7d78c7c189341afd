use std::{collections::BTreeMap, sync::Arc, time::Duration};

use protocol::{Container, ContainerKey, DaemonState, EngineInfo, UsageState};
use tokio::{sync::oneshot, time::Instant};

use super::{interest::Look, statistics::Row};

/// All that is known at one moment, for those who ask once. It shares the containers with the hub.
#[derive(Debug, Clone)]
pub struct Picture {
    /// This run of the bridge.
    pub epoch: u64,
    /// Unix milliseconds of the bridge's clock.
    pub at_millis: u64,
    /// Where the daemon is reached, as the docker command would write it.
    pub endpoint: String,
    /// The bridge serves its own made-up engine.
    pub demo: bool,
    pub daemon: DaemonState,
    /// The containers are those that the daemon has now. Otherwise they are those that it had when it was last live.
    pub is_current: bool,
    pub engine: Option<Box<EngineInfo>>,
    /// The status with which the daemon's facts are refused: of `engine` only the versions are known then.
    pub info_refused: Option<u16>,
    /// In the order in which they became known.
    pub containers: Vec<Arc<Container>>,
    /// The newest figures of those containers of which there are any.
    pub readings: BTreeMap<ContainerKey, Reading>,
    /// What all containers use together; known only while the statistics of all are read.
    pub sum: Option<Row>,
    /// The last reading of the disk usage, however old.
    pub usage: UsageState,
    pub timeline: Extent,
    /// Open live sockets.
    pub viewers: usize,
}

/// One container's figures, and when they were sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub row: Row,
    /// CPU time since the container began; `None` where the daemon counts none.
    pub cpu_nanos: Option<u64>,
    /// Unix milliseconds of the bridge's clock.
    pub sampled_at_millis: u64,
}

/// Which places of the timeline are kept: from `oldest` up to, and without, `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub oldest: u64,
    pub next: u64,
}

/// One who asked once and may have to wait.
pub struct Visitor {
    pub look: Look,
    /// So long it is taken for a viewer.
    pub stay: Duration,
    /// Then it gets what there is.
    pub until: Instant,
    pub answer: oneshot::Sender<Arc<Picture>>,
}
