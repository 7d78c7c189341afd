use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};
use model::list::ListQuery;

use crate::browser::clock;

/// Browsers count how often a page rewrites its address: typing must not reach their limit.
const SETTLE_MILLIS: u64 = 300;

/// What the list is asked for. The page reads and changes it here; the URL follows, and leads when a person goes back.
#[derive(Clone, Copy)]
pub struct UrlQuery {
    pub value: RwSignal<ListQuery>,
}

impl UrlQuery {
    pub fn open() -> Self {
        let fields = use_query_map();
        let in_url = Memo::new(move |_| {
            fields.with(|fields| ListQuery::from_fields(|name| fields.get(name)))
        });
        let value = RwSignal::new(in_url.get_untracked());
        let written = StoredValue::new(value.get_untracked());

        Effect::new(move || {
            let in_url = in_url.get();
            // our own writing comes back late, when a person may have typed on
            if in_url != written.get_value() {
                written.set_value(in_url.clone());
                value.set(in_url);
            }
        });

        let navigate = use_navigate();
        let path = use_location().pathname;
        let own_path = path.get_untracked();
        Effect::new(move || {
            let asked = value.get();
            if asked == written.get_value() {
                return;
            }
            let navigate = navigate.clone();
            let own_path = own_path.clone();
            leptos::task::spawn_local_scoped_with_cancellation(async move {
                clock::sleep_millis(SETTLE_MILLIS).await;
                if value.get_untracked() == asked && path.get_untracked() == own_path {
                    let fields: ParamsMap = asked.to_fields().into_iter().collect();
                    written.set_value(asked);
                    navigate(
                        &format!("{own_path}{}", fields.to_query_string()),
                        NavigateOptions {
                            replace: true,
                            scroll: false,
                            resolve: false,
                            ..NavigateOptions::default()
                        },
                    );
                }
            });
        });
        Self { value }
    }

    /// Changes what is asked.
    pub fn change(self, change: impl FnOnce(&mut ListQuery)) {
        self.value.update(change);
    }
}
