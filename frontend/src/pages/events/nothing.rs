use leptos::prelude::*;

use super::{Asked, Held};
use crate::{
    components::{Empty, Skeleton},
    state::{Connection, Timeline},
};

/// Why the list is empty, and what to do.
#[component]
pub fn Nothing(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    let connection = Connection::expect();
    let timeline = Timeline::expect();
    let told = Memo::new(move |_| {
        timeline.live.revision.track();
        timeline.live.epoch() != 0
    });
    // a gap is no event, and is shown above what is said here
    let empty = Memo::new(move |_| !held.with(|list| list.has_events()));
    let filtered = Memo::new(move |_| !held.wanted.read().is_empty());
    move || {
        if !empty.get() {
            return None;
        }
        Some(if connection.stale.get() {
            view! {
                <Empty title="Waiting for the daemon">
                    "Its events are shown as soon as the daemon answers."
                </Empty>
            }
            .into_any()
        } else if !told.get() {
            view! {
                <p class="event-line event-row">
                    <Skeleton />
                </p>
            }
            .into_any()
        } else if held.looks_back() {
            view! {
                <p class="list-end quiet" role="status">
                    "Looking further back…"
                </p>
            }
            .into_any()
        } else if filtered.get() {
            let among = if held.goes_on_before().is_some() {
                "None of those that are here. "
            } else if held.in_past.get() {
                "None of those that daemonscope still has. "
            } else {
                "None of those that daemonscope still has. What comes is shown here at once. "
            };
            view! {
                <Empty title="No event matches">
                    {among}
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            asked.update(|asked| {
                                *asked = Asked {
                                    raw: asked.raw,
                                    ..Asked::default()
                                };
                            });
                        }
                    >
                        "Show all"
                    </button>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title="No events yet">
                    "Whatever the daemon does from now on appears here: try "
                    <code>"docker pull hello-world"</code> "."
                </Empty>
            }
            .into_any()
        })
    }
}
