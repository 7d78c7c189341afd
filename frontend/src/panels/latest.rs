use leptos::prelude::*;
use model::events::latest_stories;

use crate::{
    components::{Shown, StoryRows, UNMET, unmet},
    live::live,
    state::Timeline,
};

/// So many entries are asked for, and the newest of those that mean something are shown.
pub const LINES: u32 = 200;

/// What happened last, in stories, without probes and the like.
#[component]
pub fn Latest(
    /// So many of them.
    most: usize,
) -> impl IntoView {
    let timeline = Timeline::expect().live;
    let newest = Memo::new(move |_| {
        timeline.revision.track();
        timeline.with_stories(|stories| latest_stories(stories, most))
    });
    let unmet = unmet();
    let nothing = move || if unmet.get() { UNMET } else { "Nothing yet." };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>"Latest"</h2>
                <span class="panel-aside">
                    <a href="events">"All events"</a>
                </span>
            </div>
            <div class="panel-body">
                <StoryRows lines=newest />
                <Shown when=move || newest.read().is_empty()>
                    <p class="quiet">{live(nothing)}</p>
                </Shown>
            </div>
        </section>
    }
}
