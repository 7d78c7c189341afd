//! When how much happened, counted for one viewer beside all else.

use protocol::{HistogramFrame, HistogramWanted, Item, Position};
use timeline::{
    Filter,
    histogram::{Histogram, at_millis},
};

use crate::hub::{Ended, Hub, end_nano, millis, wall_clock};

/// Counts what passes the filter. The time that is asked for is cut to what the bridge knows of.
pub async fn read(
    hub: Hub,
    wanted: HistogramWanted,
    filter: Filter,
) -> Result<HistogramFrame, Ended> {
    let mut reader = hub.read();
    let until_millis = wanted.until_millis.unwrap_or(u64::MAX);
    let until = reader.until(end_nano(until_millis)).await?;
    let mut last = Position {
        epoch: hub.epoch(),
        seq: 0,
    };
    let end_millis = until_millis.min(wall_clock());
    let begin_millis = wanted
        .since_millis
        .unwrap_or(0)
        .max(until.earliest_nano.map_or(end_millis, millis));
    let mut histogram = Histogram::over(begin_millis, end_millis);
    if let Some(since) = wanted.since_millis {
        let nano = i64::try_from(since).unwrap_or(i64::MAX);
        reader.skip_to(nano.saturating_mul(1_000_000)).await;
    }
    // where a clock was set back, what is later than all that is asked for has more of that behind it;
    // and the one after the last may be a gap that began before
    while last.seq <= until.last {
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
    }
    last.seq = last.seq.max(until.newest);
    Ok(HistogramFrame {
        wanted,
        from_millis: histogram.from_millis,
        step_millis: histogram.step_millis,
        bars: histogram.bars,
        gaps: histogram.gaps,
        last,
    })
}
