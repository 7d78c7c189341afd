use leptos::prelude::*;
use model::{Position, Tone};

use super::{Held, row::glyph_of};
use crate::{
    browser::clock,
    components::{Glyph, Icon, Mark},
    live::{live, live_view},
    state::Connection,
};

/// One story in one line; a press opens it into its events.
#[component]
pub fn StoryRow(first: Position, is_probes: bool, held: Held) -> impl IntoView {
    let told = Memo::new(move |_| held.told(first));
    let today = Connection::expect().today;
    let is_open = Memo::new(move |_| held.is_open(first));
    let at_millis = move || {
        told.read().as_ref().map_or(0, |told| {
            u64::try_from(told.at_nano / 1_000_000).unwrap_or(0)
        })
    };
    let kind = live_view(move || {
        told.read().as_ref().map(|told| {
            view! {
                <Icon glyph=glyph_of(&told.kind) />
                <span>{told.kind.clone()}</span>
            }
        })
    });
    let mark = live_view(move || {
        let tone = told.read().as_ref().map_or(Tone::Off, |told| told.tone);
        (tone != Tone::Off).then(|| view! { <Mark shape=tone.shape() tone=tone /> })
    });
    let text = move |of: fn(&model::events::Told) -> &str| {
        told.read()
            .as_ref()
            .map(|told| of(told).to_owned())
            .unwrap_or_default()
    };
    let events = live(move || {
        told.read().as_ref().map(|told| match told.events {
            1 => "1 event".to_owned(),
            events => format!("{events} events"),
        })
    });
    view! {
        <li class="event-line" class:is-probes=is_probes>
            <button
                type="button"
                class="event-row is-story"
                aria-expanded=live(move || is_open.get().to_string())
                on:click=move |_| held.toggle_story(first)
            >
                <time class="event-time number" title=live(move || clock::date_time(at_millis()))>
                    {live(move || clock::near(at_millis(), today.get(), clock::time_of_day))}
                </time>
                <span class="event-kind">{kind}</span>
                <span class="event-name hostile">{live(move || text(|told| &told.name))}</span>
                <span class="event-words hostile" title=live(move || text(|told| &told.words))>
                    {mark} <span>{live(move || text(|told| &told.words))}</span>
                </span>
                <span class="event-count number">
                    {events} <Icon glyph=Glyph::Open />
                </span>
            </button>
        </li>
    }
}

/// The probes of all containers in one line; a press tells them apart.
#[component]
pub fn ProbesRow(held: Held) -> impl IntoView {
    let words = live(move || {
        let sum = held.probes();
        let of = |number: u64, word: &str| match number {
            1 => format!("1 {word}"),
            number => format!("{number} {word}s"),
        };
        let failed = match sum.failed {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        format!(
            "{} of {}{failed}",
            of(sum.probes, "health probe"),
            of(sum.containers as u64, "container")
        )
    });
    view! {
        <li class="event-line is-probes">
            <button
                type="button"
                class="event-row is-story is-sum"
                aria-expanded=live(move || held.shows_probes().to_string())
                on:click=move |_| held.toggle_probes()
            >
                <span class="event-words">{words}</span>
                <span class="event-count">
                    <Icon glyph=Glyph::Open />
                </span>
            </button>
        </li>
    }
}
