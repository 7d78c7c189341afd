use crate::live::live;
use leptos::prelude::*;
use model::{Condition, Shape, Tone};

/// The class that gives a tone to what has it, and to all inside.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Off => "is-off",
        Tone::Good => "is-good",
        Tone::Warn => "is-warn",
        Tone::Bad => "is-bad",
    }
}

/// A state's mark alone; a word that says the same must be near.
#[component]
pub fn Mark(#[prop(into)] shape: Signal<Shape>, #[prop(into)] tone: Signal<Tone>) -> impl IntoView {
    view! {
        <span
            class=live(move || format!("mark {} {}", shape.get().class(), tone_class(tone.get())))
            aria-hidden="true"
        ></span>
    }
}

/// A container's state: mark and word.
#[component]
pub fn StateMark(#[prop(into)] condition: Signal<Condition>) -> impl IntoView {
    view! {
        <span class="state">
            <Mark
                shape=Signal::derive(move || condition.read().shape())
                tone=Signal::derive(move || condition.read().tone)
            />
            <span class="state-word">{live(move || condition.read().word.clone())}</span>
        </span>
    }
}
