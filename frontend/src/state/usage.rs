use std::sync::Arc;

use leptos::prelude::*;
use model::{UsageRow, UsageState};

use super::handle;
use crate::browser::readers::kept;

/// The disk usage as last told. Looking at it does not order a reading: declare [`model::Want::usage`] for that.
#[derive(Clone, Copy)]
pub struct UsageHandle {
    /// The reading, its freshness and why there is none.
    pub state: ReadSignal<Arc<UsageState>>,
    set: WriteSignal<Arc<UsageState>>,
}

handle!(UsageHandle);

impl UsageHandle {
    pub(super) fn new() -> Self {
        let (state, set) = signal(Arc::new(UsageState::default()));
        Self {
            state: kept(state),
            set,
        }
    }

    /// The classes of the last reading; none before the first.
    pub fn rows(self) -> Memo<Vec<UsageRow>> {
        Memo::new(move |_| {
            let state = self.state.read();
            state
                .last
                .as_ref()
                .map(|usage| usage.rows.clone())
                .unwrap_or_default()
        })
    }

    pub fn put(self, state: UsageState) {
        self.set.set(Arc::new(state));
    }
}
