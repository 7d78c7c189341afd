//! The timeline on disk: what survives the bridge.
//!
//! One file of an embedded database in the folder that `--data-dir` names. Rows are keyed by the entry's place, which
//! goes on counting from one run of the bridge to the next, so that the ring's entries and the stored ones are one
//! sequence. All calls here that touch the file block; the `async` ones do so on threads of their own.

mod error;
mod file;
mod row;
mod state;

#[cfg(test)]
mod tests;

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use protocol::Entry;
use tokio::sync::Semaphore;

pub use error::OpenError;
use error::WriteError;
use file::{File, Kept};
pub use row::nano;
use state::Standing;
pub use state::{Figures, State};

/// The name of the file in the folder.
pub const FILE_NAME: &str = "timeline.redb";
/// So many reads are under way at once.
const READS: usize = 2;

/// Where the timeline is kept, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub folder: PathBuf,
    /// What was written longer ago is let go.
    pub keep: Duration,
    /// Of the entries and what belongs to them. The file is up to about twice as large.
    pub max_bytes: u64,
}

/// A page of entries: at most so many, and no more bytes unless a single one has more.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub entries: usize,
    pub bytes: usize,
}

/// Which places are kept: from `oldest` up to, and without, `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub oldest: u64,
    pub next: u64,
}

pub struct Store {
    options: Options,
    subject: String,
    /// `None` after a failure, until it can be opened anew.
    file: RwLock<Option<File>>,
    standing: Standing,
    reads: Semaphore,
}

impl Store {
    /// Opens the folder's file, or makes both. `subject` names the daemon: a folder holds the past of one.
    pub fn open(options: Options, subject: &str, now_millis: u64) -> Result<Self, OpenError> {
        let mut file = File::open_or_replace(&options.folder, subject)?;
        let kept = file.shrink(now_millis, &options)?;
        let standing = Standing::new(&kept);
        Ok(Self {
            options,
            subject: subject.to_owned(),
            file: RwLock::new(Some(file)),
            standing,
            reads: Semaphore::new(READS),
        })
    }

    /// The place that the first entry of a new run has.
    pub fn next(&self) -> u64 {
        self.standing.next()
    }

    /// What can be read now; `None` while there is nothing, or the file cannot be read.
    pub fn extent(&self) -> Option<Extent> {
        self.standing.extent()
    }

    pub fn state(&self) -> State {
        self.standing.state()
    }

    pub fn figures(&self) -> Figures {
        self.standing.figures()
    }

    /// The newest entries, to begin a run with.
    pub fn tail(&self, bounds: Bounds) -> Vec<Entry> {
        self.look(|file| file.before(u64::MAX, bounds))
    }

    /// The newest entries before the place `seq`, oldest first, without a hole among them.
    pub async fn before(self: &Arc<Self>, seq: u64, bounds: Bounds) -> Vec<Entry> {
        self.read(move |file| file.before(seq, bounds)).await
    }

    /// The oldest entries from the place `seq` on.
    pub async fn from(self: &Arc<Self>, seq: u64, bounds: Bounds) -> Vec<Entry> {
        self.read(move |file| file.from(seq, bounds)).await
    }

    /// The first place from which on there can be an entry of this time or later. All that are later are behind it.
    pub async fn place_of(self: &Arc<Self>, nano: i64) -> u64 {
        self.read(move |file| file.place_of(nano)).await
    }

    /// Writes the entries, all or none, and lets go what is beyond the bounds.
    /// Gives whether they are on the disk; if not, the state says why, and the same may be tried again.
    pub async fn append(self: &Arc<Self>, entries: Arc<Vec<Entry>>, now_millis: u64) -> bool {
        let store = self.clone();
        let written = tokio::task::spawn_blocking(move || store.write(&entries, now_millis)).await;
        match written {
            Ok(written) => written,
            Err(panic) => {
                self.fail(&WriteError::of_panic(&panic));
                false
            }
        }
    }

    fn write(&self, entries: &[Entry], now_millis: u64) -> bool {
        match self.try_write(entries, now_millis) {
            Ok(kept) => {
                self.standing.wrote(entries.len(), &kept);
                true
            }
            Err(error) => {
                self.fail(&error);
                false
            }
        }
    }

    fn try_write(&self, entries: &[Entry], now_millis: u64) -> Result<Kept, WriteError> {
        self.reopen_if_closed()?;
        let file = self.file.read().unwrap_or_else(PoisonError::into_inner);
        let file = file.as_ref().ok_or(WriteError::Closed)?;
        file.append(entries, now_millis, &self.options)
    }

    /// After a failure the database takes nothing more, and is to be opened anew.
    fn reopen_if_closed(&self) -> Result<(), WriteError> {
        let mut file = self.file.write().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            *file = Some(File::open(&self.options.folder, &self.subject)?);
        }
        Ok(())
    }

    fn fail(&self, error: &WriteError) {
        let mut file = self.file.write().unwrap_or_else(PoisonError::into_inner);
        *file = None;
        if self.standing.failed() {
            tracing::warn!(
                "the timeline is not written to {} ({error}); it goes on in memory, and writing is tried again",
                self.options.folder.display()
            );
        }
    }

    async fn read<T, F>(self: &Arc<Self>, look: F) -> T
    where
        T: Default + Send + 'static,
        F: FnOnce(&File) -> Result<T, redb::Error> + Send + 'static,
    {
        // It is never closed.
        let _place = self.reads.acquire().await;
        let store = self.clone();
        let read = tokio::task::spawn_blocking(move || store.look(look)).await;
        read.unwrap_or_default()
    }

    fn look<T: Default>(&self, look: impl FnOnce(&File) -> Result<T, redb::Error>) -> T {
        let file = self.file.read().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = file.as_ref() else {
            return T::default();
        };
        look(file).unwrap_or_else(|error| {
            tracing::warn!("the stored timeline cannot be read: {error}");
            T::default()
        })
    }
}
