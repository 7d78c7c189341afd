use leptos::prelude::*;
use model::Want;

use super::{Outbox, handle};
use crate::live::effect;

/// What the parts of the page look at. The bridge is told the union of it, whole, each time it changes.
#[derive(Clone, Copy)]
pub struct InterestHandle {
    outbox: Outbox,
}

handle!(InterestHandle);

impl InterestHandle {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self { outbox }
    }

    /// Says what the part that calls this looks at, until it is unmounted. `want` may read signals: it is told anew when they change.
    pub fn declare(self, want: impl Fn() -> Want + 'static) {
        let id = self.outbox.new_id();
        effect(move || self.outbox.set_want(id, Some(want())));
        on_cleanup(move || self.outbox.set_want(id, None));
    }
}
