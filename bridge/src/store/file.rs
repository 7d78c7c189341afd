use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use protocol::Entry;
use redb::{
    Builder, Database, DatabaseError, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    StorageError, TableDefinition, TableHandle,
};

use super::{
    Bounds, Extent, FILE_NAME,
    error::{OpenError, WriteError},
    falls::{self, FALLS},
    row::{self, Row},
};

/// Of what is in the tables, and of the entries: to be raised with every change of them that an older bridge cannot read,
/// a new reason of gaps too. A greater one belongs to a newer version of the bridge.
const FORMAT: u64 = 1;
const ENTRIES: TableDefinition<u64, &[u8]> = TableDefinition::new("entries");
const NUMBERS: TableDefinition<&str, u64> = TableDefinition::new("numbers");
const WORDS: TableDefinition<&str, &str> = TableDefinition::new("words");
const KEY_FORMAT: &str = "format";
const KEY_BYTES: &str = "bytes";
/// The place that the next entry will have: none is given twice, though all entries were let go.
const KEY_NEXT: &str = "next";
const KEY_SUBJECT: &str = "daemon";
/// What an entry costs besides its row.
const KEY_SIZE: u64 = 8;
/// Beside the file, for what was no timeline in its place.
const ASIDE: &str = "timeline.redb.damaged";
/// The database's own memory. Its default is a gibibyte.
const CACHE: usize = 4 * 1024 * 1024;
/// One commit lets go so many entries at most.
const MOST_TRIMMED: usize = 8192;

/// The database, open.
pub struct File {
    path: PathBuf,
    database: Database,
}

/// What is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub extent: Extent,
    pub entries: u64,
    /// Of the rows and their keys.
    pub bytes: u64,
    pub file_bytes: u64,
}

impl Kept {
    pub const NOTHING: Self = Self {
        extent: Extent { oldest: 1, next: 1 },
        entries: 0,
        bytes: 0,
        file_bytes: 0,
    };
}

/// How much of it stays.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub keep: Duration,
    /// Of the rows and their keys.
    pub bytes: u64,
}

enum Fault {
    /// It is no timeline, or no longer one; why.
    Damaged(String),
    Refused(OpenError),
}

impl File {
    /// What is not a timeline is moved aside, once, and a new one begun.
    pub fn open_or_replace(folder: &Path, subject: &str) -> Result<Self, OpenError> {
        let path = folder.join(FILE_NAME);
        let why = match Self::try_open(folder, subject) {
            Ok(file) => return Ok(file),
            Err(Fault::Refused(error)) => return Err(error),
            Err(Fault::Damaged(why)) => why,
        };
        let aside = folder.join(ASIDE);
        // A second one would fill the disk, or take the place of the first.
        if fs::symlink_metadata(&aside).is_ok() || fs::rename(&path, &aside).is_err() {
            return Err(OpenError::Damaged { path, why, aside });
        }
        tracing::warn!(
            "{} cannot be read as a timeline ({why}); it is now {}, which may be deleted, and a new one begins",
            path.display(),
            aside.display()
        );
        Self::open(folder, subject)
    }

    pub fn open(folder: &Path, subject: &str) -> Result<Self, OpenError> {
        Self::try_open(folder, subject).map_err(|fault| match fault {
            Fault::Refused(error) => error,
            Fault::Damaged(why) => {
                OpenError::Database(folder.join(FILE_NAME), redb::Error::Corrupted(why))
            }
        })
    }

    fn try_open(folder: &Path, subject: &str) -> Result<Self, Fault> {
        let path = folder.join(FILE_NAME);
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| fault_of(&path, redb::Error::Io(error))
        };
        let mut make = fs::DirBuilder::new();
        make.recursive(true).mode(0o700);
        make.create(folder).map_err(io(folder))?;
        // The database makes no file of its own, so that nobody else may read it at any time.
        let made = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        let is_new = match made {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(io(&path)(error)),
        };
        let opened = Self::of(&path, subject);
        if is_new && matches!(opened, Err(Fault::Refused(OpenError::Full(..)))) {
            // What was begun is not to be taken for a damaged one.
            let _ = fs::remove_file(&path);
        }
        opened
    }

    fn of(path: &Path, subject: &str) -> Result<Self, Fault> {
        let database = Builder::new()
            .set_cache_size(CACHE)
            // A file that something else has changed is found out here, and not later by a panic.
            .set_check_integrity_on_open(true)
            .create(path)
            .map_err(|error| fault(path, error))?;
        let file = Self {
            path: path.to_owned(),
            database,
        };
        file.identify(subject)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))
            .map_err(|error| fault_of(path, redb::Error::Io(error)))?;
        Ok(file)
    }

    /// Whether it is ours, and of the daemon that is watched. A new one is from now on.
    fn identify(&self, subject: &str) -> Result<(), Fault> {
        let refused = |error: redb::Error| fault_of(&self.path, error);
        let begun = self.begin().map_err(refused)?;
        let Some((format, stored)) = begun else {
            return self.name(subject).map_err(refused);
        };
        match format {
            None => Err(Fault::Damaged(
                "it is a database of another program".to_owned(),
            )),
            Some(format) if format > FORMAT => Err(Fault::Refused(OpenError::Newer {
                path: self.path.clone(),
                format: format!("format {format}; this one knows {FORMAT}"),
            })),
            Some(_) if stored != subject => Err(Fault::Refused(OpenError::OtherDaemon {
                path: self.path.clone(),
                stored,
                watched: subject.to_owned(),
            })),
            Some(_) => Ok(()),
        }
    }

    /// The format and the daemon that are written in it; `None` where there is nothing yet.
    fn begin(&self) -> Result<Option<(Option<u64>, String)>, redb::Error> {
        let read = self.database.begin_read()?;
        let names: Vec<String> = read
            .list_tables()?
            .map(|table| table.name().to_owned())
            .collect();
        if names.is_empty() {
            return Ok(None);
        }
        if !names.iter().any(|name| name == NUMBERS.name()) {
            return Ok(Some((None, String::new())));
        }
        let Ok(numbers) = read.open_table(NUMBERS) else {
            return Ok(Some((None, String::new())));
        };
        let format = numbers.get(KEY_FORMAT)?.map(|format| format.value());
        if format.is_some_and(|format| format > FORMAT) {
            return Ok(Some((format, String::new())));
        }
        let words = read.open_table(WORDS)?;
        let subject = words.get(KEY_SUBJECT)?;
        Ok(Some((
            format,
            subject.map_or_else(String::new, |subject| subject.value().to_owned()),
        )))
    }

    fn name(&self, subject: &str) -> Result<(), redb::Error> {
        let write = self.database.begin_write()?;
        write.open_table(ENTRIES)?;
        write.open_table(NUMBERS)?.insert(KEY_FORMAT, FORMAT)?;
        write.open_table(WORDS)?.insert(KEY_SUBJECT, subject)?;
        write.commit()?;
        Ok(())
    }

    /// What is in it, without writing.
    pub fn kept(&self) -> Result<Kept, WriteError> {
        let read = self.database.begin_read()?;
        let table = read.open_table(ENTRIES)?;
        let numbers = read.open_table(NUMBERS)?;
        let number = |key| Ok::<_, StorageError>(numbers.get(key)?.map(|number| number.value()));
        let next = number(KEY_NEXT)?.unwrap_or(1);
        Ok(Kept {
            extent: Extent {
                oldest: oldest(&table)?.unwrap_or(next),
                next,
            },
            entries: table.len()?,
            bytes: number(KEY_BYTES)?.unwrap_or(0),
            file_bytes: self.length()?,
        })
    }

    /// Gives the room back that is not used.
    pub fn compact(&mut self) -> Result<u64, WriteError> {
        self.database.compact()?;
        self.length()
    }

    /// Writes the entries, all or none, and lets go what is beyond the bounds. Returns when they are on the disk.
    pub fn append(
        &self,
        entries: &[Entry],
        now_millis: u64,
        limits: Limits,
    ) -> Result<Kept, WriteError> {
        let write = self.database.begin_write()?;
        let kept = {
            let mut table = write.open_table(ENTRIES)?;
            let mut numbers = write.open_table(NUMBERS)?;
            let mut falls = write.open_table(FALLS)?;
            let mut bytes = numbers.get(KEY_BYTES)?.map_or(0, |bytes| bytes.value());
            let mut newest_nano = match table.last()? {
                Some((_, row)) => Row::read(row.value()).map_or(i64::MIN, |row| row.newest_nano),
                None => i64::MIN,
            };
            for Entry { seq, item } in entries {
                newest_nano = newest_nano.max(row::nano(item));
                let row = row::write(now_millis, newest_nano, item);
                bytes += cost(&row);
                // There is one where an earlier try came further than it seemed.
                if let Some(old) = table.insert(seq, row.as_slice())? {
                    bytes = bytes.saturating_sub(cost(old.value()));
                }
            }
            let since_millis = now_millis.saturating_sub(millis(limits.keep));
            for _ in 0..MOST_TRIMMED {
                let Some(written_millis) = table
                    .first()?
                    .map(|(_, row)| Row::read(row.value()).map_or(0, |row| row.written_millis))
                else {
                    break;
                };
                if written_millis >= since_millis && bytes <= limits.bytes {
                    break;
                }
                if let Some((_, row)) = table.pop_first()? {
                    bytes = bytes.saturating_sub(cost(row.value()));
                }
            }
            falls::note(&table, &mut falls, &mut numbers)?;
            let first = oldest(&table)?;
            if first.is_none() {
                bytes = 0;
            }
            numbers.insert(KEY_BYTES, bytes)?;
            let known = numbers.get(KEY_NEXT)?.map_or(1, |next| next.value());
            let told = entries.last().map_or(1, |last| last.seq.saturating_add(1));
            let next = known.max(told);
            numbers.insert(KEY_NEXT, next)?;
            Kept {
                extent: Extent {
                    oldest: first.unwrap_or(next),
                    next,
                },
                entries: table.len()?,
                bytes,
                file_bytes: 0,
            }
        };
        write.commit()?;
        let file_bytes = self.length()?;
        Ok(Kept { file_bytes, ..kept })
    }

    /// The newest entries before the place `seq`, oldest first, up to the first hole.
    pub fn before(&self, seq: u64, bounds: Bounds) -> Result<Vec<Entry>, redb::Error> {
        let read = self.database.begin_read()?;
        let table = read.open_table(ENTRIES)?;
        let mut page = Page::new(bounds);
        for row in table.range(..seq)?.rev() {
            let (at, row) = row?;
            let follows = page.last().is_none_or(|after| at.value() + 1 == after);
            if !follows || !page.take(at.value(), row.value()) {
                break;
            }
        }
        page.entries.reverse();
        Ok(page.entries)
    }

    /// The oldest entries from the place `seq` on.
    pub fn from(&self, seq: u64, bounds: Bounds) -> Result<Vec<Entry>, redb::Error> {
        let read = self.database.begin_read()?;
        let table = read.open_table(ENTRIES)?;
        let mut page = Page::new(bounds);
        for row in table.range(seq..)? {
            let (at, row) = row?;
            if !page.take(at.value(), row.value()) {
                break;
            }
        }
        Ok(page.entries)
    }

    /// The first place from which on there can be an entry of this time or later.
    pub fn place_of(&self, nano: i64) -> Result<u64, redb::Error> {
        let read = self.database.begin_read()?;
        let table = read.open_table(ENTRIES)?;
        let next = table.last()?.map_or(1, |(seq, _)| seq.value() + 1);
        // `newest_nano` never falls, so that the place can be found by halving.
        let first = oldest(&table)?.unwrap_or(next);
        let (mut low, mut high) = (first, next);
        while low < high {
            let middle = low + (high - low) / 2;
            let reaches = match table.range(middle..)?.next() {
                Some(row) => Row::read(row?.1.value()).is_none_or(|row| row.newest_nano >= nano),
                None => true,
            };
            if reaches {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        // Such entries may be among those that were let go.
        Ok(if low == first { 1 } else { low })
    }

    /// The last place with an entry of this time or earlier.
    pub fn last_until(&self, nano: i64) -> Result<Option<u64>, redb::Error> {
        let read = self.database.begin_read()?;
        let entries = read.open_table(ENTRIES)?;
        Ok(falls::last_until(&entries, &falls::places(&read)?, nano)?)
    }

    /// The earliest time of all entries, but for what is out of order as it may be.
    pub fn earliest_nano(&self) -> Result<Option<i64>, redb::Error> {
        let read = self.database.begin_read()?;
        let entries = read.open_table(ENTRIES)?;
        Ok(falls::earliest_nano(&entries, &falls::places(&read)?)?)
    }

    /// The newest time of all entries before a place, those that were let go too.
    pub fn newest_before(&self, seq: u64) -> Result<Option<i64>, redb::Error> {
        let read = self.database.begin_read()?;
        let table = read.open_table(ENTRIES)?;
        let row = table.range(..seq)?.next_back().transpose()?;
        Ok(row.and_then(|(_, row)| Row::read(row.value()).map(|row| row.newest_nano)))
    }

    fn length(&self) -> Result<u64, WriteError> {
        let found = fs::metadata(&self.path).map_err(WriteError::Gone)?;
        Ok(found.len())
    }
}

/// Entries that are gathered up to their bounds.
struct Page {
    entries: Vec<Entry>,
    bounds: Bounds,
    bytes: usize,
}

impl Page {
    fn new(bounds: Bounds) -> Self {
        Self {
            entries: Vec::new(),
            bounds,
            bytes: 0,
        }
    }

    fn last(&self) -> Option<u64> {
        self.entries.last().map(|entry| entry.seq)
    }

    /// `false`: it is full. A row that cannot be read is passed over.
    fn take(&mut self, seq: u64, row: &[u8]) -> bool {
        self.bytes += row.len();
        let full = self.entries.len() >= self.bounds.entries
            || (self.bytes > self.bounds.bytes && !self.entries.is_empty());
        if !full {
            let entry = Row::read(row).and_then(|row| row.entry(seq));
            self.entries.extend(entry);
        }
        !full
    }
}

fn oldest(table: &impl ReadableTable<u64, &'static [u8]>) -> Result<Option<u64>, StorageError> {
    Ok(table.first()?.map(|(seq, _)| seq.value()))
}

fn cost(row: &[u8]) -> u64 {
    KEY_SIZE + row.len() as u64
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn fault(path: &Path, error: DatabaseError) -> Fault {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            Fault::Refused(OpenError::InUse(path.to_owned()))
        }
        DatabaseError::UpgradeRequired(_) => Fault::Refused(OpenError::Older(path.to_owned())),
        other => fault_of(path, other.into()),
    }
}

fn fault_of(path: &Path, error: redb::Error) -> Fault {
    use io::ErrorKind::{InvalidData, QuotaExceeded, StorageFull, UnexpectedEof};
    match error {
        // redb has no other sign of it
        redb::Error::Corrupted(why) if why.starts_with("Expected file format version <=") => {
            Fault::Refused(OpenError::Newer {
                path: path.to_owned(),
                format: why,
            })
        }
        redb::Error::Corrupted(why) => Fault::Damaged(why),
        redb::Error::Io(error) if matches!(error.kind(), InvalidData | UnexpectedEof) => {
            Fault::Damaged(error.to_string())
        }
        redb::Error::Io(error) if matches!(error.kind(), StorageFull | QuotaExceeded) => {
            Fault::Refused(OpenError::Full(path.to_owned(), error))
        }
        redb::Error::Io(error) => Fault::Refused(OpenError::Io(path.to_owned(), error)),
        redb::Error::TableDoesNotExist(_) | redb::Error::TableTypeMismatch { .. } => {
            Fault::Damaged("it is a database of another program".to_owned())
        }
        other => Fault::Refused(OpenError::Database(path.to_owned(), other)),
    }
}
