use std::sync::Arc;

use leptos::prelude::*;
use model::{Container, events::latest_about};

use crate::{
    browser::clock,
    components::{Empty, Shown, StoryRows},
    live::live,
    state::Timeline,
};

/// So many lines; the rest is on the page of events.
const LINES: usize = 12;

/// The latest stories that are about it, without probes and the like.
#[component]
pub fn Events(container: Signal<Arc<Container>>) -> impl IntoView {
    let timeline = Timeline::expect().live;
    let id = Memo::new(move |_| container.read().id.clone());
    let lines = Memo::new(move |_| {
        timeline.revision.track();
        let id = id.read();
        timeline.with_stories(|stories| latest_about(stories, &id, LINES))
    });
    let all = live(move || {
        let container = container.read();
        format!("events?filter=container%3D{}", container.short_id())
    });
    let none = Signal::derive(move || {
        let goes_on_before = timeline.has_older.get() || timeline.is_full.get();
        match timeline.first_millis.get().filter(|_| !goes_on_before) {
            Some(begin) => format!(
                "Nothing but health checks and commands since {}",
                clock::date_time(begin)
            ),
            None => "No events among the latest".to_owned(),
        }
    });
    view! {
        <section class="panel is-wide">
            <div class="panel-head">
                <h2>"Events, without health checks"</h2>
                <span class="panel-aside">
                    <a href=all>"All of its events"</a>
                </span>
            </div>
            <div class="panel-body">
                <StoryRows lines=lines />
                <Shown when=move || lines.read().is_empty()>
                    <Empty title=none>"What comes is shown here at once."</Empty>
                </Shown>
            </div>
        </section>
    }
}
