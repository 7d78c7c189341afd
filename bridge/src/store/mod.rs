//! The timeline on disk: what survives the bridge.
//!
//! One file of an embedded database in the folder that `--data-dir` names. Rows are keyed by the entry's place, which
//! goes on counting from one run of the bridge to the next, so that the ring's entries and the stored ones are one
//! sequence. All calls here that touch the file block; the `async` ones do so on threads of their own.

mod error;
mod falls;
mod file;
mod row;
mod state;

#[cfg(test)]
mod tests;

use std::{
    path::PathBuf,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use protocol::Entry;
use tokio::sync::Semaphore;

pub use error::OpenError;
use error::WriteError;
use file::{File, Kept, Limits};
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
    /// Of the file.
    pub max_bytes: u64,
}

impl Options {
    /// Of the rows. The database's file doubles when it is full, and has a tenth besides.
    fn rows_bytes(&self) -> u64 {
        self.max_bytes / 9 * 4
    }
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
    reads: Arc<Semaphore>,
    /// How many bytes of rows the file had room for so far.
    rows_bytes: AtomicU64,
}

impl Store {
    /// Opens the folder's file, or makes both. `subject` names the daemon: a folder holds the past of one.
    /// A full disk is no error: what is there is read, and writing is tried again.
    pub fn open(options: Options, subject: &str, now_millis: u64) -> Result<Self, OpenError> {
        let (file, kept) = match File::open_or_replace(&options.folder, subject) {
            Ok(file) => {
                let path = options.folder.join(FILE_NAME);
                let kept = file.kept().map_err(|error| error.at_open(path))?;
                (Some(file), kept)
            }
            // Without a file there is no past that the places of this run were to go on from.
            Err(OpenError::Full(path, error)) if !path.exists() => {
                let store = Self::new(options, subject, None, Standing::new(&Kept::NOTHING));
                store.fail(&OpenError::Full(path, error).into());
                return Ok(store);
            }
            Err(error) => return Err(error),
        };
        let store = Self::new(options, subject, file, Standing::new(&kept));
        match store.fit(now_millis) {
            Ok(kept) => store.standing.wrote(0, &kept),
            Err(error) => store.fail(&error),
        }
        Ok(store)
    }

    /// One that keeps nothing, where what is in the folder can be neither read nor replaced.
    pub fn refused(options: Options, subject: &str) -> Self {
        let standing = Standing::new(&Kept::NOTHING);
        standing.refuse();
        Self::new(options, subject, None, standing)
    }

    fn new(options: Options, subject: &str, file: Option<File>, standing: Standing) -> Self {
        Self {
            rows_bytes: AtomicU64::new(options.rows_bytes()),
            options,
            subject: subject.to_owned(),
            file: RwLock::new(file),
            standing,
            reads: Arc::new(Semaphore::new(READS)),
        }
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

    /// The newest entries that there were at this time, and the one after them, which may be a gap that began before: oldest
    /// first, without a hole among them.
    pub async fn until(self: &Arc<Self>, nano: i64, bounds: Bounds) -> Vec<Entry> {
        self.read(move |file| {
            let last = file.last_until(nano)?.unwrap_or(0);
            file.before(last.saturating_add(2), bounds)
        })
        .await
    }

    /// The oldest entries from the place `seq` on.
    pub async fn from(self: &Arc<Self>, seq: u64, bounds: Bounds) -> Vec<Entry> {
        self.read(move |file| file.from(seq, bounds)).await
    }

    /// The last place with an entry of this time or earlier.
    pub async fn last_until(self: &Arc<Self>, nano: i64) -> Option<u64> {
        self.read(move |file| file.last_until(nano)).await
    }

    /// The earliest time of all entries, but for what is out of order as it may be.
    pub async fn earliest_nano(self: &Arc<Self>) -> Option<i64> {
        self.read(File::earliest_nano).await
    }

    /// The newest time of all entries before a place, those that were let go too.
    pub async fn newest_before(self: &Arc<Self>, seq: u64) -> Option<i64> {
        self.read(move |file| file.newest_before(seq)).await
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
        if self.state() == State::Refused {
            return false;
        }
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
        let kept = {
            let file = self.file.read().unwrap_or_else(PoisonError::into_inner);
            let file = file.as_ref().ok_or(WriteError::Closed)?;
            file.append(entries, now_millis, self.limits())?
        };
        if kept.file_bytes > self.options.max_bytes {
            return self.shrink(now_millis);
        }
        Ok(kept)
    }

    /// For what is there already.
    fn fit(&self, now_millis: u64) -> Result<Kept, WriteError> {
        let mut file = self.file.write().unwrap_or_else(PoisonError::into_inner);
        let file = file.as_mut().ok_or(WriteError::Closed)?;
        let mut kept = self.trim(file, now_millis)?;
        if kept.file_bytes > self.options.max_bytes {
            kept.file_bytes = file.compact()?;
        }
        Ok(kept)
    }

    /// Long entries leave more of the file unused than others, so that fewer bytes of them have room in it.
    fn shrink(&self, now_millis: u64) -> Result<Kept, WriteError> {
        let mut file = self.file.write().unwrap_or_else(PoisonError::into_inner);
        let file = file.as_mut().ok_or(WriteError::Closed)?;
        loop {
            let fewer = self.rows_bytes.load(Relaxed) / 4 * 3;
            self.rows_bytes.store(fewer, Relaxed);
            let mut kept = self.trim(file, now_millis)?;
            kept.file_bytes = file.compact()?;
            if kept.file_bytes <= self.options.max_bytes || kept.entries == 0 {
                return Ok(kept);
            }
        }
    }

    /// More than one step can let go, where it was away for long or the bounds are new.
    fn trim(&self, file: &File, now_millis: u64) -> Result<Kept, WriteError> {
        let mut kept = file.append(&[], now_millis, self.limits())?;
        loop {
            let before = kept.entries;
            kept = file.append(&[], now_millis, self.limits())?;
            if kept.entries == before {
                return Ok(kept);
            }
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            keep: self.options.keep,
            bytes: self.rows_bytes.load(Relaxed),
        }
    }

    fn reopen_if_closed(&self) -> Result<(), WriteError> {
        let mut file = self.file.write().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            *file = Some(File::open(&self.options.folder, &self.subject)?);
        }
        Ok(())
    }

    /// After a failure the database gives and takes nothing more, and is opened anew: what is there can still be read.
    fn fail(&self, error: &WriteError) {
        let mut file = self.file.write().unwrap_or_else(PoisonError::into_inner);
        *file = None;
        *file = File::open(&self.options.folder, &self.subject).ok();
        let kept = file.as_ref().and_then(|file| file.kept().ok());
        if self.standing.failed(kept.as_ref()) {
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
        // It is never closed. Whoever does not wait for the end leaves the reading under way, and its place with it.
        let place = self.reads.clone().acquire_owned().await;
        let store = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _place = place;
            store.look(look)
        })
        .await;
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
