use leptos::prelude::*;
use model::list::{Filter, ListQuery};

use super::{lines::Lines, query::UrlQuery};
use crate::{
    components::{Glyph, Icon},
    live::live,
    state::Fleet,
};

/// Search, filters, grouping, and how much they hide.
#[component]
pub fn Tools(query: UrlQuery, lines: Lines) -> impl IntoView {
    let value = query.value;
    view! {
        <div class="page-tools is-start">
            <Search query=query lines=lines />
            <div class="chips" role="group" aria-label="States">
                {Filter::ALL
                    .into_iter()
                    .enumerate()
                    .map(|(place, filter)| {
                        view! { <Chip query=query lines=lines place=place filter=filter /> }
                    })
                    .collect_view()}
            </div>
            <button
                type="button"
                class="button as-quiet"
                aria-pressed=live(move || value.with(|query| query.grouped.to_string()))
                on:click=move |_| query.change(|query| query.grouped = !query.grouped)
            >
                <Icon glyph=Glyph::Group />
                "By project"
            </button>
        </div>
    }
}

#[component]
fn Search(query: UrlQuery, lines: Lines) -> impl IntoView {
    let hidden = live(move || {
        lines.listing.with(|listing| match listing.hidden {
            0 => String::new(),
            hidden => format!("{hidden} hidden"),
        })
    });
    view! {
        <label class="search">
            <Icon glyph=Glyph::Search />
            <input
                type="search"
                placeholder="Search name, image, project, id"
                aria-label="Search containers"
                aria-keyshortcuts="/"
                autocomplete="off"
                spellcheck="false"
                prop:value=live(move || query.value.with(|query| query.search.clone()))
                on:input:target=move |event| {
                    let text = event.target().value();
                    query.change(|query| query.search = text);
                }
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        query.change(|query| query.search.clear());
                    }
                }
            />
            <span class="search-end" role="status">{hidden}</span>
        </label>
    }
}

/// A filter, with how many it admits. One that would admit nobody is not there, unless it is on.
#[component]
fn Chip(query: UrlQuery, lines: Lines, place: usize, filter: Filter) -> impl IntoView {
    let count = Memo::new(move |_| lines.listing.with(|listing| listing.counts[place]));
    let on = Memo::new(move |_| {
        query
            .value
            .with(|query: &ListQuery| query.filters.contains(&filter))
    });
    let usual = matches!(filter, Filter::Running | Filter::Exited);
    let known = Fleet::expect().known;
    view! {
        <button
            type="button"
            class="chip"
            hidden=live(move || !usual && !on.get() && count.get() == 0)
            aria-pressed=live(move || on.get().to_string())
            on:click=move |_| query.change(|query| query.toggle_filter(filter))
        >
            {filter.word()}
            " "
            <span class="chip-count">{live(move || known.get().then(|| count.get()))}</span>
        </button>
    }
}
