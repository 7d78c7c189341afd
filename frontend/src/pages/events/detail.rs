use std::sync::Arc;

use leptos::prelude::*;
use model::{Entry, Event, Item};
use timeline::{filter::Key, text};

use super::Asked;
use crate::{
    browser::clock,
    components::{Glyph, Icon},
    live::live_view,
};

/// The opened event as the daemon told it, whole.
#[component]
pub fn Detail(opened: RwSignal<Option<Arc<Entry>>>, asked: RwSignal<Asked>) -> impl IntoView {
    view! {
        <aside id="event-detail" class="event-detail" aria-label="The opened event">
            {live_view(move || {
                opened
                    .get()
                    .and_then(|entry| match &entry.item {
                        Item::Event(event) => Some(view! { <Raw event=event.clone() opened=opened asked=asked /> }),
                        Item::Gap(_) => None,
                    })
            })}
        </aside>
    }
}

#[component]
fn Raw(
    event: Event,
    opened: RwSignal<Option<Arc<Entry>>>,
    asked: RwSignal<Asked>,
) -> impl IntoView {
    let at_millis = u64::try_from(event.time_nano / 1_000_000).unwrap_or(0);
    let is_container = event.kind == "container" && !event.actor_id.is_empty();
    let link = is_container.then(|| {
        let href = format!("containers/{}", event.actor_id);
        view! { <a href=href>"Show this container"</a> }
    });
    let only = {
        let (kind, actor) = (event.kind.clone(), event.actor_id.clone());
        Key::from_word(&kind)
            .filter(|_| !actor.is_empty())
            .map(|key| {
                let short = actor
                    .get(..12)
                    .filter(|_| is_container)
                    .unwrap_or(&actor)
                    .to_owned();
                view! {
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            let mut filter = timeline::Filter::default();
                            filter.add(key, short.clone());
                            asked.update(|asked| asked.filter = filter.to_string());
                        }
                    >
                        "Only its events"
                    </button>
                }
            })
    };
    let attributes = event
        .attributes
        .iter()
        .map(|(name, value)| {
            view! {
                <dt class="mono hostile">{text::visible(name)}</dt>
                <dd class="mono hostile">{text::visible(value)}</dd>
            }
        })
        .collect_view();
    view! {
        <div class="panel-head">
            <h2 class="hostile">
                {text::visible(&event.kind)} " " {text::name(&event)} " " {text::action(&event)}
            </h2>
            <button
                type="button"
                class="button as-quiet as-icon panel-aside"
                aria-label="Close the event"
                on:click=move |_| opened.set(None)
            >
                <Icon glyph=Glyph::Clear />
            </button>
        </div>
        <dl class="key-value">
            <dt>"Time"</dt>
            <dd class="number">{clock::date_time_fine(at_millis)}</dd>
            <dt>"Nanoseconds"</dt>
            <dd class="mono">{event.time_nano.to_string()}</dd>
            <dt>"Type"</dt>
            <dd class="hostile">{text::visible(&event.kind)}</dd>
            <dt>"Action"</dt>
            <dd class="hostile">{text::action(&event)}</dd>
            <dt>"Actor"</dt>
            <dd class="mono hostile">{text::visible(&event.actor_id)}</dd>
            <dt>"Scope"</dt>
            <dd class="hostile">{text::visible(&event.scope)}</dd>
        </dl>
        <p class="event-tools">{only} {link}</p>
        <h3>"Attributes"</h3>
        <dl class="key-value event-attributes">{attributes}</dl>
        {event
            .redacted
            .then(|| {
                view! {
                    <p class="page-note">
                        "Something that looks like a credential was replaced before it left the bridge."
                    </p>
                }
            })}
    }
}
