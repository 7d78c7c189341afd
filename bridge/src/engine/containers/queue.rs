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
    /// After a failure; a second one in a row waits for the next change.
    pub again: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            coalesce: Duration::from_millis(250),
            at_once: 4,
            again: Duration::from_secs(5),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flight {
    Current,
    /// Something changed since it was asked for.
    Overtaken,
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
            *flight = Flight::Overtaken;
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
        if self.in_flight.len() >= self.pace.at_once {
            return None;
        }
        let id = self
            .waiting()
            .filter(|(_, due)| **due <= now)
            .min_by_key(|(_, due)| **due)
            .map(|(id, _)| id.clone())?;
        self.due.remove(&id);
        self.in_flight.insert(id.clone(), Flight::Current);
        Some(id)
    }

    /// When [`Self::take`] is worth another try; `None`: not before a flight ends or something changes.
    pub fn next_due(&self) -> Option<Instant> {
        if self.in_flight.len() >= self.pace.at_once {
            return None;
        }
        self.waiting().map(|(_, due)| *due).min()
    }

    /// Whether what it brought is still worth knowing: it is not, if something changed since it was asked for.
    pub fn landed(&mut self, id: &str) -> bool {
        self.in_flight.remove(id) == Some(Flight::Current)
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
        assert_eq!(queue.next_due(), None);
        assert!(queue.landed(&taken[0]));
        assert!(queue.take(now).is_some());
        assert!(queue.due.is_empty());
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
