use leptos::{html::Ul, prelude::*};
use model::{ContainerKey, Metric, format, kiosk::first_line, sort_by};

use crate::{
    components::{Meter, Shown, Sparkline, StateMark, Untold, figure},
    live::{effect, live, live_view},
    state::{Connection, Fleet},
};

/// A line each two seconds can be followed with the eye.
const STEP_SECONDS: u64 = 2;
const ROW: &str = ".kiosk-row";

/// All containers, a screen at a time, which moves on by itself. Of a long list only the lines that are seen exist.
#[component]
pub fn Containers(
    /// How many steps it has moved, for the next time.
    walked: StoredValue<u64>,
) -> impl IntoView {
    let fleet = Fleet::expect();
    let now = Connection::expect().now;
    let order = Memo::new(move |_| {
        fleet.revision.track();
        let mut containers = fleet.containers();
        sort_by(&mut containers, |a, b| {
            a.order.cmp(&b.order).then(a.key.cmp(&b.key))
        });
        (containers.iter())
            .map(|container| container.key)
            .collect::<Vec<_>>()
    });
    let list = NodeRef::<Ul>::new();
    // until it is measured: what fits the screen that this is drawn for
    let (room, set_room) = signal(12usize);
    let (step, set_step) = signal(walked.get_value());
    let began = now.get_untracked();
    let before = walked.get_value();
    effect(move || {
        let seconds = now.get().saturating_sub(began) / 1000;
        let steps = before.wrapping_add(seconds / STEP_SECONDS);
        if walked.get_value() != steps {
            walked.set_value(steps);
            set_step.set(steps);
        }
        if let Some(fits) = list.get().and_then(|list| room_of(&list))
            && room.get_untracked() != fits
        {
            set_room.set(fits);
        }
    });
    let first = Memo::new(move |_| first_line(step.get(), order.read().len(), room.get()));
    let shown = Memo::new(move |_| {
        let order = order.read();
        let first = first.get().min(order.len());
        let end = (first + room.get()).min(order.len());
        order[first..end].to_vec()
    });
    let place = live(move || {
        let (first, shown, all) = (first.get(), shown.read().len(), order.read().len());
        (shown < all).then(|| format!("{}–{} of {all}", first + 1, first + shown))
    });
    view! {
        <section class="panel kiosk-list-panel">
            <div class="panel-head">
                <h2>"Containers"</h2>
                <span class="panel-aside number">{place}</span>
            </div>
            <ul class="kiosk-list" node_ref=list>
                <For each=move || shown.get() key=|key| *key children=move |key| line(fleet, key) />
            </ul>
            <Shown when=move || !fleet.known.get()>
                <Untold />
            </Shown>
            <Shown when=move || fleet.known.get() && order.read().is_empty()>
                <p class="quiet">"There are none."</p>
            </Shown>
        </section>
    }
}

/// How many lines fit.
fn room_of(list: &web_sys::Element) -> Option<usize> {
    let row = list.query_selector(ROW).ok()??;
    let row = row.get_bounding_client_rect().height();
    let all = list.get_bounding_client_rect().height();
    // half a pixel is a browser's rounding
    (row > 0.0).then(|| ((all + 0.5) / row).max(1.0) as usize)
}

fn line(fleet: Fleet, key: ContainerKey) -> Option<impl IntoView> {
    let container = fleet.row(key)?.container;
    let figures: Signal<model::Figures> = fleet.watch_figures(key).into();
    let now = Connection::expect().now;
    let container: Signal<std::sync::Arc<model::Container>> = container.into();
    let condition = Memo::new(move |_| container.read().condition());
    let service = Memo::new(move |_| container.read().shown_service());
    let since = Memo::new(move |_| container.read().since_words(now.get()));
    Some(view! {
        <li class="kiosk-row">
            <StateMark condition=condition />
            <span class="ellipsis">
                {live(move || container.read().shown_name())} " "
                {live_view(move || service.get().map(|service| view! { <span class="quiet">{service}</span> }))}
            </span>
            <span class="quiet ellipsis">{since}</span>
            <Sparkline key=key metric=Metric::Cpu />
            <span class="kiosk-figure">
                {figure(move || figures.read().cpu_hundredths.map(format::cpu_percent))}
            </span>
            <Meter
                part=Signal::derive(move || figures.with(model::Figures::memory_share))
                series="as-memory"
            />
            <span class="kiosk-figure">
                {figure(move || {
                    figures.read().memory_used_bytes.map(|used| format::bytes_size(used as f64))
                })}
            </span>
            <span class="kiosk-figure quiet">
                {figure(move || {
                    figures.read().network_rx_rate.map(|rate| format!("↓ {}", format::rate(rate)))
                })}
            </span>
            <span class="kiosk-figure quiet">
                {figure(move || {
                    figures.read().network_tx_rate.map(|rate| format!("↑ {}", format::rate(rate)))
                })}
            </span>
        </li>
    })
}
