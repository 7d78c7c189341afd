use std::collections::VecDeque;

use protocol::{Entry, EventsFrame, Item, Position};

use super::{
    kept::{Keeper, Kept},
    millis,
};
use crate::store::nano;

/// So many entries are kept, and no more than would be so many bytes when written whole: labels of compose projects make
/// events long.
pub const MAX_ENTRIES: usize = 10_000;
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// One frame carries at most so much, so that nothing else waits long behind it.
pub const FRAME_ENTRIES: usize = 256;
pub const FRAME_BYTES: usize = 256 * 1024;
/// After so many entries, things that are no longer in the ring are forgotten.
const TIDY_EVERY: u64 = 1024;

/// The last events and gaps, in order. A place in it is `(epoch, seq)`; `seq` counts from 1 without holes.
///
/// Entries are kept encoded: a third of the memory of their strings or less, and their size is known exactly.
pub struct Timeline {
    epoch: u64,
    next: u64,
    items: VecDeque<Placed>,
    keeper: Keeper,
    bytes: usize,
    /// The latest time of any entry that is no longer kept.
    gone_nano: Option<i64>,
}

struct Placed {
    kept: Kept,
    nano: i64,
    /// The latest time of this entry and all before it: it never falls, whatever the daemon's clock does.
    newest_nano: i64,
}

impl Timeline {
    pub fn new(epoch: u64) -> Self {
        Self {
            epoch,
            next: 1,
            items: VecDeque::new(),
            keeper: Keeper::default(),
            bytes: 0,
            gone_nano: None,
        }
    }

    /// With entries of earlier runs, in order and without a hole, before its own, whose first has the place `next`.
    /// `gone_nano`: the latest time of any entry before them.
    pub fn after(epoch: u64, past: &[Entry], next: u64, gone_nano: Option<i64>) -> Self {
        let mut timeline = Self::new(epoch);
        timeline.gone_nano = gone_nano;
        // With something unreadable at the end they are not those before it.
        let joins = past.last().is_some_and(|last| last.seq + 1 == next);
        let past = if joins { past } else { &[] };
        timeline.next = past.first().map_or(next, |first| first.seq);
        for entry in past {
            timeline.push(&entry.item);
        }
        timeline
    }

    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The place that the next entry will have.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// The place of the oldest entry that is kept; that of the next one while there is none.
    pub fn oldest(&self) -> u64 {
        self.next - self.items.len() as u64
    }

    pub fn push(&mut self, item: &Item) {
        let kept = self.keeper.keep(item);
        self.bytes += kept.size();
        let nano = nano(item);
        self.items.push_back(Placed {
            kept,
            nano,
            newest_nano: self
                .newest_before(self.next)
                .map_or(nano, |newest| newest.max(nano)),
        });
        self.next += 1;
        while self.items.len() > MAX_ENTRIES || (self.bytes > MAX_BYTES && self.items.len() > 1) {
            if let Some(dropped) = self.items.pop_front() {
                self.bytes -= dropped.kept.size();
                self.gone_nano = Some(dropped.newest_nano);
            }
        }
        if self.next.is_multiple_of(TIDY_EVERY) {
            self.keeper.forget_gone();
        }
    }

    /// The entries from `from` on, as many as one frame carries. `from` must still be kept.
    pub fn from(&self, from: u64) -> Vec<Entry> {
        let mut bytes = 0;
        (from.max(self.oldest())..self.next)
            .take(FRAME_ENTRIES)
            .take_while(|&seq| {
                let first = bytes == 0;
                bytes += self.kept(seq).map_or(0, Kept::size);
                first || bytes <= FRAME_BYTES
            })
            .filter_map(|seq| self.entry(seq))
            .collect()
    }

    /// The newest entries before `before`: at most `limit`, and no more than one frame carries.
    pub fn before(&self, before: u64, limit: u32) -> Vec<Entry> {
        let mut bytes = 0;
        let mut entries: Vec<Entry> = (self.oldest()..before.min(self.next))
            .rev()
            .take(FRAME_ENTRIES.min(limit as usize))
            .take_while(|&seq| {
                let first = bytes == 0;
                bytes += self.kept(seq).map_or(0, Kept::size);
                first || bytes <= FRAME_BYTES
            })
            .filter_map(|seq| self.entry(seq))
            .collect();
        entries.reverse();
        entries
    }

    /// The last place with an entry of this time or earlier: all are looked at, as a clock that was set back leaves earlier
    /// ones behind later ones. `None`: there is none in the ring.
    pub fn last_until(&self, nano: i64) -> Option<u64> {
        let index = self.items.iter().rposition(|item| item.nano <= nano)?;
        Some(self.oldest() + index as u64)
    }

    /// The latest time of all entries before a place, whether they are still kept or not. `None`: there were none.
    pub fn newest_before(&self, seq: u64) -> Option<i64> {
        let before = seq.checked_sub(1)?;
        self.placed(before)
            .map_or(self.gone_nano, |item| Some(item.newest_nano))
    }

    /// The earliest time of all entries that are kept.
    pub fn earliest_nano(&self) -> Option<i64> {
        self.items.iter().map(|item| item.nano).min()
    }

    /// `stored`: the place of the oldest entry on the disk.
    pub fn frame(&self, entries: Vec<Entry>, stored: Option<u64>) -> EventsFrame {
        let newest_before = entries
            .first()
            .and_then(|first| self.newest_before(first.seq));
        EventsFrame {
            epoch: self.epoch,
            entries,
            newest_before_millis: newest_before.map(millis),
            oldest: Position {
                epoch: self.epoch,
                seq: stored.map_or(self.oldest(), |stored| stored.min(self.oldest())),
            },
            before: None,
        }
    }

    fn placed(&self, seq: u64) -> Option<&Placed> {
        let index = usize::try_from(seq.checked_sub(self.oldest())?).ok()?;
        self.items.get(index)
    }

    fn kept(&self, seq: u64) -> Option<&Kept> {
        self.placed(seq).map(|item| &item.kept)
    }

    fn entry(&self, seq: u64) -> Option<Entry> {
        let item = self.kept(seq)?.item()?;
        Some(Entry { seq, item })
    }
}

#[cfg(test)]
mod tests {
    use protocol::Event;

    use super::*;

    fn event(action: &str) -> Item {
        Item::Event(Event {
            action: action.to_owned(),
            ..Event::default()
        })
    }

    fn seqs(entries: &[Entry]) -> Vec<u64> {
        entries.iter().map(|entry| entry.seq).collect()
    }

    #[test]
    fn places_count_from_one_and_entries_come_back_as_they_went_in() {
        let mut timeline = Timeline::new(7);
        assert_eq!((timeline.oldest(), timeline.next()), (1, 1));
        assert!(timeline.from(1).is_empty());
        timeline.push(&event("start"));
        timeline.push(&event("die"));
        let entries = timeline.from(1);
        assert_eq!(seqs(&entries), [1, 2]);
        assert_eq!(entries[1].item, event("die"));
        assert_eq!(seqs(&timeline.from(2)), [2]);
        assert_eq!(seqs(&timeline.before(2, 10)), [1]);
        assert!(timeline.before(1, 10).is_empty());
    }

    #[test]
    fn places_go_on_after_those_of_an_earlier_run() {
        let past: Vec<Entry> = (40..43)
            .map(|seq| Entry {
                seq,
                item: event("start"),
            })
            .collect();
        let mut timeline = Timeline::after(7, &past, 43, Some(90));
        assert_eq!((timeline.oldest(), timeline.next()), (40, 43));
        assert_eq!(timeline.newest_before(40), Some(90));
        assert_eq!(timeline.newest_before(43), Some(90), "those are no later");
        timeline.push(&event("die"));
        assert_eq!(timeline.from(42)[1].item, event("die"));
        let frame = timeline.frame(Vec::new(), Some(9));
        assert_eq!(frame.oldest.seq, 9);
        assert_eq!(timeline.frame(Vec::new(), None).oldest.seq, 40);
        assert_eq!(Timeline::after(7, &[], 43, None).oldest(), 43);
        assert_eq!(Timeline::after(7, &past, 44, None).oldest(), 44);
    }

    #[test]
    fn a_time_is_found_in_the_ring_whatever_the_clock_does() {
        let mut timeline = Timeline::new(7);
        assert_eq!(timeline.last_until(1), None);
        assert_eq!(timeline.newest_before(1), None);
        assert_eq!(timeline.earliest_nano(), None);
        // the clock goes back after the third
        for time_nano in [10, 20, 30, 15, 40] {
            timeline.push(&Item::Event(Event {
                time_nano,
                ..Event::default()
            }));
        }
        for (nano, place) in [
            (9, None),
            (10, Some(1)),
            (14, Some(1)),
            (15, Some(4)),
            (39, Some(4)),
            (40, Some(5)),
        ] {
            assert_eq!(timeline.last_until(nano), place, "{nano}");
        }
        let newest: Vec<_> = (1..=6).map(|seq| timeline.newest_before(seq)).collect();
        assert_eq!(
            newest,
            [None, Some(10), Some(20), Some(30), Some(30), Some(40)]
        );
        assert_eq!(timeline.earliest_nano(), Some(10));
        for _ in 0..MAX_ENTRIES - 2 {
            timeline.push(&event("start"));
        }
        assert_eq!(
            timeline.newest_before(timeline.oldest()),
            Some(30),
            "it is gone"
        );
    }

    #[test]
    fn the_ring_keeps_the_newest_ten_thousand() {
        let mut timeline = Timeline::new(7);
        for _ in 0..MAX_ENTRIES + 25 {
            timeline.push(&event("start"));
        }
        assert_eq!(timeline.oldest(), 26);
        assert_eq!(timeline.next(), MAX_ENTRIES as u64 + 26);
        assert_eq!(timeline.items.len(), MAX_ENTRIES);
    }

    #[test]
    fn the_ring_keeps_no_more_bytes_than_it_may() {
        let mut timeline = Timeline::new(7);
        let long = event(&"x".repeat(1024 * 1024));
        for _ in 0..40 {
            timeline.push(&long);
        }
        assert!(timeline.bytes <= MAX_BYTES);
        assert_eq!(timeline.items.len(), 31);
        timeline.push(&event(&"x".repeat(MAX_BYTES + 1)));
        assert_eq!(
            timeline.items.len(),
            1,
            "the newest is kept whatever its size"
        );
        timeline.push(&event("start"));
        assert_eq!(timeline.bytes, timeline.items[0].kept.size());
    }

    #[test]
    fn a_ring_full_of_probes_of_labelled_containers_takes_two_megabytes() {
        let labels = |container: u64| {
            (0..12).map(move |label| {
                let name = format!("com.docker.compose.project.{label:02}");
                (name, format!("{container}-{}", "x".repeat(60)))
            })
        };
        let mut timeline = Timeline::new(7);
        for probe in 0..MAX_ENTRIES as u64 {
            let container = probe % 50;
            let exec_id = ("execID".to_owned(), format!("{probe:064}"));
            timeline.push(&Item::Event(Event {
                time_nano: probe as i64,
                kind: "container".to_owned(),
                action: "exec_start: /bin/sh -c true".to_owned(),
                scope: "local".to_owned(),
                actor_id: format!("{container:064}"),
                attributes: labels(container).chain([exec_id]).collect(),
                redacted: false,
            }));
        }
        let whole: usize = timeline.items.iter().map(|item| item.kept.size()).sum();
        let own: usize = timeline.items.iter().map(|item| item.kept.held().0).sum();
        let shared: std::collections::BTreeMap<_, _> = timeline
            .items
            .iter()
            .filter_map(|item| item.kept.held().1)
            .map(|common| (common.as_ptr(), common.len()))
            .collect();
        let held = own + shared.values().sum::<usize>();
        assert!(whole > 12_000_000, "{whole} bytes when written whole");
        assert!(held < 2_000_000, "{held} bytes are held");
        assert_eq!(timeline.from(9_990).len(), 11);
    }

    #[test]
    fn a_frame_is_bounded_in_entries_and_in_bytes() {
        let mut timeline = Timeline::new(7);
        for _ in 0..1000 {
            timeline.push(&event("start"));
        }
        assert_eq!(timeline.from(1).len(), FRAME_ENTRIES);
        assert_eq!(timeline.from(900).len(), 101);
        let before = timeline.before(500, 1000);
        assert_eq!(before.len(), FRAME_ENTRIES);
        assert_eq!(before[FRAME_ENTRIES - 1].seq, 499);
        assert_eq!(seqs(&timeline.before(500, 2)), [498, 499]);

        for _ in 0..10 {
            timeline.push(&event(&"x".repeat(100 * 1024)));
        }
        assert_eq!(seqs(&timeline.from(1001)), [1001, 1002]);
        assert_eq!(seqs(&timeline.before(1011, 100)), [1009, 1010]);
        timeline.push(&event(&"x".repeat(FRAME_BYTES * 2)));
        assert_eq!(
            seqs(&timeline.from(1011)),
            [1011],
            "a long one travels alone"
        );
    }
}
