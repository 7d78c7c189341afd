use leptos::prelude::*;
use model::{Tone, events::suggestions, sort_by};

use super::{Asked, Held, out::Out};
use crate::{
    components::{Glyph, Icon, Mark, Shown},
    live::{live, live_view},
    state::Fleet,
};

/// The filter in the docker command's words, how what passes is shown, the pause, and the ways out.
#[component]
pub fn Tools(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    view! {
        <div class="page-tools is-start">
            <FilterField asked=asked held=held />
            <Views asked=asked />
            <Pause held=held />
            <Out held=held />
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
            <label class="search" class:is-wrong=live(move || wrong.read().is_some())>
                <Icon glyph=Glyph::Search />
                <span class="visually-hidden">"Filter, as docker events --filter takes it"</span>
                <input
                    type="search"
                    list="event-filters"
                    aria-keyshortcuts="/"
                    placeholder="type=container event=die container=web"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-invalid=live(move || wrong.read().is_some().to_string())
                    aria-describedby="event-filter-note"
                    prop:value=filter
                    on:input=move |event| {
                        let typed = event_target_value(&event);
                        asked.update(|asked| asked.filter = typed);
                    }
                />
                <Shown when=move || !filter.read().is_empty()>
                    <button
                        type="button"
                        class="button as-quiet as-icon is-small"
                        aria-label="Clear the filter"
                        on:click=move |_| asked.update(|asked| asked.filter.clear())
                    >
                        <Icon glyph=Glyph::Clear />
                    </button>
                </Shown>
            </label>
            <datalist id="event-filters">
                {live_view(move || {
                    options
                        .get()
                        .into_iter()
                        .map(|option| view! { <option value=option></option> })
                        .collect_view()
                })}
            </datalist>
            <p id="event-filter-note" class="field-note is-bad" role="status">
                {live_view(move || {
                    wrong
                        .get()
                        .map(|words| {
                            view! {
                                <Mark shape=model::Shape::Triangle tone=Tone::Bad />
                                <span>{capitalised(&words)} "."</span>
                            }
                        })
                })}
            </p>
        </div>
    }
}

fn capitalised(words: &str) -> String {
    let mut words = words.to_owned();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[component]
fn Views(asked: RwSignal<Asked>) -> impl IntoView {
    let button = move |word: &'static str, raw: bool, title: &'static str| {
        view! {
            <button
                type="button"
                class="button"
                title=title
                aria-pressed=live(move || (asked.read().raw == raw).to_string())
                on:click=move |_| asked.update(|asked| asked.raw = raw)
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="segmented" role="group" aria-label="Shown as">
            {button("Stories", false, "What happened, with health probes folded")}
            {button("Raw", true, "Each event by itself, as docker events prints them")}
        </div>
    }
}

#[component]
fn Pause(held: Held) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button events-pause"
            aria-pressed=live(move || held.is_held().to_string())
            disabled=live(move || held.in_past.get())
            on:click=move |_| held.toggle()
        >
            <Icon glyph=Signal::derive(move || {
                if held.is_held() { Glyph::Resume } else { Glyph::Pause }
            }) />
            <span>
                {live(move || {
                    if held.is_held() {
                        format!("Resume, {}", held.waiting())
                    } else {
                        "Pause".to_owned()
                    }
                })}
                <span class="pause-word">
                    {live(move || if held.is_held() { " waiting" } else { "" })}
                </span>
            </span>
        </button>
    }
}
