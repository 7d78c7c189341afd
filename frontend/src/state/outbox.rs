use leptos::prelude::*;
use model::{ContainerKey, Depth, Want};

use super::{handle, timeline::Question};
use crate::browser::bell::Bell;

/// What the page asks of the bridge, until `net` takes it. It holds wishes and no messages, so it cannot overflow:
/// a wish that is uttered twice is there once.
#[derive(Clone, Copy)]
pub struct Outbox {
    wishes: StoredValue<Wishes>,
    bell: StoredValue<Bell>,
}

#[derive(Default)]
struct Wishes {
    next_id: u64,
    wants: Vec<(u64, Want)>,
    series: Vec<(ContainerKey, Depth)>,
    older: Vec<Older>,
    count: Option<Question>,
}

/// A wish for a piece of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Older {
    pub part: Part,
    pub limit: u32,
}

/// The entries
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// before a place,
    Before(u64),
    /// or that there were at a time, in milliseconds. Of several such wishes the last counts.
    Until(u64),
}

handle!(Outbox);

impl Outbox {
    pub fn new() -> Self {
        Self {
            wishes: StoredValue::new(Wishes::default()),
            bell: StoredValue::new(Bell::default()),
        }
    }

    /// A place for one part's interest.
    pub fn new_id(self) -> u64 {
        self.wishes
            .try_update_value(|wishes| {
                wishes.next_id += 1;
                wishes.next_id
            })
            .unwrap_or(0)
    }

    pub fn set_want(self, id: u64, want: Option<Want>) {
        self.change(|wishes| {
            wishes.wants.retain(|(other, _)| *other != id);
            wishes.wants.extend(want.map(|want| (id, want)));
        });
    }

    pub fn want_series(self, key: ContainerKey, depth: Depth) {
        self.change(
            |wishes| match wishes.series.iter_mut().find(|(other, _)| *other == key) {
                Some((_, wanted)) => *wanted = depth.max(*wanted),
                None => wishes.series.push((key, depth)),
            },
        );
    }

    pub fn want_older(self, older: Older) {
        self.change(|wishes| {
            let is_until = matches!(older.part, Part::Until(_));
            wishes.older.retain(|wish| {
                wish.part != older.part && !(is_until && matches!(wish.part, Part::Until(_)))
            });
            wishes.older.push(older);
        });
    }

    pub fn want_count(self, question: Question) {
        self.change(|wishes| wishes.count = Some(question));
    }

    fn change(self, change: impl FnOnce(&mut Wishes)) {
        // the handles outlive the page's parts, but not the page itself
        self.wishes.try_update_value(change);
        self.bell.try_with_value(Bell::ring);
    }

    /// What the whole page looks at now.
    pub fn want(self) -> Want {
        self.wishes
            .try_with_value(|wishes| Want::union(wishes.wants.iter().map(|(_, want)| *want)))
            .unwrap_or_default()
    }

    /// Takes the series that were asked for since the last time.
    pub fn take_series(self) -> Vec<(ContainerKey, Depth)> {
        self.wishes
            .try_update_value(|wishes| std::mem::take(&mut wishes.series))
            .unwrap_or_default()
    }

    /// What was asked for of another connection means nothing to the next.
    pub fn forget_older(self) {
        self.wishes.try_update_value(|wishes| wishes.older.clear());
    }

    pub fn take_older(self) -> Vec<Older> {
        self.wishes
            .try_update_value(|wishes| std::mem::take(&mut wishes.older))
            .unwrap_or_default()
    }

    pub fn take_count(self) -> Option<Question> {
        self.wishes
            .try_update_value(|wishes| wishes.count.take())
            .flatten()
    }

    /// Waits until something was wished for. For one waiter.
    pub async fn changed(self) {
        if let Some(bell) = self.bell.try_get_value() {
            bell.rung().await;
        }
    }
}
