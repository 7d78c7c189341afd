//! When how much happened, counted for one viewer beside all else.

use protocol::{Entry, HistogramFrame, HistogramWanted, Item, OUT_OF_ORDER_MILLIS, Position};
use timeline::{
    Filter,
    histogram::{Histogram, at_millis},
};

use crate::hub::{Ended, Hub, wall_clock};

/// Counts what passes the filter. The time that is asked for is cut to what the bridge knows of.
pub async fn read(
    hub: Hub,
    wanted: HistogramWanted,
    filter: Filter,
) -> Result<HistogramFrame, Ended> {
    let mut oldest = hub.read();
    let first = oldest.next().await?;
    let oldest_millis = first.entries.first().map(|entry| at_millis(&entry.item));
    let mut last = Position {
        epoch: first.epoch,
        seq: first.entries.last().map_or(0, |entry| entry.seq),
    };
    let until_millis = wanted.until_millis.unwrap_or(u64::MAX);
    let end_millis = until_millis.min(wall_clock());
    let begin_millis = wanted
        .since_millis
        .unwrap_or(0)
        .max(oldest_millis.unwrap_or(end_millis));
    let mut histogram = Histogram::over(begin_millis, end_millis);
    let mut reader = hub.read();
    if let Some(since) = wanted.since_millis {
        let nano = i64::try_from(since).unwrap_or(i64::MAX);
        reader.skip_to(nano.saturating_mul(1_000_000)).await;
    }
    loop {
        let run = reader.next().await?;
        let Some(newest) = run.entries.last() else {
            break;
        };
        last.seq = newest.seq;
        for entry in &run.entries {
            let passes = match &entry.item {
                Item::Event(event) => filter.matches(event),
                Item::Gap(_) => true,
            };
            if passes {
                // the daemon's clock may be ahead of ours
                histogram.reach(at_millis(&entry.item).min(until_millis));
                histogram.add(&entry.item);
            }
        }
        let is_over = |entry: &Entry| {
            at_millis(&entry.item) > until_millis.saturating_add(OUT_OF_ORDER_MILLIS)
        };
        if run.entries.iter().all(is_over) {
            last.seq = last.seq.max(reader.newest());
            break;
        }
    }
    Ok(HistogramFrame {
        wanted,
        from_millis: histogram.from_millis,
        step_millis: histogram.step_millis,
        bars: histogram.bars,
        gaps: histogram.gaps,
        last,
    })
}
