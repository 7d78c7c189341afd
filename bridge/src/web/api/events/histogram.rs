use std::collections::BTreeMap;

use protocol::{Event, Gap, Item};
use serde::Serialize;
use timeline::is_exec;

use super::query::Query;
use crate::hub::{Ended, Reader};

const NANO: f64 = 1e9;
pub const MOST_BUCKETS: usize = 1000;
const BUCKETS: usize = 60;
/// What is counted where no time is said.
const SPAN_NANO: i64 = 3600 * 1_000_000_000;
/// A daemon that makes up types gets no more series than this.
const MOST_KINDS: usize = 16;
const OTHER: &str = "other";

/// How many events there were in each of some equal parts of a time.
#[derive(Debug, Serialize)]
pub struct Histogram {
    /// Unix seconds.
    since: f64,
    until: f64,
    bucket_seconds: f64,
    /// By the events' type; those of a command inside a container, mostly health probes, are `exec`.
    counts: BTreeMap<String, Vec<u64>>,
    /// Where events may be missing.
    gaps: Vec<bool>,
    #[serde(skip)]
    grid: Grid,
}

/// What is counted in which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Grid {
    since_nano: i64,
    until_nano: i64,
    width_nano: i64,
    buckets: usize,
}

impl Grid {
    fn new(since_nano: i64, until_nano: i64, buckets: usize) -> Self {
        let parts = i64::try_from(buckets).unwrap_or(i64::MAX);
        // both ends count
        let span = until_nano.saturating_sub(since_nano).saturating_add(1);
        let width_nano = span / parts + i64::from(span % parts != 0);
        Self {
            since_nano,
            until_nano,
            width_nano: width_nano.max(1),
            buckets,
        }
    }

    fn bucket(&self, nano: i64) -> usize {
        let inside = nano
            .clamp(self.since_nano, self.until_nano)
            .saturating_sub(self.since_nano);
        let index = usize::try_from(inside / self.width_nano).unwrap_or(usize::MAX);
        index.min(self.buckets - 1)
    }
}

impl Histogram {
    /// Of what the query admits. Its ends are now and an hour before, where it has none.
    pub async fn read(
        mut reader: Reader,
        mut query: Query,
        buckets: usize,
        now_nano: i64,
    ) -> Result<Self, Ended> {
        let since = query.since_nano;
        let until = query.until_nano;
        let until_nano = until.unwrap_or_else(|| now_nano.max(since.unwrap_or(now_nano)));
        let since_nano = since.unwrap_or_else(|| until_nano.saturating_sub(SPAN_NANO));
        (query.since_nano, query.until_nano) = (Some(since_nano), Some(until_nano));
        let mut histogram = Self::empty(Grid::new(since_nano, until_nano, buckets));
        reader.skip_to(since_nano).await;
        loop {
            let run = reader.next().await?;
            if run.entries.is_empty() {
                return Ok(histogram);
            }
            for entry in run.entries.iter().filter(|entry| query.admits(&entry.item)) {
                histogram.count(&entry.item);
            }
        }
    }

    fn empty(grid: Grid) -> Self {
        Self {
            since: grid.since_nano as f64 / NANO,
            until: grid.until_nano as f64 / NANO,
            bucket_seconds: grid.width_nano as f64 / NANO,
            counts: BTreeMap::new(),
            gaps: vec![false; grid.buckets],
            grid,
        }
    }

    fn count(&mut self, item: &Item) {
        match item {
            Item::Event(event) => {
                let kind = kind(event);
                let known = self.counts.contains_key(kind);
                let kind = if known || self.counts.len() < MOST_KINDS {
                    kind
                } else {
                    OTHER
                };
                let buckets = self.grid.buckets;
                let row = self.counts.entry(kind.to_owned());
                row.or_insert_with(|| vec![0; buckets])[self.grid.bucket(event.time_nano)] += 1;
            }
            Item::Gap(Gap {
                from_nano, to_nano, ..
            }) => {
                let from = from_nano.map_or(0, |nano| self.grid.bucket(nano));
                let to = self.grid.bucket(*to_nano);
                for part in &mut self.gaps[from.min(to)..=to] {
                    *part = true;
                }
            }
        }
    }
}

fn kind(event: &Event) -> &str {
    if is_exec(event) { "exec" } else { &event.kind }
}

/// Names and values.
type Parameters = Vec<(String, String)>;

/// The number of parts, and the other parameters; or a code and a sentence.
pub fn buckets(parameters: Parameters) -> Result<(usize, Parameters), (&'static str, String)> {
    let mut buckets = None;
    let mut others = Vec::new();
    for (name, value) in parameters {
        match name.as_str() {
            "buckets" => {
                let number = value.parse().ok();
                let Some(number) = number.filter(|number| (1..=MOST_BUCKETS).contains(number))
                else {
                    return Err((
                        "bad_buckets",
                        format!(
                            "“buckets” takes a number from 1 to {MOST_BUCKETS}, and “{value}” is none."
                        ),
                    ));
                };
                if buckets.replace(number).is_some() {
                    let message = "“buckets” may be given once; only filter is repeatable.";
                    return Err(("parameter_twice", message.to_owned()));
                }
            }
            "since" | "until" | "filter" => others.push((name, value)),
            _ => {
                return Err((
                    "unknown_parameter",
                    format!(
                        "There is no parameter “{name}”; there are since, until, buckets and filter."
                    ),
                ));
            }
        }
    }
    Ok((buckets.unwrap_or(BUCKETS), others))
}

#[cfg(test)]
mod tests {
    use protocol::GapReason;

    use super::*;

    fn event(time_nano: i64, kind: &str, action: &str) -> Item {
        Item::Event(Event {
            time_nano,
            kind: kind.to_owned(),
            action: action.to_owned(),
            ..Event::default()
        })
    }

    #[test]
    fn each_event_is_in_one_part_and_both_ends_count() {
        for (since, until, buckets) in [(0, 99, 10), (5, 5, 3), (0, 10, 4), (-7, 1000, 7)] {
            let grid = Grid::new(since, until, buckets);
            let mut last = 0;
            for nano in since..=until {
                let bucket = grid.bucket(nano);
                assert!(bucket == last || bucket == last + 1, "{grid:?} {nano}");
                assert_eq!(
                    (nano - since) / grid.width_nano,
                    i64::try_from(bucket).unwrap(),
                    "no part is longer than it says"
                );
                last = bucket;
            }
            assert!(last < buckets);
        }
        let widest = Grid::new(i64::MIN, i64::MAX, 2);
        assert!(widest.bucket(i64::MIN) == 0 && widest.bucket(i64::MAX) == 1);
    }

    #[test]
    fn events_are_counted_by_their_type_and_gaps_are_marked() {
        let mut histogram = Histogram::empty(Grid::new(0, 99, 10));
        for item in [
            event(0, "container", "start"),
            event(9, "container", "exec_start: sh"),
            event(10, "image", "pull"),
            event(99, "container", "die"),
            Item::Gap(Gap {
                from_nano: Some(35),
                to_nano: 51,
                reason: GapReason::RingOverrun,
            }),
        ] {
            histogram.count(&item);
        }
        assert_eq!(
            histogram.counts["container"],
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        );
        assert_eq!(histogram.counts["exec"][0], 1);
        assert_eq!(histogram.counts["image"][1], 1);
        let marked: Vec<usize> = (0..10).filter(|&part| histogram.gaps[part]).collect();
        assert_eq!(marked, [3, 4, 5]);
        for number in 0..100 {
            histogram.count(&event(50, &format!("type-{number}"), "x"));
        }
        assert_eq!(histogram.counts.len(), MOST_KINDS + 1);
        let all: u64 = histogram.counts.values().flatten().sum();
        assert_eq!(all, 104);
    }
}
