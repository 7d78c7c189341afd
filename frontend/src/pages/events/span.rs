use leptos::prelude::*;

use super::Asked;
use crate::{
    browser::clock,
    components::{Glyph, Icon, Shown},
    live::live,
};

/// The stretch in words, and the fields to type it.
#[component]
pub fn Span(asked: RwSignal<Asked>) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let asked = asked.read();
        (asked.since_millis, asked.until_millis)
    });
    let words = live(move || match chosen.get() {
        (None, None) => "Any time".to_owned(),
        (Some(since), None) => format!("Since {}", clock::date_time(since)),
        (None, Some(until)) => format!("Until {}", clock::date_time(until)),
        (Some(since), Some(until)) => {
            let end = if clock::date_time(since).get(..10) == clock::date_time(until).get(..10) {
                clock::time_of_day(until)
            } else {
                clock::date_time(until)
            };
            format!("{} to {end}", clock::date_time(since))
        }
    });
    let clear = move |_| {
        asked.update(|asked| (asked.since_millis, asked.until_millis) = (None, None));
    };
    view! {
        <div class="event-span">
            <button type="button" class="button is-small" popovertarget="events-span">
                {words}
            </button>
            <Shown when=move || chosen.get() != (None, None)>
                <button
                    type="button"
                    class="button as-quiet as-icon is-small"
                    aria-label="Show any time"
                    on:click=clear
                >
                    <Icon glyph=Glyph::Clear />
                </button>
            </Shown>
            <div id="events-span" class="popover" popover="auto" role="dialog" aria-label="Stretch of time">
                <Moment
                    word="Since"
                    at=move || chosen.get().0
                    set=move |since| asked.update(|asked| asked.since_millis = since)
                />
                <Moment
                    word="Until"
                    at=move || chosen.get().1
                    set=move |until| asked.update(|asked| asked.until_millis = until)
                />
            </div>
        </div>
    }
}

/// One end of the stretch, to be typed.
#[component]
fn Moment(
    word: &'static str,
    at: impl Fn() -> Option<u64> + Send + 'static,
    set: impl Fn(Option<u64>) + 'static,
) -> impl IntoView {
    let set: Box<dyn Fn(Option<u64>)> = Box::new(set);
    view! {
        <label class="popover-row">
            <span>{word}</span>
            <input
                type="datetime-local"
                step="1"
                class="text-field"
                prop:value=live(move || at().map(clock::field).unwrap_or_default())
                on:change=move |event| set(clock::moment(&event_target_value(&event)))
            />
        </label>
    }
}
