use leptos::prelude::*;

use super::{
    address::{Address, Fields},
    clock,
};
use crate::live::effect;

/// Browsers count how often a page rewrites its address: typing must not reach their limit.
const SETTLE_MILLIS: u64 = 300;

/// What a place is asked for, kept in the URL's query. The place reads and changes it here; the URL follows, and leads
/// when a person goes back.
pub fn url_state<T>(
    read: impl Fn(&Fields) -> T + Send + Sync + 'static,
    write: impl Fn(&T) -> Vec<(&'static str, String)> + Clone + 'static,
) -> RwSignal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let address = Address::expect();
    let in_url = Memo::new(move |_| read(&address.fields()));
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

    let own_path = address.path_untracked();
    effect(move || {
        let asked = value.get();
        if asked == written.get_value() {
            return;
        }
        let own_path = own_path.clone();
        let write = write.clone();
        leptos::task::spawn_local_scoped_with_cancellation(async move {
            clock::sleep_millis(SETTLE_MILLIS).await;
            if value.get_untracked() == asked && address.is_at(&own_path) {
                let fields = write(&asked);
                written.set_value(asked);
                address.ask(&fields);
            }
        });
    });
    value
}
