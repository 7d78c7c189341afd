use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{ContainerKey, Depth, Want};

use super::handle;
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
    wants: BTreeMap<u64, Want>,
    series: BTreeMap<ContainerKey, Depth>,
    older: Option<Older>,
}

/// A wish for entries before `seq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Older {
    pub seq: u64,
    pub limit: u32,
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
        self.change(|wishes| match want {
            Some(want) => {
                wishes.wants.insert(id, want);
            }
            None => {
                wishes.wants.remove(&id);
            }
        });
    }

    pub fn want_series(self, key: ContainerKey, depth: Depth) {
        self.change(|wishes| {
            let wanted = wishes.series.entry(key).or_insert(depth);
            *wanted = depth.max(*wanted);
        });
    }

    pub fn want_older(self, older: Older) {
        self.change(|wishes| wishes.older = Some(older));
    }

    fn change(self, change: impl FnOnce(&mut Wishes)) {
        // the handles outlive the page's parts, but not the page itself
        self.wishes.try_update_value(change);
        self.bell.try_with_value(Bell::ring);
    }

    /// What the whole page looks at now.
    pub fn want(self) -> Want {
        self.wishes
            .try_with_value(|wishes| Want::union(wishes.wants.values().copied()))
            .unwrap_or_default()
    }

    /// Takes the series that were asked for since the last time.
    pub fn take_series(self) -> BTreeMap<ContainerKey, Depth> {
        self.wishes
            .try_update_value(|wishes| std::mem::take(&mut wishes.series))
            .unwrap_or_default()
    }

    pub fn take_older(self) -> Option<Older> {
        self.wishes
            .try_update_value(|wishes| wishes.older.take())
            .flatten()
    }

    /// Waits until something was wished for. For one waiter.
    pub async fn changed(self) {
        if let Some(bell) = self.bell.try_get_value() {
            bell.rung().await;
        }
    }
}
