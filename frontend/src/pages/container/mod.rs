//! One container.

mod charts;
mod details;
mod events;
mod figures;

use std::sync::Arc;

use leptos::prelude::*;
use model::{ContainerKey, Depth, FiguresWanted, Want, state_sentence, unbroken};

use crate::{
    browser::{Address, title},
    components::{Empty, Glyph, Icon, Shown, StateMark, provide_crosshair},
    state::{Connection, Fleet, InterestHandle, Row, Series},
};
use charts::Charts;
use details::DetailPanels;
use events::Events;
use figures::FigureRow;

/// As many entries of the timeline as are looked through for those about it.
const ENTRIES: u32 = 500;

#[component]
pub fn Container() -> impl IntoView {
    let fleet = Fleet::expect();
    let address = Address::expect();
    let reference = Memo::new(move |_| address.container().unwrap_or_default());
    // one that is gone is remembered, so that the page can say so
    let key = Memo::new(move |before: Option<&Found>| {
        fleet.revision.track();
        match fleet.find(&reference.read()) {
            Some(row) => Found::Here(row.key),
            None if !fleet.known.get() => Found::Awaited,
            None => match before {
                Some(Found::Here(_) | Found::Gone) => Found::Gone,
                _ => Found::Unknown,
            },
        }
    });
    title::show(move || {
        let name = match key.get() {
            Found::Here(key) => fleet.row(key).map(|row| row.container.get().shown_name()),
            _ => None,
        };
        name.unwrap_or_else(|| reference.get())
    });
    InterestHandle::expect().declare(move || Want {
        figures: match key.get() {
            Found::Here(key) => FiguresWanted::One(key),
            _ => FiguresWanted::None,
        },
        events: Some(ENTRIES),
        ..Want::default()
    });
    move || {
        let found = key.get();
        match found {
            Found::Here(key) => fleet
                .row(key)
                .map(|row| view! { <Body row=row /> }.into_any()),
            absent => Some(view! { <Absent absent=absent reference=reference.get() /> }.into_any()),
        }
    }
}

/// Whether what the address names is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Awaited,
    Here(ContainerKey),
    /// It was here a moment ago.
    Gone,
    Unknown,
}

#[component]
fn Absent(absent: Found, reference: String) -> impl IntoView {
    let (title, why) = match absent {
        Found::Awaited | Found::Here(_) => (
            "Waiting for the daemon".to_owned(),
            "The container is shown as soon as the daemon answers. ",
        ),
        Found::Gone => (
            format!("“{reference}” is gone"),
            "It was removed while this page was open. ",
        ),
        Found::Unknown => (
            format!("There is no container “{reference}”"),
            "It may have been removed, or the address is mistyped. ",
        ),
    };
    view! {
        <section class="page">
            <h1 class="visually-hidden">{title.clone()}</h1>
            <Empty title=title whole_page=true>
                {why}
                <a href="containers" class="button">
                    "Show all containers"
                </a>
            </Empty>
        </section>
    }
}

#[component]
fn Body(row: Row) -> impl IntoView {
    provide_crosshair();
    let now = Connection::expect().now;
    let key = row.key;
    let container: Signal<Arc<model::Container>> = row.container.into();
    let figures = Signal::from(Fleet::expect().watch_figures(key));
    let name = Memo::new(move |_| container.read().shown_name());
    let condition = Memo::new(move |_| container.read().condition());
    let runs = Memo::new(move |_| container.read().state.has_processes());
    let has_past = {
        let series = Series::expect();
        series.watch(key, Depth::Whole);
        Memo::new(move |_| {
            series.revision.track();
            series.with(key, |ring| !ring.is_empty()).unwrap_or(false)
        })
    };
    let sentence = Memo::new(move |_| unbroken(&state_sentence(&container.read(), now.get())));
    view! {
        <article class="page" aria-labelledby="container-name">
            <div class="page-head">
                <a href="containers" class="button as-quiet as-icon" aria-label="All containers">
                    <Icon glyph=Glyph::Back />
                </a>
                <h1 id="container-name" class="hostile">{name}</h1>
                <StateMark condition=condition />
                <p class="page-note">{sentence}</p>
            </div>
            <Shown when=runs>
                <FigureRow container=container figures=figures />
            </Shown>
            <Shown when=move || runs.get() || has_past.get()>
                <Charts key=key container=container figures=figures />
            </Shown>
            <div class="panels">
                <Events container=container />
                <DetailPanels container=container />
            </div>
        </article>
    }
}
