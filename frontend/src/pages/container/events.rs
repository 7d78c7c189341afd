use std::sync::Arc;

use leptos::prelude::*;
use model::{Container, Entry, Item, concerns, is_routine};

use crate::{
    components::{Empty, entry_line},
    state::Timeline,
};

/// So many lines; the rest is on the page of events.
const LINES: usize = 12;

/// The newest entries of the timeline that are about it, without probes and the like.
#[component]
pub fn Events(container: Signal<Arc<Container>>) -> impl IntoView {
    let timeline = Timeline::expect();
    let id = Memo::new(move |_| container.read().id.clone());
    let lines = Memo::new(move |_| {
        timeline.revision.track();
        let id = id.read();
        timeline.with(|entries| newest(entries.iter().rev(), &id))
    });
    let all = move || {
        let container = container.read();
        format!("events?filter=container%3D{}", container.short_id())
    };
    view! {
        <section class="panel is-wide">
            <div class="panel-head">
                <h2>"Events, without probes"</h2>
                <span class="panel-aside">
                    <a href=all>"All of its events"</a>
                </span>
            </div>
            <div class="panel-body">
                <ul class="rows">
                    <For
                        each=move || lines.get()
                        key=|entry| entry.seq
                        children=|entry| entry_line(&entry)
                    />
                </ul>
                <Show when=move || lines.read().is_empty()>
                    <Empty title="Nothing happened to it yet">
                        "Since daemonscope began to listen. What comes is shown here at once."
                    </Empty>
                </Show>
            </div>
        </section>
    }
}

/// Those about `id`, newest first; a gap stands only between two of them, where it may hide a third.
fn newest<'a>(entries: impl Iterator<Item = &'a Arc<Entry>>, id: &str) -> Vec<Arc<Entry>> {
    let mut lines: Vec<Arc<Entry>> = entries
        .filter(|entry| concerns(entry, id) && !is_routine(entry))
        .take(LINES)
        .cloned()
        .collect();
    while lines
        .last()
        .is_some_and(|entry| matches!(entry.item, Item::Gap(_)))
    {
        lines.pop();
    }
    lines
}
