//! The events, live and newest first, as stories or raw: filtered in the docker command's words and by time, held on wish,
//! each opened to its raw form, and given out.
use crate::{
    browser::{readers::kept, title},
    components::Shown,
    live::live,
    state::InterestHandle,
};

mod asked;
mod counts;
mod detail;
mod frame;
mod held;
mod list;
mod nothing;
mod onwards;
mod out;
mod row;
mod span;
mod stories;
mod story_row;
mod times;
mod tools;

use std::sync::Arc;

use leptos::prelude::*;
use model::{Entry, Want};

use asked::{Asked, asked_in_url};
use detail::Detail;
use held::Held;
use list::List;
use nothing::Nothing;
use stories::Stories;
use times::Times;
use tools::Tools;

/// As many as fill a screen; older ones come when somebody scrolls to them.
const RECENT: u32 = 200;

#[component]
pub fn Events() -> impl IntoView {
    title::show(|| "Events".to_owned());
    InterestHandle::expect().declare(|| Want {
        events: Some(RECENT),
        ..Want::default()
    });
    let asked = asked_in_url();
    let held = Held::new(asked);
    let opened = kept(RwSignal::new(None::<Arc<Entry>>));
    view! {
        <section class="page is-full" aria-labelledby="events-title">
            <div class="page-head">
                <h1 id="events-title">"Events"</h1>
                <Tools asked=asked held=held />
            </div>
            <Times asked=asked held=held />
            <div class="events" class:has-detail=live(move || opened.read().is_some())>
                <Shown
                    when=held.raw
                    fallback=move || view! { <Stories asked=asked held=held opened=opened /> }
                >
                    <List asked=asked held=held opened=opened />
                </Shown>
                <Detail opened=opened asked=asked />
            </div>
        </section>
    }
}
