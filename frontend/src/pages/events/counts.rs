use leptos::prelude::*;
use model::events::{Histogram, at_millis};

use super::Held;
use crate::{
    live::effect,
    state::{Connection, Question, Timeline},
};

/// How often the picture goes on while nothing happens.
const EVERY_MILLIS: u64 = 10_000;

/// When how much of what passes the filter happened: over all the time that is known, or around the stretch that is chosen.
/// What is further back than the entries of the page is counted by the bridge.
pub fn counts(held: Held) -> Memo<Histogram> {
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
    let question = Memo::new(move |_| {
        let (since_millis, until_millis) = around.get();
        let reaches_back = live.has_older.get() || live.is_full.get();
        let begins_before = match (since_millis, live.first_millis.get()) {
            (Some(since), Some(first)) => since < first,
            _ => true,
        };
        (reaches_back && begins_before).then(|| Question {
            filter: held.wanted.read().filter.to_string(),
            since_millis,
            until_millis,
        })
    });
    effect(move || {
        counted.void.track();
        if let Some(question) = question.get() {
            counted.ask(question);
        }
    });
    let histogram = Memo::new(move |before: Option<&(Histogram, bool)>| {
        let now = now.get();
        let (since, until) = around.get();
        let Some(question) = question.get() else {
            let histogram = held.with_any_time(|list| {
                let mut times = list.entries().map(|entry| at_millis(&entry.item));
                let Some(first) = times.next() else {
                    return Histogram::default();
                };
                let (oldest, newest) = times.fold((first, first), |(oldest, newest), at| {
                    (oldest.min(at), newest.max(at))
                });
                let begin = since.map_or(oldest, |since| since.max(oldest));
                let end = newest.max(now);
                let mut histogram =
                    Histogram::over(begin, until.map_or(end, |until| until.min(end)));
                for entry in list.entries() {
                    histogram.add(&entry.item);
                }
                histogram
            });
            return (histogram, true);
        };
        let answer = counted.answer.read();
        match &*answer {
            Some(answer) if answer.question == question => {
                let mut histogram = answer.histogram.clone();
                let mut has_room = true;
                held.with_any_time(|list| {
                    let newer = list.entries().rev();
                    let newer = newer.take_while(|entry| entry.seq > answer.last.seq);
                    for entry in newer {
                        if until.is_none() {
                            has_room &= histogram.reach(at_millis(&entry.item));
                        }
                        histogram.add(&entry.item);
                    }
                });
                if until.is_none() {
                    has_room &= histogram.reach(now);
                }
                (histogram, has_room)
            }
            // until it is answered
            _ => (before.cloned().unwrap_or_default().0, true),
        }
    });
    effect(move || {
        if !histogram.read().1 {
            counted.again();
        }
    });
    Memo::new(move |_| histogram.read().0.clone())
}

/// A stretch with as much before and after it as half of it, to choose anew from.
fn around(since: u64, until: u64) -> (Option<u64>, Option<u64>) {
    let half = (until - since) / 2;
    (
        Some(since.saturating_sub(half)),
        Some(until.saturating_add(half)),
    )
}
