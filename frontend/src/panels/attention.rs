use leptos::prelude::*;
use model::{Concern, attention, unbroken};

use crate::{
    browser::clock,
    components::{Age, Mark, Shown, Untold},
    live::{live, live_view},
    state::{Connection, Fleet, Timeline, UsageHandle},
};

/// So many lines; the rest is counted.
const LINES: usize = 8;
/// How often "recently" is looked at anew.
const EVERY_MILLIS: u64 = 5_000;

/// What needs attention, for the list and for the field of marks.
pub fn concerns() -> Memo<Vec<Concern>> {
    let fleet = Fleet::expect();
    let timeline = Timeline::expect().live;
    let usage = UsageHandle::expect().state;
    let now = Connection::expect().now;
    let moment = Memo::new(move |_| now.get() / EVERY_MILLIS * EVERY_MILLIS);
    Memo::new(move |_| {
        fleet.revision.track();
        timeline.revision.track();
        let containers = fleet.containers();
        timeline.with_stories(|stories| {
            attention(
                containers.iter().map(AsRef::as_ref),
                Some(stories),
                usage.read().last.as_ref(),
                moment.get(),
            )
        })
    })
}

/// What a person should look at.
#[component]
pub fn Attention(concerns: Memo<Vec<Concern>>) -> impl IntoView {
    let fleet = Fleet::expect();
    let count = live(move || match concerns.read().len() {
        0 => String::new(),
        count => count.to_string(),
    });
    let more = move || {
        concerns
            .read()
            .len()
            .checked_sub(LINES)
            .filter(|more| *more > 0)
    };
    let line = move |concern: Concern| {
        let since = concern
            .since_millis
            .map(|since| view! { <Age at_millis=since /> });
        let (href, name, filter) = match concern.key {
            Some(key) => {
                let container = fleet.row(key)?.container.get_untracked();
                let id = container.short_id();
                (
                    format!("containers/{id}"),
                    container.shown_name(),
                    format!("container%3D{id}"),
                )
            }
            None => ("usage".to_owned(), "Disk".to_owned(), String::new()),
        };
        let events = concern.evidence_millis.map(|(from, to)| {
            let href = format!(
                "events?filter={filter}&since={}&until={}",
                clock::iso(from),
                clock::iso(to)
            );
            view! {
                <a href=href aria-label=format!("The events that show it: {name}")>
                    "events"
                </a>
            }
        });
        Some(view! {
            <li class="rows-item">
                <Mark shape=concern.tone.shape() tone=concern.tone />
                <span class="rows-main">
                    <a href=href>{name}</a>
                    " "
                    {unbroken(&concern.why)}
                    " "
                    <span class="small">{events}</span>
                </span>
                <span class="rows-end">{since}</span>
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
        <section class="panel is-urgent">
            <div class="panel-head">
                <h2>"Needs attention"</h2>
                <span class="panel-aside">{count}</span>
            </div>
            <div class="panel-body">
                <Shown
                    when=fleet.known
                    fallback=|| view! { <Untold /> }
                >
                    <ul class="rows">
                        {live_view(move || {
                            concerns.read().iter().take(LINES).cloned().map(line).collect_view()
                        })}
                    </ul>
                    {live_view(move || {
                        concerns
                            .read()
                            .is_empty()
                            .then(|| view! { <p class="quiet">{live(calm)}</p> })
                    })}
                    // the list has those in trouble first
                    {live_view(move || {
                        more()
                            .map(|more| {
                                view! {
                                    <p class="quiet">
                                        <a href="containers?sort=state&group=none">
                                            {format!("and {more} more")}
                                        </a>
                                    </p>
                                }
                            })
                    })}
                </Shown>
            </div>
        </section>
    }
}
