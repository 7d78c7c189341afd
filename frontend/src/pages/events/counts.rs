use std::time::Duration;

use leptos::prelude::*;
use model::events::{EventList, Histogram, at_millis};
use protocol::MAX_FILTER_BYTES;

use super::Held;
use crate::{
    live::effect,
    state::{Connection, Question, Timeline},
};

/// How often the picture goes on while nothing happens.
const EVERY_MILLIS: u64 = 10_000;
/// Until a question is taken for what somebody wants to know.
const SETTLED: Duration = Duration::from_millis(250);
/// How soon the bridge is asked again where the page did not hold all since its answer.
const BEHIND: Duration = Duration::from_secs(2);
/// So often at most that time is doubled.
const MOST_DOUBLED: u32 = 6;

/// When how much of what passes the filter happened: over all the time that is known, or around the stretch that is chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    pub histogram: Histogram,
    pub of: Of,
}

/// Which events were counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Of {
    /// All of that time.
    #[default]
    All,
    /// Those of the question before, until this one is answered.
    Former,
    /// Only those that the page holds, because the filter is too long for the bridge,
    HeldByLength,
    /// or because the bridge could not count the others.
    HeldByFailure,
}

/// Counts, with the bridge counting what is further back than the entries of the page.
pub fn counts(held: Held) -> Memo<Counts> {
    let connection = Connection::expect();
    let timeline = Timeline::expect();
    let (live, counted) = (timeline.live, timeline.counted);
    let now = Memo::new(move |_| connection.now.get() / EVERY_MILLIS * EVERY_MILLIS);
    let around = Memo::new(move |_| {
        let wanted = held.wanted.read();
        match (wanted.since_millis, wanted.until_millis) {
            (Some(since), Some(until)) if since < until => around(since, until),
            _ => (None, None),
        }
    });
    let is_all_here = Memo::new(move |_| {
        let reaches_back = live.has_older.get() || live.is_full.get();
        !(reaches_back && live.goes_back_to(around.get().0))
    });
    let question = Memo::new(move |_| {
        let (since_millis, until_millis) = around.get();
        let filter = held.wanted.read().filter.to_string();
        (!is_all_here.get() && filter.len() <= MAX_FILTER_BYTES).then_some(Question {
            filter,
            since_millis,
            until_millis,
        })
    });
    effect(move || {
        counted.void.track();
        // somebody may be typing
        if let Some(asked) = question.get() {
            let ask = move || {
                if question.try_get_untracked().flatten().as_ref() == Some(&asked) {
                    counted.ask(asked.clone());
                }
            };
            set_timeout(ask, SETTLED);
        }
    });
    // events that are neither in the answer nor here any more are counted with the next
    let is_behind = Memo::new(move |_| {
        live.revision.track();
        let first = live.with(|entries| entries.front().map_or(0, |first| first.seq));
        let answer = counted.answer.read();
        answer
            .as_ref()
            .is_some_and(|answer| first > answer.last.seq + 1)
    });
    let times = StoredValue::new(0u32);
    effect(move || {
        // the next answer may be too late as well: a bridge that takes long to count is asked ever more seldom
        counted.answer.track();
        if is_behind.get() {
            let wait = BEHIND * 2u32.pow(times.get_value().min(MOST_DOUBLED));
            times.update_value(|times| *times += 1);
            set_timeout(move || counted.again(), wait);
        } else {
            times.set_value(0);
        }
    });
    on_cleanup(move || counted.forget());
    Memo::new(move |before: Option<&Counts>| {
        let now = now.get();
        let (since, until) = around.get();
        let end = until.unwrap_or(u64::MAX);
        let of_page = |of| Counts {
            histogram: held.with_any_time(|list| of_page(list, since, end, now)),
            of,
        };
        let Some(question) = question.get() else {
            return of_page(if is_all_here.get() {
                Of::All
            } else {
                Of::HeldByLength
            });
        };
        if counted.unanswered.read().as_ref() == Some(&question) {
            return of_page(Of::HeldByFailure);
        }
        match &*counted.answer.read() {
            Some(answer) if answer.question == question => {
                let mut histogram = answer.histogram.clone();
                held.with_any_time(|list| {
                    let counted = list.count(Some(answer.last.seq));
                    for entry in list.entries().skip(counted) {
                        histogram.reach(at_millis(&entry.item).min(end));
                        histogram.add(&entry.item);
                    }
                });
                histogram.reach(now.min(end));
                Counts {
                    histogram,
                    of: Of::All,
                }
            }
            _ => Counts {
                histogram: before
                    .map(|before| before.histogram.clone())
                    .unwrap_or_default(),
                of: Of::Former,
            },
        }
    })
}

/// Of what the page has.
fn of_page(list: &EventList, since: Option<u64>, end: u64, now: u64) -> Histogram {
    let mut times = list.entries().map(|entry| at_millis(&entry.item));
    let Some(first) = times.next() else {
        return Histogram::default();
    };
    let (oldest, newest) = times.fold((first, first), |(oldest, newest), at| {
        (oldest.min(at), newest.max(at))
    });
    let begin = since.map_or(oldest, |since| since.max(oldest));
    let mut histogram = Histogram::over(begin, newest.max(now).min(end));
    for entry in list.entries() {
        histogram.add(&entry.item);
    }
    histogram
}

/// A stretch with as much before and after it as half of it, to choose anew from.
fn around(since: u64, until: u64) -> (Option<u64>, Option<u64>) {
    let half = (until - since) / 2;
    (
        Some(since.saturating_sub(half)),
        Some(until.saturating_add(half)),
    )
}
