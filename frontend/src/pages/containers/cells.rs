use leptos::prelude::*;
use model::{Figures, format};

use crate::{
    components::{Meter, figure},
    live::live,
};

/// The cells that change every second: each reads the figures of its own row and nothing that all rows share.
#[component]
pub fn FigureCells(
    #[prop(into)] figures: Signal<Figures>,
    /// Why the figures of the network are not added to others.
    #[prop(optional, into)]
    network_note: Signal<Option<String>>,
    /// Drawn beside the CPU's figure.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let text = move |of: fn(&Figures) -> Option<String>| figure(move || figures.with(of));
    let limit = live(move || {
        figures.with(|figures| {
            figures
                .memory_limit_bytes
                .map(|limit| format!("of {}", format::bytes_size(limit as f64)))
        })
    });
    let share = Signal::derive(move || figures.with(Figures::memory_share));
    view! {
        <td class="col-cpu is-number line-1">
            {children.map(|children| children())}
            <span class="percent">
                {text(|figures| figures.cpu_hundredths.map(format::cpu_percent))}
            </span>
        </td>
        <td class="col-memory is-number" title=limit>
            <Meter part=share series="as-memory" />
            <span class="size">
                {text(|figures| {
                    figures.memory_used_bytes.map(|used| format::bytes_size(used as f64))
                })}
            </span>
        </td>
        <td
            class="col-network is-number"
            class:is-quiet=live(move || network_note.read().is_some())
            title=live(move || network_note.get())
        >
            <span class="pair">{text(|figures| figures.network_rx_rate.map(format::bytes))}</span>
            <span class="pair">{text(|figures| figures.network_tx_rate.map(format::bytes))}</span>
        </td>
        <td class="col-block is-number line-none">
            <span class="pair">{text(|figures| figures.block_read_rate.map(format::bytes))}</span>
            <span class="pair">{text(|figures| figures.block_write_rate.map(format::bytes))}</span>
        </td>
        <td class="col-pids is-number line-none">
            {text(|figures| figures.pids.map(|pids| pids.to_string()))}
        </td>
    }
}
