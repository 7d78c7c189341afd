use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use tokio::time::Instant;

use crate::engine::Id;

/// Which containers are to be inspected, and when: changes within [`Pace::coalesce`] cost one call.
#[derive(Debug)]
pub struct Queue {
    pace: Pace,
    due: HashMap<Id, Instant>,
    in_flight: HashMap<Id, Flight>,
    /// Failed once since they last changed.
    failed: HashSet<Id>,
}

#[derive(Debug, Clone)]
pub struct Pace {
    pub coalesce: Duration,
    pub at_once: usize,
    /// One that takes longer holds up nobody: another may be asked for in its place.
    pub slow_after: Duration,
    /// So many may be under way with the slow ones.
    pub at_most: usize,
    /// After a failure; a second one in a row waits for the next change.
    pub again: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            coalesce: Duration::from_millis(250),
            at_once: 4,
            slow_after: Duration::from_secs(2),
            at_most: 16,
            again: Duration::from_secs(5),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Flight {
    since: Instant,
    /// Nothing changed since it was asked for.
    current: bool,
}

/// Whether one more may be asked for, if nothing lands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Now,
    From(Instant),
    None,
}

impl Queue {
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            due: HashMap::new(),
            in_flight: HashMap::new(),
            failed: HashSet::new(),
        }
    }

    /// It changed now. What waits already does not wait longer for it.
    pub fn changed(&mut self, id: &Id, now: Instant) {
        self.failed.remove(id);
        self.due
            .entry(id.clone())
            .or_insert(now + self.pace.coalesce);
        if let Some(flight) = self.in_flight.get_mut(id) {
            flight.current = false;
        }
    }

    /// To be inspected as soon as there is room.
    pub fn fill(&mut self, ids: impl IntoIterator<Item = Id>, now: Instant) {
        for id in ids {
            self.due.entry(id).or_insert(now);
        }
    }

    /// It could not be asked; it is, once more.
    pub fn failed(&mut self, id: &Id, now: Instant) {
        if self.failed.insert(id.clone()) {
            self.due.entry(id.clone()).or_insert(now + self.pace.again);
        }
    }

    pub fn forget(&mut self, id: &str) {
        self.due.remove(id);
        self.failed.remove(id);
    }

    /// The next one to ask for now, if there is room for it.
    pub fn take(&mut self, now: Instant) -> Option<Id> {
        match self.room() {
            Room::Now => {}
            Room::From(when) if when <= now => {}
            Room::From(_) | Room::None => return None,
        }
        let id = self
            .waiting()
            .filter(|(_, due)| **due <= now)
            .min_by_key(|(_, due)| **due)
            .map(|(id, _)| id.clone())?;
        self.due.remove(&id);
        let (since, current) = (now, true);
        self.in_flight.insert(id.clone(), Flight { since, current });
        Some(id)
    }

    /// When [`Self::take`] is worth another try; `None`: not before a flight ends or something changes.
    pub fn next_due(&self) -> Option<Instant> {
        let due = self.waiting().map(|(_, due)| *due).min()?;
        match self.room() {
            Room::Now => Some(due),
            Room::From(when) => Some(due.max(when)),
            Room::None => None,
        }
    }

    fn room(&self) -> Room {
        if self.in_flight.len() >= self.pace.at_most {
            return Room::None;
        }
        let mut since: Vec<Instant> = self.in_flight.values().map(|one| one.since).collect();
        since.sort_unstable();
        // the oldest of the newest four: when it is slow, only three count
        match since.iter().rev().nth(self.pace.at_once - 1) {
            Some(since) => Room::From(*since + self.pace.slow_after),
            None => Room::Now,
        }
    }

    /// Whether what it brought is still worth knowing: it is not, if something changed since it was asked for.
    pub fn landed(&mut self, id: &str) -> bool {
        self.in_flight
            .remove(id)
            .is_some_and(|flight| flight.current)
    }

    /// Never the same container twice at once.
    fn waiting(&self) -> impl Iterator<Item = (&Id, &Instant)> {
        self.due
            .iter()
            .filter(|(id, _)| !self.in_flight.contains_key(*id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> Id {
        Id::from(name)
    }

    #[test]
    fn changes_close_together_cost_one_call() {
        let mut queue = Queue::new(Pace::default());
        let now = Instant::now();
        let at = |millis| now + Duration::from_millis(millis);
        queue.changed(&id("a"), now);
        queue.changed(&id("a"), at(100));
        queue.changed(&id("a"), at(240));
        assert_eq!(queue.take(at(249)), None);
        assert_eq!(queue.next_due(), Some(at(250)));
        assert_eq!(queue.take(at(250)), Some(id("a")));
        assert_eq!(queue.take(at(900)), None);
        assert_eq!(queue.next_due(), None);
        assert!(queue.landed("a"));
        assert!(!queue.landed("a"));
    }

    #[test]
    fn what_changes_in_flight_is_asked_for_again() {
        let mut queue = Queue::new(Pace::default());
        let now = Instant::now();
        queue.fill([id("a")], now);
        assert_eq!(queue.take(now), Some(id("a")));
        queue.changed(&id("a"), now);
        let later = now + Duration::from_secs(1);
        assert_eq!(queue.take(later), None);
        assert!(!queue.landed("a"));
        assert_eq!(queue.take(later), Some(id("a")));
        assert!(queue.landed("a"));
    }

    #[test]
    fn four_at_once() {
        let mut queue = Queue::new(Pace::default());
        let now = Instant::now();
        queue.fill(["a", "b", "c", "d", "e"].map(id), now);
        let taken: Vec<_> = std::iter::from_fn(|| queue.take(now)).collect();
        assert_eq!(taken.len(), 4);
        assert!(queue.next_due() > Some(now));
        assert!(queue.landed(&taken[0]));
        assert!(queue.take(now).is_some());
        assert!(queue.due.is_empty());
    }

    #[test]
    fn stuck_ones_hold_up_nobody_but_are_not_without_number() {
        let mut queue = Queue::new(Pace::default());
        let now = Instant::now();
        let at = |seconds| now + Duration::from_secs(seconds);
        queue.fill((0..40).map(|number| id(&number.to_string())), now);
        let take_all = |queue: &mut Queue, now| std::iter::from_fn(|| queue.take(now)).count();
        assert_eq!(take_all(&mut queue, now), 4);
        assert_eq!(queue.next_due(), Some(at(2)));
        assert_eq!(take_all(&mut queue, at(1)), 0);
        // four at a time, each time the ones before are stuck
        assert_eq!(take_all(&mut queue, at(2)), 4);
        assert_eq!(take_all(&mut queue, at(4)), 4);
        assert_eq!(take_all(&mut queue, at(6)), 4);
        assert_eq!(queue.next_due(), None);
        assert_eq!(take_all(&mut queue, at(60)), 0);
        let stuck: Vec<Id> = queue.in_flight.keys().take(2).cloned().collect();
        for id in stuck {
            assert!(queue.landed(&id));
        }
        assert_eq!(take_all(&mut queue, at(60)), 2);
    }

    #[test]
    fn a_failure_is_tried_once_more() {
        let mut queue = Queue::new(Pace::default());
        let now = Instant::now();
        let later = |seconds| now + Duration::from_secs(seconds);
        queue.fill([id("a")], now);
        assert_eq!(queue.take(now), Some(id("a")));
        queue.landed("a");
        queue.failed(&id("a"), now);
        assert_eq!(queue.next_due(), Some(later(5)));
        assert_eq!(queue.take(later(5)), Some(id("a")));
        queue.landed("a");
        queue.failed(&id("a"), later(5));
        assert_eq!(queue.next_due(), None);
        queue.changed(&id("a"), later(60));
        assert_eq!(queue.take(later(61)), Some(id("a")));
        queue.landed("a");
        queue.failed(&id("a"), later(61));
        assert_eq!(queue.next_due(), Some(later(66)));
    }

    #[test]
    fn what_is_gone_is_not_asked_for() {
        let mut queue = Queue::new(Pace::default());
        let now = Instant::now();
        queue.changed(&id("a"), now);
        queue.forget("a");
        assert_eq!(queue.next_due(), None);
    }
}
