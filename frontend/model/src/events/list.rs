use std::{collections::VecDeque, sync::Arc};

use super::Wanted;
use crate::{Entry, Item};

/// The entries that are asked for, oldest first. It looks at each entry of the timeline once, not at all on each change.
#[derive(Debug, Default)]
pub struct EventList {
    wanted: Wanted,
    epoch: u64,
    /// The first and last entry that was looked at.
    looked_at: Option<(u64, u64)>,
    shown: VecDeque<Arc<Entry>>,
}

impl EventList {
    /// Begins anew for another question.
    pub fn ask(&mut self, wanted: Wanted) {
        if self.wanted != wanted {
            *self = Self {
                wanted,
                ..Self::default()
            };
        }
    }

    /// Follows the timeline: takes in what was added at either end, drops what it no longer holds.
    pub fn follow(&mut self, epoch: u64, entries: &VecDeque<Arc<Entry>>) {
        if self.epoch != epoch {
            self.epoch = epoch;
            self.looked_at = None;
            self.shown.clear();
        }
        let (Some(first), Some(last)) = (entries.front(), entries.back()) else {
            self.looked_at = None;
            self.shown.clear();
            return;
        };
        let (known_first, known_last) = self.looked_at.unwrap_or((last.seq + 1, last.seq));
        let older = entries.partition_point(|entry| entry.seq < known_first);
        for entry in entries.range(..older).rev() {
            if self.wanted.admits(entry) {
                self.shown.push_front(Arc::clone(entry));
            }
        }
        let newer = entries.partition_point(|entry| entry.seq <= known_last);
        for entry in entries.range(newer.max(older)..) {
            if self.wanted.admits(entry) {
                self.shown.push_back(Arc::clone(entry));
            }
        }
        while self
            .shown
            .front()
            .is_some_and(|entry| entry.seq < first.seq)
        {
            self.shown.pop_front();
        }
        self.looked_at = Some((first.seq, last.seq));
    }

    /// How many there are, of those up to `last_seq` where the list is held.
    pub fn count(&self, last_seq: Option<u64>) -> usize {
        match last_seq {
            None => self.shown.len(),
            Some(last) => self.shown.partition_point(|entry| entry.seq <= last),
        }
    }

    /// Some of the first `count`, newest first: lines `first` to `end`, counted from the newest.
    pub fn lines(&self, count: usize, first: usize, end: usize) -> Vec<Arc<Entry>> {
        let count = count.min(self.shown.len());
        let (first, end) = (first.min(count), end.min(count));
        self.shown
            .range(count - end..count - first)
            .rev()
            .cloned()
            .collect()
    }

    /// All of them, oldest first.
    pub fn entries(
        &self,
    ) -> impl ExactSizeIterator<Item = &Arc<Entry>> + DoubleEndedIterator + Clone {
        self.shown.iter()
    }

    /// Whether there are others than gaps.
    pub fn has_events(&self) -> bool {
        let mut items = self.shown.iter().rev().map(|entry| &entry.item);
        items.any(|item| matches!(item, Item::Event(_)))
    }

    /// The newest entry that was looked at.
    pub fn last_seq(&self) -> Option<u64> {
        self.looked_at.map(|(_, last)| last)
    }

    /// How many of the shown are newer than `seq`.
    pub fn newer_than(&self, seq: u64) -> usize {
        self.shown.len() - self.count(Some(seq))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Gap, GapReason};

    fn entry(seq: u64, action: &str) -> Arc<Entry> {
        let item = if action == "gap" {
            Item::Gap(Gap {
                from_nano: None,
                to_nano: 0,
                reason: GapReason::BridgeStarted,
            })
        } else {
            Item::Event(Event {
                kind: "container".to_owned(),
                action: action.to_owned(),
                ..Event::default()
            })
        };
        Arc::new(Entry { seq, item })
    }

    fn timeline(from: u64, actions: &[&str]) -> VecDeque<Arc<Entry>> {
        actions
            .iter()
            .zip(from..)
            .map(|(action, seq)| entry(seq, action))
            .collect()
    }

    fn seqs(list: &EventList) -> Vec<u64> {
        list.lines(usize::MAX, 0, usize::MAX)
            .iter()
            .map(|entry| entry.seq)
            .collect()
    }

    fn wanted(line: &str) -> Wanted {
        Wanted {
            filter: line.parse().unwrap(),
            ..Wanted::default()
        }
    }

    const ACTIONS: [&str; 6] = ["start", "exec_start: x", "gap", "die", "exec_die", "start"];

    #[test]
    fn newest_first_and_gaps_always() {
        let mut list = EventList::default();
        list.ask(wanted("event=start"));
        list.follow(1, &timeline(10, &ACTIONS));
        assert_eq!(seqs(&list), [15, 12, 10]);
    }

    #[test]
    fn it_follows_both_ends() {
        let mut list = EventList::default();
        list.ask(wanted(""));
        let mut entries = timeline(10, &ACTIONS);
        list.follow(1, &entries);
        entries.push_back(entry(16, "stop"));
        entries.push_front(entry(9, "exec_create: y"));
        entries.push_front(entry(8, "create"));
        list.follow(1, &entries);
        assert_eq!(seqs(&list), [16, 15, 14, 13, 12, 11, 10, 9, 8]);
        entries.drain(..5);
        list.follow(1, &entries);
        assert_eq!(seqs(&list), [16, 15, 14, 13]);
    }

    #[test]
    fn another_run_of_the_bridge_counts_anew() {
        let mut list = EventList::default();
        list.follow(1, &timeline(10, &ACTIONS));
        list.follow(2, &timeline(1, &["start"]));
        assert_eq!(seqs(&list), [1]);
        list.follow(2, &VecDeque::new());
        assert!(seqs(&list).is_empty());
        list.follow(2, &timeline(2, &["start"]));
        assert_eq!(seqs(&list), [2]);
    }

    #[test]
    fn what_is_far_ahead_is_taken_in_too() {
        let mut list = EventList::default();
        list.follow(1, &timeline(1, &["a", "b"]));
        list.follow(1, &timeline(100, &["c", "d"]));
        assert_eq!(seqs(&list), [101, 100]);
    }

    #[test]
    fn a_held_list_counts_what_waits() {
        let mut list = EventList::default();
        list.follow(1, &timeline(10, &ACTIONS));
        let held = 12;
        assert_eq!(list.count(Some(held)), 3);
        assert_eq!(list.newer_than(held), 3);
        let lines: Vec<_> = list.lines(3, 1, 9).iter().map(|entry| entry.seq).collect();
        assert_eq!(lines, [11, 10]);
    }

    #[test]
    fn a_gap_is_no_event() {
        let mut list = EventList::default();
        list.follow(1, &timeline(1, &["gap"]));
        assert_eq!((list.count(None), list.has_events()), (1, false));
        list.follow(1, &timeline(1, &["gap", "die", "gap"]));
        assert!(list.has_events());
    }
}
