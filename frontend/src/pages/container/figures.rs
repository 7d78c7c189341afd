use leptos::prelude::*;
use model::{Figures, format};

use crate::components::figure;

/// What it uses now, in words and figures.
#[component]
pub fn FigureRow(figures: Signal<Figures>) -> impl IntoView {
    let of = move |pick: fn(&Figures) -> Option<String>| figure(move || figures.with(pick));
    let note =
        move |pick: fn(&Figures) -> Option<String>| move || figures.with(pick).unwrap_or_default();
    let traffic =
        move |label, rate: fn(&Figures) -> Option<u64>, all: fn(&Figures) -> Option<u64>| {
            let sum = move || {
                figures
                    .with(all)
                    .map(|all| format!("{} in all", format::bytes(all)))
            };
            view! {
                <Tile label=label note=Signal::derive(move || sum().unwrap_or_default())>
                    {figure(move || figures.with(rate).map(format::rate))}
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
            {traffic("Network received", |one| one.network_rx_rate, |one| one.network_rx_bytes)}
            {traffic("Network sent", |one| one.network_tx_rate, |one| one.network_tx_bytes)}
            {traffic("Block read", |one| one.block_read_rate, |one| one.block_read_bytes)}
            {traffic("Block written", |one| one.block_write_rate, |one| one.block_write_bytes)}
            <Tile label="PIDs" note="processes and threads">
                {of(|figures| figures.pids.map(|pids| pids.to_string()))}
            </Tile>
        </div>
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
