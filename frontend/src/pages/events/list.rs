use std::sync::Arc;

use leptos::{html, prelude::*};
use model::{Entry, Item, Window};

use super::{
    Asked, Held,
    row::{EventRow, gap_row},
};
use crate::{
    components::{Empty, Skeleton},
    state::{Connection, Timeline},
};

/// So near to the end of what is here, older entries are asked for.
const NEAR_END: usize = 40;
/// In one piece.
const PIECE: u32 = 500;

/// Of the list only the lines near what is seen exist; all are of one height.
#[component]
pub fn List(
    asked: RwSignal<Asked>,
    held: Held,
    opened: RwSignal<Option<Arc<Entry>>>,
) -> impl IntoView {
    let timeline = Timeline::expect();
    let frame = NodeRef::<html::Div>::new();
    let (seen, set_seen) = signal(Seen::default());
    let measure = move || {
        // a frame may come when the place was left
        if let Some(frame) = frame.try_get_untracked().flatten() {
            set_seen.try_set(Seen::of(&frame));
        }
    };
    frame.on_load(move |_| {
        request_animation_frame(measure);
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());

    let count = Memo::new(move |_| held.count());
    let window = Memo::new(move |_| {
        let Seen {
            line_px,
            scroll_px,
            height_px,
        } = seen.get();
        Window::of(count.get(), line_px, scroll_px, height_px)
    });
    let lines = Memo::new(move |_| {
        let Window { first, end, .. } = window.get();
        let count = count.get();
        held.with(|list| {
            list.lines(count, first, end)
                .into_iter()
                .map(Line)
                .collect::<Vec<_>>()
        })
    });

    // what is read stays under the eye when lines come above it
    Effect::new(move |before: Option<Option<u64>>| {
        let newest = held.with(|list| list.lines(count.get(), 0, 1).first().map(|entry| entry.seq));
        if let (Some(Some(before)), Some(newest), Some(frame)) =
            (before, newest, frame.get_untracked())
            && newest > before
            && frame.scroll_top() > 0
        {
            let added = held.with(|list| list.newer_than(before));
            let px = added as f64 * seen.get_untracked().line_px;
            frame.set_scroll_top(frame.scroll_top() + px as i32);
        }
        newest
    });
    Effect::new(move || {
        timeline.revision.track();
        if window.get().end + NEAR_END >= count.get()
            && timeline.has_older.get()
            && !timeline.awaits_older.get()
        {
            timeline.request_older(PIECE);
        }
    });

    view! {
        <div class="list-frame" node_ref=frame on:scroll=move |_| measure() tabindex="-1">
            <ol class="event-list" aria-label="Events, newest first">
                <li
                    class="event-space"
                    aria-hidden="true"
                    style:height=move || format!("{}px", window.get().before_px)
                ></li>
                <For each=move || lines.get() key=Line::key let:line>
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
                    style:height=move || format!("{}px", window.get().after_px)
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

/// What of the list is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seen {
    line_px: f64,
    scroll_px: f64,
    height_px: f64,
}

impl Default for Seen {
    /// Before anything could be measured: the top of a large screen.
    fn default() -> Self {
        Self {
            line_px: 32.0,
            scroll_px: 0.0,
            height_px: 1200.0,
        }
    }
}

impl Seen {
    fn of(frame: &web_sys::HtmlDivElement) -> Self {
        let line_px = frame
            .query_selector(".event-line")
            .ok()
            .flatten()
            .map_or(32.0, |line| line.get_bounding_client_rect().height());
        Self {
            line_px,
            scroll_px: f64::from(frame.scroll_top()),
            height_px: f64::from(frame.client_height()),
        }
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
                    <Skeleton wide=true />
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
