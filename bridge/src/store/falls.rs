//! Where the daemon's clock was set back.
//!
//! Between two such places times rise, but for what is out of order as it may be, so that a time is found there by halving.
//! Mostly there is none, and the table that keeps them is empty.

use std::ops::Range;

use protocol::OUT_OF_ORDER_MILLIS;
use redb::{
    ReadTransaction, ReadableTable, ReadableTableMetadata, StorageError, Table, TableDefinition,
    TableError,
};

use super::row::Row;

/// The places of entries that are so much earlier than one before them.
pub const FALLS: TableDefinition<u64, ()> = TableDefinition::new("falls");
/// From this place on nobody has looked for falls yet.
const KEY_NEXT: &str = "falls-next";
/// The newest time since the last fall, as the bits of an `i64`.
const KEY_NEWEST: &str = "falls-newest";
const MARGIN_NANO: i64 = OUT_OF_ORDER_MILLIS as i64 * 1_000_000;

/// Looks for falls among the rows that are new, or that a version wrote which did not know of falls, and forgets those
/// before the oldest row.
pub fn note(
    entries: &impl ReadableTable<u64, &'static [u8]>,
    falls: &mut Table<u64, ()>,
    numbers: &mut Table<&'static str, u64>,
) -> Result<(), StorageError> {
    let number = |key| Ok::<_, StorageError>(numbers.get(key)?.map(|number| number.value()));
    let known = number(KEY_NEXT)?.unwrap_or(0);
    let mut newest = number(KEY_NEWEST)?.map_or(i64::MIN, u64::cast_signed);
    let mut next = known;
    for row in entries.range(known..)? {
        let (seq, row) = row?;
        next = seq.value() + 1;
        let Some(nano) = nano(row.value()) else {
            continue;
        };
        if nano < newest.saturating_sub(MARGIN_NANO) {
            falls.insert(seq.value(), ())?;
            newest = nano;
        }
        newest = newest.max(nano);
    }
    if next > known {
        numbers.insert(KEY_NEXT, next)?;
        numbers.insert(KEY_NEWEST, newest.cast_unsigned())?;
    }
    if !falls.is_empty()? {
        let oldest = entries.first()?.map_or(next, |(seq, _)| seq.value());
        falls.retain_in(..=oldest, |_, ()| false)?;
    }
    Ok(())
}

/// Their places.
pub fn places(read: &ReadTransaction) -> Result<Vec<u64>, redb::Error> {
    let falls = match read.open_table(FALLS) {
        // a version wrote the file that did not know of falls, and nothing could be written since
        Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        falls => falls?,
    };
    let places = falls.iter()?.map(|fall| Ok(fall?.0.value()));
    places.collect()
}

/// The last place with an entry of this time or earlier.
pub fn last_until(
    entries: &impl ReadableTable<u64, &'static [u8]>,
    falls: &[u64],
    nano: i64,
) -> Result<Option<u64>, StorageError> {
    let (Some((first, _)), Some((last, _))) = (entries.first()?, entries.last()?) else {
        return Ok(None);
    };
    let mut end = last.value() + 1;
    for &begin in falls.iter().rev() {
        if let Some(found) = last_between_falls(entries, begin..end, nano)? {
            return Ok(Some(found));
        }
        end = begin;
    }
    last_between_falls(entries, first.value()..end, nano)
}

/// The earliest time of all entries, but for what is out of order as it may be.
pub fn earliest_nano(
    entries: &impl ReadableTable<u64, &'static [u8]>,
    falls: &[u64],
) -> Result<Option<i64>, StorageError> {
    let mut earliest = first_time(entries, 0..u64::MAX)?.map(|(_, nano)| nano);
    for &fall in falls {
        let nano = first_time(entries, fall..u64::MAX)?.map(|(_, nano)| nano);
        earliest = earliest.into_iter().chain(nano).min();
    }
    Ok(earliest)
}

fn last_between_falls(
    entries: &impl ReadableTable<u64, &'static [u8]>,
    places: Range<u64>,
    nano: i64,
) -> Result<Option<u64>, StorageError> {
    // behind a time that is beyond the margin there is none that is asked for
    let over = nano.saturating_add(MARGIN_NANO);
    let (mut low, mut high) = (places.start, places.end);
    while low < high {
        let middle = low + (high - low) / 2;
        match first_time(entries, middle..high)? {
            Some((seq, time)) if time <= over => low = seq + 1,
            _ => high = middle,
        }
    }
    for row in entries.range(places.start..high)?.rev() {
        let (seq, row) = row?;
        if self::nano(row.value()).is_some_and(|time| time <= nano) {
            return Ok(Some(seq.value()));
        }
    }
    Ok(None)
}

/// The place and time of the first entry there.
fn first_time(
    entries: &impl ReadableTable<u64, &'static [u8]>,
    places: Range<u64>,
) -> Result<Option<(u64, i64)>, StorageError> {
    for row in entries.range(places)? {
        let (seq, row) = row?;
        if let Some(nano) = nano(row.value()) {
            return Ok(Some((seq.value(), nano)));
        }
    }
    Ok(None)
}

fn nano(row: &[u8]) -> Option<i64> {
    Row::read(row)?.nano()
}
