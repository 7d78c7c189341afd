use leptos::{html, prelude::*};
use model::list::Line;
use wasm_bindgen::JsCast;

use super::{
    group::GroupRow,
    head::Head,
    lines::{LineKey, Lines},
    query::UrlQuery,
    row::ContainerRow,
};
use crate::{
    browser::readers::kept_memo,
    components::{Empty, Kind, Windowed, show_rows},
    live::{live, live_view},
    state::{Connection, Fleet},
};

/// A shorter list is there whole. Two screens: what a tick changes is made in one task.
const WHOLE: usize = 60;

/// The list as one real table. Of a long one only the lines near what is seen exist.
#[component]
pub fn Table(query: UrlQuery, lines: Lines) -> impl IntoView {
    let fleet = Fleet::expect();
    let count = Memo::new(move |_| lines.shown.with(|lines| lines.len()));
    let long = kept_memo(move |_| count.get() > WHOLE);
    let windowed = Windowed::new(
        count,
        move |stretch| {
            lines.shown.with(|lines| {
                let end = stretch.end.min(lines.len());
                lines.get(stretch.start..end).unwrap_or_default().to_vec()
            })
        },
        |one, other| match (one, other) {
            (Line::Group(one), Line::Group(other)) => one.project == other.project,
            _ => one == other,
        },
        "tbody > tr[role=row]",
        Kind::Table { whole: WHOLE },
    );
    let view_line = move |line: Line, place: ArcReadSignal<usize>| {
        // counted from 1 with the head
        let index = Signal::derive(move || long.get().then(|| place.get() + 2));
        match line {
            Line::Group(group) => view! {
                <GroupRow project=group.project.clone() query=query lines=windowed index=index />
            }
            .into_any(),
            Line::Container(key) => fleet
                .row(key)
                .map(|row| view! { <ContainerRow row=row index=index /> })
                .into_any(),
        }
    };
    let end = NodeRef::<html::Tr>::new();
    let lines_near = move || {
        let near = windowed.near.read();
        (near.first, near.lines.clone())
    };
    show_rows(end, lines_near, |line| LineKey::from(line), view_line);
    view! {
        <div class="table-frame" node_ref=windowed.frame on:scroll=move |_| windowed.scrolled() tabindex="-1">
            <table
                class="table is-fixed as-lines containers"
                aria-rowcount=live(move || long.get().then(|| count.get() + 1))
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
                    <Spacer px=Signal::derive(move || windowed.before_px()) />
                    <Spacer px=Signal::derive(move || windowed.after_px()) node_ref=end />
                </tbody>
            </table>
            <Nothing lines=lines query=query />
        </div>
    }
}

/// Keeps the place of lines that are not there.
#[component]
fn Spacer(px: Signal<u32>, #[prop(optional)] node_ref: NodeRef<html::Tr>) -> impl IntoView {
    view! {
        <tr
            aria-hidden="true"
            class="spacer"
            style:display=live(move || (px.get() == 0).then_some("none"))
            node_ref=node_ref
        >
            <td style:height=live(move || format!("{}px", px.get()))></td>
        </tr>
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
        {live_view(move || {
            let (shown, hidden) = lines.listing.with(|listing| (listing.shown, listing.hidden));
            if shown > 0 {
                None
            } else if hidden > 0 {
                Some(view! {
                    <Empty title="No container matches">
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
                        "Its containers are shown as soon as the daemon answers."
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
        })}
    }
}
