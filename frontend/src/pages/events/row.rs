use std::sync::Arc;

use leptos::prelude::*;
use model::{Entry, Gap, Item, Shape, Tone, events::weight, span, words};
use timeline::text;

use crate::{
    browser::clock,
    components::{Glyph, Icon, Mark},
    live::live,
    state::Connection,
};

/// One event in one line; a press opens it.
#[component]
pub fn EventRow(
    entry: Arc<Entry>,
    opened: RwSignal<Option<Arc<Entry>>>,
    /// It stands below the story that it belongs to.
    #[prop(optional)]
    within: bool,
) -> impl IntoView {
    let Item::Event(event) = &entry.item else {
        return ().into_any();
    };
    let at_millis = u64::try_from(event.time_nano / 1_000_000).unwrap_or(0);
    let today = Connection::expect().today;
    let tone = weight(event);
    let loud = (tone != Tone::Off).then(|| {
        let shape = if tone == Tone::Bad {
            Shape::Triangle
        } else {
            Shape::Half
        };
        view! { <Mark shape=shape tone=tone /> }
    });
    let row = view! {
        <time class="event-time number" title=clock::date_time(at_millis)>
            {live(move || clock::near(at_millis, today.get(), clock::time_of_day_fine))}
        </time>
        <span class="event-kind">
            <Icon glyph=glyph_of(&event.kind) />
            <span>{text::visible(&event.kind)}</span>
        </span>
        <span class="event-name hostile">{text::name(event)}</span>
        <span class="event-action hostile">{loud} <span>{text::action(event)}</span></span>
        <span class="event-details hostile">{text::details(event)}</span>
    };
    let is_open = {
        let entry = Arc::clone(&entry);
        Memo::new(move |_| {
            opened
                .read()
                .as_ref()
                .is_some_and(|opened| Arc::ptr_eq(opened, &entry))
        })
    };
    let press = move |_| {
        opened.set((!is_open.get_untracked()).then(|| Arc::clone(&entry)));
    };
    view! {
        <li class="event-line" class:is-within=within>
            <button
                type="button"
                class="event-row"
                aria-expanded=live(move || is_open.get().to_string())
                aria-controls="event-detail"
                on:click=press
            >
                {row}
            </button>
        </li>
    }
    .into_any()
}

/// What each type of event looks like.
pub fn glyph_of(kind: &str) -> Glyph {
    match kind {
        "container" => Glyph::Containers,
        "image" | "builder" => Glyph::Image,
        "volume" => Glyph::Volume,
        "network" => Glyph::Network,
        "daemon" => Glyph::Daemon,
        _ => Glyph::Other,
    }
}

/// A stretch in which events may be missing.
pub fn gap_row(gap: &Gap) -> impl IntoView + use<> {
    let millis = |nano: i64| u64::try_from(nano / 1_000_000).unwrap_or(0);
    let today = Connection::expect().today;
    let (from, to) = (gap.from_nano.map(millis), millis(gap.to_nano));
    let told = live(move || {
        let time = |at| clock::near(at, today.get(), clock::time_of_day);
        match from {
            Some(from) => {
                let lasted = span(to.saturating_sub(from));
                format!("{} to {}, {lasted}", time(from), time(to))
            }
            None => format!("up to {}", time(to)),
        }
    });
    view! {
        <li class="event-line gap">
            <span>"Events may be missing " {told} ": " {words::gap(gap.reason)}</span>
        </li>
    }
}
