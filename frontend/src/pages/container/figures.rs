use std::sync::Arc;

use leptos::prelude::*;
use model::{Container, Figures, format};

use crate::components::figure_or_unknown;

/// What it uses now, in words and figures.
#[component]
pub fn FigureRow(container: Signal<Arc<Container>>, figures: Signal<Figures>) -> impl IntoView {
    let of =
        move |pick: fn(&Figures) -> Option<String>| figure_or_unknown(move || figures.with(pick));
    let note =
        move |pick: fn(&Figures) -> Option<String>| move || figures.with(pick).unwrap_or_default();
    let traffic = move |label,
                        rate: fn(&Figures) -> Option<u64>,
                        all: fn(&Figures) -> Option<u64>,
                        missing: fn(&Container) -> &'static str| {
        let sum = move || match figures.with(all) {
            Some(all) => format!("{} in all", format::bytes(all)),
            None => missing(&container.read()).to_owned(),
        };
        view! {
            <Tile label=label note=Signal::derive(sum)>
                {figure_or_unknown(move || figures.with(rate).map(format::rate))}
            </Tile>
        }
    };
    view! {
        <div class="figures container-figures">
            <Tile label="CPU" note="of one CPU">
                {of(|figures| figures.cpu_hundredths.map(format::cpu_percent))}
            </Tile>
            <Tile
                label="Memory"
                note=Signal::derive(
                    note(|figures| {
                        let limit = figures.memory_limit_bytes?;
                        let used = figures.memory_used_bytes?;
                        Some(
                            format!(
                                "{} of {}",
                                format::memory_percent(used, limit),
                                format::bytes_size(limit as f64),
                            ),
                        )
                    }),
                )
            >
                {of(|figures| figures.memory_used_bytes.map(|used| format::bytes_size(used as f64)))}
            </Tile>
            {traffic("Network received", |one| one.network_rx_rate, |one| one.network_rx_bytes, no_network)}
            {traffic("Network sent", |one| one.network_tx_rate, |one| one.network_tx_bytes, no_network)}
            {traffic("Block read", |one| one.block_read_rate, |one| one.block_read_bytes, |_| "")}
            {traffic("Block written", |one| one.block_write_rate, |one| one.block_write_bytes, |_| "")}
            <Tile label="PIDs" note="processes and threads">
                {of(|figures| figures.pids.map(|pids| pids.to_string()))}
            </Tile>
        </div>
    }
}

/// Why no traffic is counted for it.
pub fn no_network(container: &Container) -> &'static str {
    match container.network_mode.as_str() {
        "host" => "uses the host's network",
        _ => "",
    }
}

#[component]
fn Tile(
    label: &'static str,
    #[prop(into)] note: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <p class="figure">
            <span class="figure-label">{label}</span>
            <span class="figure-value">{children()}</span>
            <span class="figure-note">{note}</span>
        </p>
    }
}
