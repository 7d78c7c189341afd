use leptos::prelude::*;
use model::{DaemonState, Tone};

use super::Mark;
use crate::{
    live::live_view,
    state::{Connection, Fleet},
};

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

/// Whether the daemon is away and was never met: nothing is empty then, or about to come, it is unknown.
pub fn unmet() -> Memo<bool> {
    let (fleet, connection) = (Fleet::expect(), Connection::expect());
    Memo::new(move |_| {
        !fleet.known.get() && matches!(*connection.daemon.read(), DaemonState::Away(_))
    })
}

pub const UNMET: &str = "Unknown: not connected.";

/// What stands where the fleet will be.
#[component]
pub fn Untold() -> impl IntoView {
    let unmet = unmet();
    live_view(move || match unmet.get() {
        true => view! { <p class="quiet">{UNMET}</p> }.into_any(),
        false => view! { <Skeleton /> }.into_any(),
    })
}

/// Keeps the place of a line that is not here yet.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! { <span class="skeleton" aria-hidden="true"></span> }
}
