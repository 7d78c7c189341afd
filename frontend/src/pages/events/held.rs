use leptos::prelude::*;
use model::events::{EventList, Wanted};
use timeline::{Filter, FilterError};

use super::Asked;
use crate::state::Timeline;

/// The list as it stands, outside the signals, and what is known about it.
#[derive(Clone, Copy)]
pub struct Held {
    list: StoredValue<EventList>,
    /// Counts changes of the list.
    pub revision: ReadSignal<u32>,
    /// The newest entry that is shown while the list is held.
    held_at: RwSignal<Option<u64>>,
    /// Why what was typed is no filter; the list keeps the last that was one.
    pub error: Memo<Option<FilterError>>,
}

impl Held {
    pub fn new(asked: RwSignal<Asked>) -> Self {
        let timeline = Timeline::expect();
        let list = StoredValue::new(EventList::default());
        let (revision, set_revision) = signal(0u32);
        let read = Memo::new(move |_| asked.read().filter.parse::<Filter>());
        let wanted = Memo::new(move |before: Option<&Wanted>| Wanted {
            filter: match &*read.read() {
                Ok(filter) => filter.clone(),
                Err(_) => before
                    .map(|before| before.filter.clone())
                    .unwrap_or_default(),
            },
            without_execs: !asked.read().execs,
        });
        Effect::new(move || {
            timeline.revision.track();
            let wanted = wanted.get();
            list.update_value(|list| {
                list.ask(wanted);
                timeline.with(|entries| list.follow(timeline.epoch(), entries));
            });
            set_revision.update(|revision| *revision = revision.wrapping_add(1));
        });
        Self {
            list,
            revision,
            held_at: RwSignal::new(None),
            error: Memo::new(move |_| read.read().as_ref().err().cloned()),
        }
    }

    /// Looks at the list as of now, and again when it changes.
    pub fn with<R>(self, look: impl FnOnce(&EventList) -> R) -> R {
        self.revision.track();
        self.list.with_value(look)
    }

    /// How many lines are shown.
    pub fn count(self) -> usize {
        let held_at = self.held_at.get();
        self.with(|list| list.count(held_at))
    }

    pub fn is_held(self) -> bool {
        self.held_at.read().is_some()
    }

    /// How many lines wait while it is held.
    pub fn waiting(self) -> usize {
        let held_at = self.held_at.get();
        self.with(|list| held_at.map_or(0, |seq| list.newer_than(seq)))
    }

    /// Holds the list where it is, or lets it run on.
    pub fn toggle(self) {
        let last = self.list.with_value(EventList::last_seq);
        self.held_at
            .update(|held_at| *held_at = if held_at.is_some() { None } else { last });
    }
}
