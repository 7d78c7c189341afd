//! One owner of what is known of one engine: the fleet, the timeline, the past of the statistics, the disk usage,
//! and what all viewers look at.
//!
//! It is one task; nobody else holds any of it. The engine's side tells it what is so ([`Update`]) and hears from it
//! what is wanted ([`Demand`]); viewers are told what changed, each at its own pace.

mod fleet;
mod frame;
mod history;
mod interest;
mod keep;
mod kept;
mod picture;
mod reader;
mod statistics;
mod task;
mod timeline;
mod viewer;

#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use protocol::{ClientMsg, DaemonState, Encoding, Entry, Event, Item};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    engine::{Demand, Update},
    store::{self, Store},
};

pub use frame::Frame;
pub use interest::{Look, VISIT};
pub use keep::Keeper;
use picture::Visitor;
pub use picture::{Extent, Picture, Reading};
pub use reader::{Reader, Run};
pub use statistics::Row;
use timeline::Timeline;
use viewer::{Cursor, ViewerId};

/// How many commands of all viewers wait for the hub.
const COMMANDS: usize = 256;
/// How many of the stored entries are looked at to join the daemon's stream to them.
const LAST_EVENTS: usize = 1024;

pub struct Config {
    /// Where the daemon is reached, as the docker command would write it.
    pub endpoint: String,
    /// The engine is our own made-up one.
    pub demo: bool,
    /// Unix milliseconds.
    pub clock: Box<dyn Fn() -> u64 + Send>,
    pub past: Option<Past>,
}

/// What earlier runs of the bridge left.
pub struct Past {
    pub store: Arc<Store>,
    /// The newest entries in it, so many as [`RING`] says.
    pub tail: Vec<Entry>,
    /// The newest time of all that is before those.
    pub newest_nano: Option<i64>,
}

impl Past {
    /// So many as the daemon's ring may hold, and more.
    pub fn last_events(&self) -> Vec<Event> {
        let newest = self.tail.len().saturating_sub(LAST_EVENTS);
        let events = self.tail[newest..].iter();
        events
            .filter_map(|entry| match &entry.item {
                Item::Event(event) => Some(event.clone()),
                Item::Gap(_) => None,
            })
            .collect()
    }
}

/// How much of the timeline is in memory.
pub const RING: store::Bounds = store::Bounds {
    entries: timeline::MAX_ENTRIES,
    bytes: timeline::MAX_BYTES,
};
/// How much is read from the disk at once.
const PAGE: store::Bounds = store::Bounds {
    entries: timeline::FRAME_ENTRIES,
    bytes: timeline::FRAME_BYTES,
};

/// Unix milliseconds of this machine's clock.
pub fn wall_clock() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as u64)
}

/// The millisecond of a moment,
pub fn millis(nano: i64) -> u64 {
    u64::try_from(nano / 1_000_000).unwrap_or(0)
}

/// and the last moment of a millisecond.
pub fn end_nano(millis: u64) -> i64 {
    i64::try_from(millis)
        .unwrap_or(i64::MAX)
        .saturating_mul(1_000_000)
        .saturating_add(999_999)
}

/// A run of the bridge: later runs have greater numbers, and JavaScript can hold them.
fn new_epoch() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |since| since.as_micros() as u64)
}

/// The way to the hub. Clones lead to the same one.
#[derive(Clone)]
pub struct Hub {
    commands: mpsc::Sender<Command>,
    viewers: Arc<AtomicU64>,
    /// This run of the bridge.
    epoch: u64,
    /// The place that the timeline's next entry will have.
    timeline: watch::Receiver<u64>,
    store: Option<Arc<Store>>,
    sent: Arc<Sent>,
}

/// What all viewers took so far.
#[derive(Debug, Default)]
pub struct Sent {
    frames: AtomicU64,
    bytes: AtomicU64,
}

enum Command {
    Attach {
        id: ViewerId,
        encoding: Encoding,
        outbox: mpsc::Sender<Frame>,
    },
    Say(ViewerId, ClientMsg),
    Daemon(oneshot::Sender<DaemonState>),
    Picture(oneshot::Sender<Arc<Picture>>),
    Look(Visitor),
    Read(Cursor, reader::Answer),
    Reach(i64, oneshot::Sender<Reach>),
}

/// What of the ring is of a time or earlier.
struct Reach {
    /// The last place of that.
    last: Option<u64>,
    /// The last place there is.
    newest: u64,
    /// The earliest time of all in it.
    earliest_nano: Option<i64>,
}

/// One viewer's two ends. The hub forgets the viewer when this is dropped.
pub struct Attached {
    id: ViewerId,
    hub: Hub,
    frames: mpsc::Receiver<Frame>,
}

/// The hub has ended, with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

/// Begins the hub's task. It ends when `cancel` says so.
pub fn spawn(
    mut config: Config,
    updates: mpsc::Receiver<Update>,
    demand: watch::Sender<Demand>,
    cancel: CancellationToken,
) -> Hub {
    let (commands, inbox) = mpsc::channel(COMMANDS);
    let (store, timeline) = match config.past.take() {
        Some(past) => {
            let next = past.store.next();
            let timeline = Timeline::after(new_epoch(), &past.tail, next, past.newest_nano);
            (Some(past.store), timeline)
        }
        None => (None, Timeline::new(new_epoch())),
    };
    let epoch = timeline.epoch();
    let (next, places) = watch::channel(timeline.next());
    let task = task::Task::new(config, timeline, store.clone(), next, demand);
    tokio::spawn(task.run(updates, inbox, cancel));
    Hub {
        commands,
        viewers: Arc::new(AtomicU64::new(1)),
        epoch,
        timeline: places,
        store,
        sent: Arc::default(),
    }
}

impl Hub {
    pub async fn attach(&self, encoding: Encoding) -> Result<Attached, Ended> {
        let id = self.viewers.fetch_add(1, Ordering::Relaxed);
        let (outbox, frames) = mpsc::channel(viewer::OUTBOX);
        self.command(Command::Attach {
            id,
            encoding,
            outbox,
        })
        .await?;
        Ok(Attached {
            id,
            hub: self.clone(),
            frames,
        })
    }

    pub async fn daemon(&self) -> Result<DaemonState, Ended> {
        let (answer, state) = oneshot::channel();
        self.command(Command::Daemon(answer)).await?;
        state.await.map_err(|_| Ended)
    }

    /// What is known now. The daemon is asked for nothing because of it.
    pub async fn picture(&self) -> Result<Arc<Picture>, Ended> {
        let (answer, picture) = oneshot::channel();
        self.command(Command::Picture(answer)).await?;
        picture.await.map_err(|_| Ended)
    }

    /// What is known once what `look` names is known, or as much of it as there is after `patience`.
    /// Whoever asks so is taken for a viewer of it for [`VISIT`].
    pub async fn look(&self, look: Look, patience: Duration) -> Result<Arc<Picture>, Ended> {
        self.look_and_stay(look, patience, VISIT).await
    }

    /// As [`Self::look`], and is taken for a viewer for the time `stay`.
    pub async fn look_and_stay(
        &self,
        look: Look,
        patience: Duration,
        stay: Duration,
    ) -> Result<Arc<Picture>, Ended> {
        let (answer, picture) = oneshot::channel();
        self.command(Command::Look(Visitor {
            look,
            stay,
            until: Instant::now() + patience,
            answer,
        }))
        .await?;
        picture.await.map_err(|_| Ended)
    }

    /// This run of the bridge.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Reads the timeline from its begin, which is on the disk if it is kept there.
    pub fn read(&self) -> Reader {
        Reader::new(self.clone())
    }

    /// Where the timeline is kept, if it is.
    pub fn store(&self) -> Option<&Arc<Store>> {
        self.store.as_ref()
    }

    /// Once its task has ended, which before the end of the bridge only a panic makes.
    pub async fn ended(&self) {
        self.commands.closed().await;
    }

    pub fn sent(&self) -> &Sent {
        &self.sent
    }

    async fn command(&self, command: Command) -> Result<(), Ended> {
        self.commands.send(command).await.map_err(|_| Ended)
    }
}

impl Sent {
    pub fn frames(&self) -> u64 {
        self.frames.load(Ordering::Relaxed)
    }

    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    fn count(&self, frame: &Frame) {
        self.frames.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(frame.len() as u64, Ordering::Relaxed);
    }
}

impl Attached {
    /// The next frame for the viewer; `None` when the hub has ended.
    pub async fn next(&mut self) -> Option<Frame> {
        let frame = self.frames.recv().await?;
        self.hub.sent.count(&frame);
        Some(frame)
    }

    /// As [`Self::next`], only where one waits already.
    pub fn next_waiting(&mut self) -> Option<Frame> {
        let frame = self.frames.try_recv().ok()?;
        self.hub.sent.count(&frame);
        Some(frame)
    }

    pub async fn say(&self, message: ClientMsg) -> Result<(), Ended> {
        self.hub.command(Command::Say(self.id, message)).await
    }
}
