use leptos::prelude::*;
use model::Tone;

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
    let mark = tone.map(|tone| view! { <Mark shape=tone.shape() tone=tone /> });
    view! {
        <div class="empty" class:as-page=whole_page>
            <p class="empty-title">{mark} {title}</p>
            <p class="empty-text">{children()}</p>
        </div>
    }
}

/// Keeps the place of a line that is not here yet.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! { <span class="skeleton" aria-hidden="true"></span> }
}
