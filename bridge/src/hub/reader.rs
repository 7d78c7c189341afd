use protocol::Entry;
use tokio::sync::{oneshot, watch};

use super::{Command, Ended, Hub, viewer::Cursor};

/// A way through the timeline from its begin, at the reader's own pace: the hub keeps nothing for it.
pub struct Reader {
    hub: Hub,
    cursor: Cursor,
    /// The place that the next entry will have.
    next: watch::Receiver<u64>,
}

/// Entries in order, at most as many as one frame carries. What the ring lost before the reader got there is told as a
/// gap in front of them, which has the place of the last entry lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// This run of the bridge.
    pub epoch: u64,
    /// None: the reader has all that there is.
    pub entries: Vec<Entry>,
}

/// What the hub answers: the run, and where the reader is after it.
pub(super) type Answer = oneshot::Sender<(Run, Cursor)>;

impl Reader {
    pub(super) fn new(hub: Hub) -> Self {
        Self {
            next: hub.timeline.clone(),
            hub,
            cursor: Cursor::BEGIN,
        }
    }

    pub async fn next(&mut self) -> Result<Run, Ended> {
        let (answer, run) = oneshot::channel();
        self.hub.command(Command::Read(self.cursor, answer)).await?;
        let (run, cursor) = run.await.map_err(|_| Ended)?;
        self.cursor = cursor;
        Ok(run)
    }

    /// Returns when there is an entry that the reader has not got.
    pub async fn wait(&mut self) -> Result<(), Ended> {
        let has = self.cursor.next;
        let news = self.next.wait_for(|&next| next > has);
        news.await.map(|_| ()).map_err(|_| Ended)
    }
}
