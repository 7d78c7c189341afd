use leptos::prelude::*;
use model::format::thousands;

use super::{Asked, Held};
use crate::{browser::clock, live::live_view, state::CAPACITY};

/// At the end of what the page holds: the way further back.
#[component]
pub fn Onwards(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    live_view(move || {
        held.goes_on_before().map(|millis| {
            let go_on = move |_| {
                if let Some(until) = untrack(|| held.go_on()) {
                    asked.update(|asked| asked.until_millis = Some(until));
                }
            };
            view! {
                <p class="list-end quiet">
                    {format!(
                        "The page holds {} events at a time, and there are older ones. ",
                        thousands(CAPACITY),
                    )}
                    <button type="button" class="button is-small" on:click=go_on>
                        "Go on before " {clock::date_time(millis)}
                    </button>
                </p>
            }
        })
    })
}
