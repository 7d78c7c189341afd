use leptos::prelude::*;
use model::{ContainerKey, Metric, format, list::order_of_tick, sort_by};

use crate::{
    components::{Shown, Sparkline, UNMET, figure, unmet},
    live::live,
    state::Fleet,
};

const LINES: usize = 6;

/// Those that use the most CPU.
#[component]
pub fn Consumers() -> impl IntoView {
    let fleet = Fleet::expect();
    let order = Memo::new(move |_| order_of_tick(fleet.tick.get()));
    let top = Memo::new(move |_| {
        // read, not only tracked: a memo that nobody reads is not worked out
        order.get();
        fleet.revision.track();
        let mut consumers: Vec<(u64, ContainerKey)> = fleet.with_rows(|rows| {
            rows.keys()
                .filter_map(|key| Some((fleet.figures(*key).cpu_hundredths?, *key)))
                .collect()
        });
        sort_by(&mut consumers, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        consumers.truncate(LINES);
        consumers
            .into_iter()
            .map(|(_, key)| key)
            .collect::<Vec<_>>()
    });
    let unmet = unmet();
    let nothing = move || {
        fleet.revision.track();
        if unmet.get() {
            UNMET
        } else if fleet.known.get() && fleet.containers().is_empty() {
            "There are no containers."
        } else {
            "No figures yet."
        }
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>"Top consumers"</h2>
                <span class="panel-aside">"by CPU"</span>
            </div>
            <div class="panel-body">
                <ul class="rows">
                    <For each=move || top.get() key=|key| *key children=move |key| line(fleet, key) />
                </ul>
                <Shown when=move || top.read().is_empty()>
                    <p class="quiet">{live(nothing)}</p>
                </Shown>
            </div>
        </section>
    }
}

fn line(fleet: Fleet, key: ContainerKey) -> Option<impl IntoView> {
    let row = fleet.row(key)?;
    let (container, figures) = (row.container, fleet.watch_figures(key));
    let memory_of = figures.clone();
    let linked = container.clone();
    let href = live(move || format!("containers/{}", linked.read().short_id()));
    Some(view! {
        <li class="rows-item consumer">
            <span class="rows-main ellipsis">
                <a href=href>{live(move || container.read().shown_name())}</a>
            </span>
            <Sparkline key=key metric=Metric::Cpu />
            <span class="consumer-cpu number">
                {figure(move || figures.read().cpu_hundredths.map(format::cpu_percent))}
            </span>
            <span class="consumer-memory number quiet">
                {figure(move || {
                    memory_of.read().memory_used_bytes.map(|used| format::bytes_size(used as f64))
                })}
            </span>
        </li>
    })
}
