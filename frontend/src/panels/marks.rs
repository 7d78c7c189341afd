use leptos::prelude::*;
use model::{Concern, ContainerKey, Tone, list::Filter, sort_by};

use crate::{
    components::{Mark, Shown, Untold},
    live::{live, live_view},
    state::Fleet,
};

/// All containers as a field of marks: whether all is well, from across the room.
#[component]
pub fn Marks(concerns: Memo<Vec<Concern>>) -> impl IntoView {
    let fleet = Fleet::expect();
    // apart from the words, which change all the time
    let concerns: Tones = Memo::new(move |_| {
        let concerns = concerns.read();
        (concerns.iter())
            .filter_map(|concern| Some((concern.key?, concern.tone)))
            .collect()
    });
    let order = Memo::new(move |_| {
        fleet.revision.track();
        let mut containers = fleet.containers();
        sort_by(&mut containers, |a, b| {
            a.order.cmp(&b.order).then(a.key.cmp(&b.key))
        });
        containers
            .iter()
            .map(|container| container.key)
            .collect::<Vec<_>>()
    });
    let counts = Memo::new(move |_| {
        fleet.revision.track();
        let containers = fleet.containers();
        let count = |filter: Filter| {
            let admitted = containers.iter().filter(|one| filter.admits(one));
            (filter, admitted.count())
        };
        let mut counts = Filter::ALL.map(count).to_vec();
        counts.retain(|(_, count)| *count > 0);
        counts
    });
    let link = |(filter, count): (Filter, usize)| {
        view! {
            <a href=format!("containers?state={}", filter.word())>
                <span class="count">{count}</span> " " {filter.word()}
            </a>
        }
    };
    // what is unhealthy is running too, and counted there already
    let words = live_view(move || {
        counts
            .get()
            .into_iter()
            .map(|(filter, count)| match filter {
                Filter::Unhealthy => {
                    view! { <span class="nowrap">"(" {link((filter, count))} ")"</span> }.into_any()
                }
                _ => link((filter, count)).into_any(),
            })
            .collect::<Vec<AnyView>>()
    });
    view! {
        <section class="panel is-wide">
            <div class="panel-head">
                <h2>"Containers"</h2>
                <span class="panel-aside tags">{words}</span>
            </div>
            <div class="panel-body">
                <div class="marks">
                    <For each=move || order.get() key=|key| *key children=move |key| mark(fleet, concerns, key) />
                </div>
                <Shown when=move || !fleet.known.get()>
                    <Untold />
                </Shown>
                <Shown when=move || fleet.known.get() && order.read().is_empty()>
                    <p class="quiet">"There are none."</p>
                </Shown>
            </div>
        </section>
    }
}

type Tones = Memo<Vec<(ContainerKey, Tone)>>;

/// One container, never calmer than the list of what needs attention says it is.
fn mark(fleet: Fleet, concerns: Tones, key: ContainerKey) -> Option<impl IntoView> {
    let container = fleet.row(key)?.container;
    let (named, linked) = (container.clone(), container.clone());
    let href = live(move || format!("containers/{}", linked.read().short_id()));
    let condition = Memo::new(move |_| {
        let concern = (concerns.read().iter()).find_map(|(of, tone)| (*of == key).then_some(*tone));
        container.read().condition().no_calmer_than(concern)
    });
    let words =
        Memo::new(move |_| format!("{}: {}", named.read().shown_name(), condition.read().word));
    Some(view! {
        <a href=href title=words aria-label=words>
            <Mark
                shape=Signal::derive(move || condition.read().shape())
                tone=Signal::derive(move || condition.read().tone)
            />
        </a>
    })
}
