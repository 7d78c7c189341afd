use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};

use super::clock;
use crate::live::effect;

/// Browsers count how often a page rewrites its address: typing must not reach their limit.
const SETTLE_MILLIS: u64 = 300;

/// What a place is asked for, kept in the URL's query. The place reads and changes it here; the URL follows, and leads
/// when a person goes back.
pub fn url_state<T>(
    read: impl Fn(&ParamsMap) -> T + Send + Sync + 'static,
    write: impl Fn(&T) -> Vec<(&'static str, String)> + Clone + 'static,
) -> RwSignal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let fields = use_query_map();
    let in_url = Memo::new(move |_| fields.with(&read));
    let value = RwSignal::new(in_url.get_untracked());
    let written = StoredValue::new(value.get_untracked());

    effect(move || {
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
    effect(move || {
        let asked = value.get();
        if asked == written.get_value() {
            return;
        }
        let navigate = navigate.clone();
        let own_path = own_path.clone();
        let write = write.clone();
        leptos::task::spawn_local_scoped_with_cancellation(async move {
            clock::sleep_millis(SETTLE_MILLIS).await;
            if value.get_untracked() == asked && path.get_untracked() == own_path {
                let fields: ParamsMap = write(&asked).into_iter().collect();
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
    value
}
