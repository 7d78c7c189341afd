use leptos::prelude::*;
use model::{Concern, attention, span};

use crate::{
    components::{Mark, Skeleton},
    state::{Connection, Fleet},
};

/// So many lines; the rest is counted.
const LINES: usize = 8;
/// How often "recently" is looked at anew.
const EVERY_MILLIS: u64 = 5_000;

/// The containers that a person should look at.
#[component]
pub fn Attention() -> impl IntoView {
    let fleet = Fleet::expect();
    let Connection { now, .. } = Connection::expect();
    let moment = Memo::new(move |_| now.get() / EVERY_MILLIS * EVERY_MILLIS);
    let concerns = Memo::new(move |_| {
        fleet.revision.track();
        let containers = fleet.containers();
        attention(containers.iter().map(AsRef::as_ref), moment.get())
    });
    let count = move || match concerns.read().len() {
        0 => String::new(),
        count => count.to_string(),
    };
    let more = move || {
        concerns
            .read()
            .len()
            .checked_sub(LINES)
            .filter(|more| *more > 0)
    };
    let line = move |concern: Concern| {
        let container = fleet.row(concern.key)?.container.get_untracked();
        let since = concern
            .since_millis
            .map(|since| format!("{} ago", span(moment.get_untracked().saturating_sub(since))));
        Some(view! {
            <li class="rows-item">
                <Mark shape=concern.tone.shape() tone=concern.tone />
                <span class="rows-main">
                    <a href=format!("containers/{}", container.short_id())>
                        {container.shown_name()}
                    </a>
                    " "
                    {concern.why}
                </span>
                <span class="rows-end quiet small">{since}</span>
            </li>
        })
    };
    let calm = move || {
        fleet.revision.track();
        if fleet.containers().is_empty() {
            "Nothing: there are no containers."
        } else {
            "Nothing: all containers are well."
        }
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>"Needs attention"</h2>
                <span class="panel-aside">{count}</span>
            </div>
            <div class="panel-body">
                <Show
                    when=move || fleet.known.get()
                    fallback=|| view! { <Skeleton /> }
                >
                    <ul class="rows">
                        {move || {
                            concerns.read().iter().take(LINES).cloned().map(line).collect_view()
                        }}
                    </ul>
                    {move || {
                        concerns
                            .read()
                            .is_empty()
                            .then(|| view! { <p class="quiet">{calm}</p> })
                    }}
                    {move || more().map(|more| view! { <p class="quiet">{format!("and {more} more")}</p> })}
                </Show>
            </div>
        </section>
    }
}
