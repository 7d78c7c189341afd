use std::collections::HashMap;

use leptos::prelude::*;
use model::{ContainerKey, Depth, Figures, Ring};

use super::{Outbox, handle};
use crate::browser::readers::{kept, shed};

/// The past of the containers that somebody looks at, in plain rings outside the signals: draw on `revision`.
#[derive(Clone, Copy)]
pub struct Series {
    rings: StoredValue<HashMap<ContainerKey, Held>>,
    /// Counts changes of the rings, at most one for each frame.
    pub revision: ReadSignal<u32>,
    set_revision: WriteSignal<u32>,
    outbox: Outbox,
}

struct Held {
    ring: Ring,
    depth: Depth,
    watchers: u32,
}

handle!(Series);

impl Series {
    pub(super) fn new(outbox: Outbox) -> Self {
        let (revision, set_revision) = signal(0);
        Self {
            rings: StoredValue::new(HashMap::new()),
            revision: kept(revision),
            set_revision,
            outbox,
        }
    }

    /// Keeps the past of `key` (a container's, or [`ContainerKey::SUM`]) until the part that calls this is unmounted:
    /// asks the bridge for it, and appends what comes. Live samples come only for what an interest names.
    pub fn watch(self, key: ContainerKey, depth: Depth) {
        let ask = self
            .rings
            .try_update_value(|rings| {
                let held = rings.entry(key).or_insert_with(|| Held {
                    ring: Ring::new(depth),
                    depth,
                    watchers: 0,
                });
                held.watchers += 1;
                if depth > held.depth {
                    held.ring.deepen(depth);
                    held.depth = depth;
                    true
                } else {
                    held.watchers == 1
                }
            })
            .unwrap_or(false);
        if ask {
            self.outbox.want_series(key, depth);
        }
        on_cleanup(move || {
            self.rings.try_update_value(|rings| {
                if let Some(held) = rings.get_mut(&key) {
                    held.watchers -= 1;
                    if held.watchers == 0 {
                        rings.remove(&key);
                    }
                }
            });
        });
    }

    /// Looks at the ring of `key`; `None` while nobody watches it.
    pub fn with<R>(self, key: ContainerKey, look: impl FnOnce(&Ring) -> R) -> Option<R> {
        self.rings
            .try_with_value(|rings| rings.get(&key).map(|held| look(&held.ring)))
            .flatten()
    }

    /// What must be asked for again on a new connection.
    pub(crate) fn ask_again(self) {
        self.rings.with_value(|rings| {
            for (key, held) in rings {
                self.outbox.want_series(*key, held.depth);
            }
        });
    }

    /// Appends to every ring what is known now.
    pub fn push(self, at_millis: u64, figures: impl Fn(ContainerKey) -> Figures) {
        self.rings.update_value(|rings| {
            for (key, held) in rings {
                let figures = figures(*key);
                if figures.known() {
                    held.ring.push(at_millis, &figures);
                } else {
                    held.ring.break_here();
                }
            }
        });
        self.touch();
    }

    /// Takes in the past that the bridge told.
    pub(crate) fn fill(self, key: ContainerKey, fill: impl FnOnce(&mut Ring)) {
        self.rings.update_value(|rings| {
            if let Some(held) = rings.get_mut(&key) {
                fill(&mut held.ring);
            }
        });
        self.touch();
    }

    /// Another run of the bridge gives its keys to other containers: what is here is void.
    pub(crate) fn clear(self) {
        self.rings.update_value(|rings| {
            for held in rings.values_mut() {
                held.ring = Ring::new(held.depth);
            }
        });
        self.touch();
    }

    /// The connection was lost: what comes next does not join what is here.
    pub(crate) fn break_all(self) {
        self.rings.update_value(|rings| {
            for held in rings.values_mut() {
                held.ring.break_here();
            }
        });
    }

    fn touch(self) {
        self.set_revision
            .update(|revision| *revision = revision.wrapping_add(1));
        shed(&self.revision);
    }
}
