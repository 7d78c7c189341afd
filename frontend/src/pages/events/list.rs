use std::sync::Arc;

use leptos::prelude::*;
use model::{Entry, Item};

use super::{
    Asked, Held,
    row::{EventRow, gap_row},
};
use crate::{
    components::{Empty, Skeleton, Windowed},
    state::{Connection, Timeline},
};

/// So near to the end of what is here, older entries are asked for.
const NEAR_END: usize = 40;
/// In one piece.
const PIECE: u32 = 500;

/// Of the list only the lines near what is seen exist.
#[component]
pub fn List(
    asked: RwSignal<Asked>,
    held: Held,
    opened: RwSignal<Option<Arc<Entry>>>,
) -> impl IntoView {
    let timeline = Timeline::expect();
    let count = Memo::new(move |_| held.count());
    let windowed = Windowed::new(
        count,
        move |stretch| {
            held.with(|list| {
                list.lines(count.get(), stretch.start, stretch.end)
                    .into_iter()
                    .map(Line)
                    .collect()
            })
        },
        Line::eq,
        ".event-line",
        0,
    );

    // what is read stays under the eye when lines come above it
    Effect::new(move |before: Option<Option<u64>>| {
        let newest = held.with(|list| list.lines(count.get(), 0, 1).first().map(|entry| entry.seq));
        if let (Some(Some(before)), Some(newest)) = (before, newest)
            && newest > before
        {
            windowed.scroll_down(held.with(|list| list.newer_than(before)));
        }
        newest
    });
    Effect::new(move || {
        timeline.revision.track();
        if windowed.end() + NEAR_END >= count.get()
            && timeline.has_older.get()
            && !timeline.awaits_older.get()
        {
            timeline.request_older(PIECE);
        }
    });

    view! {
        <div class="list-frame" node_ref=windowed.frame on:scroll=move |_| windowed.scrolled() tabindex="-1">
            <ol class="event-list" aria-label="Events, newest first">
                <li
                    class="event-space"
                    aria-hidden="true"
                    style:height=move || format!("{}px", windowed.before_px())
                ></li>
                <For each=move || windowed.near.read().lines.clone() key=Line::key let:line>
                    {match &line.0.item {
                        Item::Event(_) => {
                            view! { <EventRow entry=line.0 opened=opened /> }.into_any()
                        }
                        Item::Gap(gap) => gap_row(gap).into_any(),
                    }}
                </For>
                <li
                    class="event-space"
                    aria-hidden="true"
                    style:height=move || format!("{}px", windowed.after_px())
                ></li>
            </ol>
            <Nothing asked=asked held=held />
        </div>
    }
}

/// One entry, equal where it is the very same.
#[derive(Debug, Clone)]
struct Line(Arc<Entry>);

impl Line {
    /// The address tells entries of two runs of the bridge apart.
    fn key(&self) -> (u64, usize) {
        (self.0.seq, Arc::as_ptr(&self.0) as usize)
    }
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Why the list is empty, and what to do.
#[component]
fn Nothing(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    let connection = Connection::expect();
    let timeline = Timeline::expect();
    let told = Memo::new(move |_| {
        timeline.revision.track();
        timeline.epoch() != 0
    });
    let empty = Memo::new(move |_| held.count() == 0);
    let filtered = Memo::new(move |_| !asked.read().filter.trim().is_empty());
    move || {
        if !empty.get() {
            return None;
        }
        Some(if connection.stale.get() {
            view! {
                <Empty title="Waiting for the daemon" whole_page=true>
                    "Its events are shown as soon as it tells them."
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
        } else if filtered.get() {
            view! {
                <Empty title="No event is like that" whole_page=true>
                    "None of those that the bridge still has. What comes is shown here at once. "
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| asked.update(|asked| asked.filter.clear())
                    >
                        "Show all"
                    </button>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title="No events yet" whole_page=true>
                    "Whatever the daemon does from now on appears here: try "
                    <code>"docker pull hello-world"</code> "."
                </Empty>
            }
            .into_any()
        })
    }
}
