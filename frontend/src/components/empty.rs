use leptos::prelude::*;
use model::{Shape, Tone};

use super::Mark;

/// What stands where there is nothing to show: what is missing, then (as children) why, and what to do.
#[component]
pub fn Empty(
    #[prop(into)] title: Signal<String>,
    /// Trouble has a mark; a mere lack has none.
    #[prop(optional)]
    tone: Option<Tone>,
    /// It takes the room of a whole page.
    #[prop(optional)]
    whole_page: bool,
    children: Children,
) -> impl IntoView {
    let mark = tone.map(|tone| {
        let shape = match tone {
            Tone::Bad => Shape::Triangle,
            Tone::Warn => Shape::Half,
            Tone::Good => Shape::Dot,
            Tone::Off => Shape::Ring,
        };
        view! { <Mark shape=shape tone=tone /> }
    });
    view! {
        <div class="empty" class:as-page=whole_page>
            <p class="empty-title">{mark} {move || title.get()}</p>
            <p class="empty-text">{children()}</p>
        </div>
    }
}

/// Keeps the place of a figure that is not here yet.
#[component]
pub fn Skeleton(#[prop(optional)] short: bool, #[prop(optional)] wide: bool) -> impl IntoView {
    view! { <span class="skeleton" class:is-short=short class:is-wide=wide aria-hidden="true"></span> }
}
