use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::browser::theme::Theme;

/// Goes through the themes: the system's, light, dark.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(Theme::chosen());
    let label = Signal::derive(move || format!("Theme: {}", theme.get().word()));
    let glyph = Signal::derive(move || match theme.get() {
        Theme::System => Glyph::System,
        Theme::Light => Glyph::Light,
        Theme::Dark => Glyph::Dark,
    });
    view! {
        <button
            type="button"
            class="button as-quiet as-icon"
            aria-label=label
            title=label
            on:click=move |_| {
                let next = theme.get_untracked().next();
                next.choose();
                theme.set(next);
            }
        >
            <Icon glyph=glyph />
        </button>
    }
}
