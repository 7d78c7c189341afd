use leptos::prelude::*;
use model::{Tone, events::suggestions, sort_by};

use super::{Asked, Held};
use crate::{
    components::{Glyph, Icon, Mark},
    state::Fleet,
};

/// The filter in the docker command's words, what is left out, and the pause.
#[component]
pub fn Tools(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    view! {
        <div class="page-tools is-start">
            <FilterField asked=asked held=held />
            <Execs asked=asked held=held />
            <Pause held=held />
        </div>
    }
}

#[component]
fn FilterField(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    let fleet = Fleet::expect();
    let filter = Memo::new(move |_| asked.read().filter.clone());
    let options = Memo::new(move |_| {
        fleet.revision.track();
        let mut names: Vec<String> = fleet
            .containers()
            .iter()
            .map(|container| container.name.clone())
            .collect();
        sort_by(&mut names, Ord::cmp);
        suggestions(&filter.read(), &names)
    });
    let wrong = Memo::new(move |_| held.error.read().as_ref().map(ToString::to_string));
    view! {
        <div class="field">
            <label class="search" class:is-wrong=move || wrong.read().is_some()>
                <Icon glyph=Glyph::Search />
                <span class="visually-hidden">"Filter, as docker events --filter takes it"</span>
                <input
                    type="search"
                    list="event-filters"
                    placeholder="type=container event=die container=web"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-invalid=move || wrong.read().is_some().to_string()
                    aria-describedby="event-filter-note"
                    prop:value=move || filter.get()
                    on:input=move |event| {
                        let typed = event_target_value(&event);
                        asked.update(|asked| asked.filter = typed);
                    }
                />
                <Show when=move || !filter.read().is_empty()>
                    <button
                        type="button"
                        class="button as-quiet as-icon is-small"
                        aria-label="Clear the filter"
                        on:click=move |_| asked.update(|asked| asked.filter.clear())
                    >
                        <Icon glyph=Glyph::Clear />
                    </button>
                </Show>
            </label>
            <datalist id="event-filters">
                {move || {
                    options
                        .get()
                        .into_iter()
                        .map(|option| view! { <option value=option></option> })
                        .collect_view()
                }}
            </datalist>
            <p id="event-filter-note" class="field-note is-bad" role="status">
                {move || {
                    wrong
                        .get()
                        .map(|words| {
                            view! {
                                <Mark shape=model::Shape::Triangle tone=Tone::Bad />
                                <span>{capitalised(&words)} "."</span>
                            }
                        })
                }}
            </p>
        </div>
    }
}

fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

#[component]
fn Execs(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    let left_out = move || held.with(model::events::EventList::left_out);
    view! {
        <label class="switch" title="Commands that are run inside containers, which are mostly health checks: three events each time">
            <input
                type="checkbox"
                prop:checked=move || !asked.read().execs
                on:change=move |event| {
                    let hide = event_target_checked(&event);
                    asked.update(|asked| asked.execs = !hide);
                }
            />
            "Hide health probes"
            <span class="chip-count number">
                {move || (!asked.read().execs).then(|| format!("{} hidden", left_out()))}
            </span>
        </label>
    }
}

#[component]
fn Pause(held: Held) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button events-pause"
            aria-pressed=move || held.is_held().to_string()
            on:click=move |_| held.toggle()
        >
            <Icon glyph=Signal::derive(move || {
                if held.is_held() { Glyph::Resume } else { Glyph::Pause }
            }) />
            {move || {
                if held.is_held() {
                    format!("Resume, {} waiting", held.waiting())
                } else {
                    "Pause".to_owned()
                }
            }}
        </button>
    }
}
