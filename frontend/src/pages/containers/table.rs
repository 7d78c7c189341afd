use leptos::{either::Either, html, prelude::*};
use model::{Window, list::Line};
use wasm_bindgen::JsCast;

use super::{
    group::GroupRow,
    head::Head,
    lines::{LineKey, Lines},
    query::UrlQuery,
    row::ContainerRow,
};
use crate::{
    components::Empty,
    state::{Connection, Fleet},
};

/// A shorter list is there whole, so that the browser's own search finds everything.
const WHOLE: usize = 200;

/// The list as one real table. Of a long one only the lines near what is seen exist.
#[component]
pub fn Table(query: UrlQuery, lines: Lines) -> impl IntoView {
    let fleet = Fleet::expect();
    let frame = NodeRef::<html::Div>::new();
    let (seen, set_seen) = signal(Seen::default());
    let measure = move || {
        // a frame may come when the place was left
        if let Some(frame) = frame.try_get_untracked().flatten() {
            set_seen.try_set(Seen::of(&frame));
        }
    };
    let resized = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || resized.remove());
    let count = Memo::new(move |_| lines.shown.with(Vec::len));
    let long = Memo::new(move |_| count.get() > WHOLE);
    Effect::new(move || {
        // the first lines must be there before one can be measured
        if long.get() {
            request_animation_frame(measure);
        }
    });
    let window = Memo::new(move |_| {
        let count = count.get();
        if long.get() {
            let Seen {
                line_px,
                scroll_px,
                height_px,
            } = seen.get();
            Window::of(count, line_px, scroll_px, height_px)
        } else {
            Window {
                end: count,
                ..Window::default()
            }
        }
    });
    let near = move || {
        let Window { first, end, .. } = window.get();
        lines.shown.with(|lines| {
            lines
                .get(first..end.min(lines.len()))
                .unwrap_or_default()
                .to_vec()
        })
    };
    let line = move |line: Line| {
        let key = LineKey::from(&line);
        let index = Signal::derive(move || long.get().then(|| lines.row_index(&key)).flatten());
        match line {
            Line::Group(group) => Either::Left(view! {
                <GroupRow project=group.project.clone() query=query lines=lines index=index />
            }),
            Line::Container(key) => Either::Right(
                fleet
                    .row(key)
                    .map(|row| view! { <ContainerRow row=row index=index /> }),
            ),
        }
    };
    view! {
        <div class="table-frame" node_ref=frame on:scroll=move |_| measure() tabindex="-1">
            <table
                class="table is-fixed as-lines containers"
                aria-rowcount=move || long.get().then(|| count.get() + 1)
            >
                <caption class="visually-hidden">
                    "Containers with what they use now; a project's line carries the sums of its containers"
                </caption>
                <Head query=query />
                <tbody
                    on:pointerover=move |event| lines.held.set(event.pointer_type() == "mouse")
                    on:pointerleave=move |_| lines.held.set(false)
                    on:focusin=move |event| lines.held.set(is_by_keyboard(&event))
                    on:focusout=move |_| lines.held.set(false)
                >
                    <Spacer px=Signal::derive(move || window.get().before_px) />
                    <For each=near key=|line| LineKey::from(line) children=line />
                    <Spacer px=Signal::derive(move || window.get().after_px) />
                </tbody>
            </table>
            <Nothing lines=lines query=query />
        </div>
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
            height_px: 2000.0,
        }
    }
}

impl Seen {
    fn of(frame: &web_sys::HtmlDivElement) -> Self {
        let line_px = frame
            .query_selector("tbody > tr[role=row]")
            .ok()
            .flatten()
            .map_or(32.0, |line| line.get_bounding_client_rect().height());
        Self {
            line_px,
            scroll_px: f64::from(frame.scroll_top()),
            // a frame that is not a scroller is as tall as its lines: never more than the screen is seen of it
            height_px: f64::from(frame.client_height()).min(screen_px()),
        }
    }
}

fn screen_px() -> f64 {
    web_sys::window()
        .and_then(|window| window.inner_height().ok()?.as_f64())
        .unwrap_or(2000.0)
}

/// Keeps the place of lines that are not there.
#[component]
fn Spacer(px: Signal<u32>) -> impl IntoView {
    view! {
        <Show when=move || px.get() != 0>
            <tr aria-hidden="true" class="spacer">
                <td style:height=move || format!("{}px", px.get())></td>
            </tr>
        </Show>
    }
}

/// A pointer leaves its focus behind; only a keyboard's says that somebody is there.
fn is_by_keyboard(event: &web_sys::FocusEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.matches(":focus-visible").unwrap_or(false))
}

/// Why the list is empty, and what to do.
#[component]
fn Nothing(lines: Lines, query: UrlQuery) -> impl IntoView {
    let fleet = Fleet::expect();
    let stale = Connection::expect().stale;
    view! {
        {move || {
            let (shown, hidden) = lines.listing.with(|listing| (listing.shown, listing.hidden));
            if shown > 0 {
                None
            } else if hidden > 0 {
                Some(view! {
                    <Empty title="No container is like that">
                        {format!("The search and the filters hide all {hidden}. ")}
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| query.change(|query| {
                                query.search.clear();
                                query.filters.clear();
                            })
                        >
                            "Show all"
                        </button>
                    </Empty>
                }.into_any())
            } else if !fleet.known.get() || stale.get() {
                Some(view! {
                    <Empty title="Waiting for the daemon">
                        "Its containers are shown as soon as it tells them."
                    </Empty>
                }.into_any())
            } else {
                Some(view! {
                    <Empty title="There are no containers">
                        "Start one, for example with " <code>"docker run -d nginx"</code>
                        ": it appears here by itself."
                    </Empty>
                }.into_any())
            }
        }}
    }
}
