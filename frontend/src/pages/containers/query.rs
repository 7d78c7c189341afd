use leptos::prelude::*;
use model::list::ListQuery;

use crate::browser::url_state;

/// What the list is asked for, kept in the URL.
#[derive(Clone, Copy)]
pub struct UrlQuery {
    pub value: RwSignal<ListQuery>,
}

impl UrlQuery {
    pub fn open() -> Self {
        Self {
            value: url_state(
                |fields| ListQuery::from_fields(|name| fields.get(name)),
                ListQuery::to_fields,
            ),
        }
    }

    /// Changes what is asked.
    pub fn change(self, change: impl FnOnce(&mut ListQuery)) {
        self.value.update(change);
    }
}
