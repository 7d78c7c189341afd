use leptos::prelude::*;
use model::span;

use crate::{live::live, state::Connection};

/// How long ago something was, counted on every second: "12 s ago". `at_millis` is of the bridge's clock.
#[component]
pub fn Age(#[prop(into)] at_millis: Signal<u64>) -> impl IntoView {
    let now = Connection::expect().now;
    view! {
        <span class="age">
            {live(move || format!("{} ago", span(now.get().saturating_sub(at_millis.get()))))}
        </span>
    }
}
