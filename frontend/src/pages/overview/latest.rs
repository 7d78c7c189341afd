use leptos::prelude::*;
use model::is_routine;

use crate::{components::entry_line, state::Timeline};

/// So many entries are asked for, and the newest of those that mean something are shown.
pub const LINES: u32 = 200;
const SHOWN: usize = 7;

/// What happened last, without probes and the like.
#[component]
pub fn Latest() -> impl IntoView {
    let timeline = Timeline::expect();
    let newest = Memo::new(move |_| {
        timeline.revision.track();
        timeline.with(|entries| {
            entries
                .iter()
                .rev()
                .filter(|entry| !is_routine(entry))
                .take(SHOWN)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>"Latest"</h2>
                <span class="panel-aside">
                    <a href="events">"All events"</a>
                </span>
            </div>
            <div class="panel-body">
                <ul class="rows">
                    <For
                        each=move || newest.get()
                        key=|entry| entry.seq
                        children=|entry| entry_line(&entry)
                    />
                </ul>
                <Show when=move || newest.read().is_empty()>
                    <p class="quiet">"Nothing yet."</p>
                </Show>
            </div>
        </section>
    }
}
