use leptos::prelude::*;
use model::Figures;

use crate::components::{Meter, figure, units};

/// The cells that change every second: each reads the figures of its own row and nothing that all rows share.
#[component]
pub fn FigureCells(
    #[prop(into)] figures: Signal<Figures>,
    /// Drawn beside the CPU's figure.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let text = move |of: fn(&Figures) -> Option<String>| figure(move || figures.with(of));
    let limit = move || {
        figures.with(|figures| {
            figures
                .memory_limit_bytes
                .map(|limit| format!("of {}", units::binary(limit)))
        })
    };
    let share = Signal::derive(move || figures.with(Figures::memory_share));
    view! {
        <td class="col-cpu is-number line-1">
            {children.map(|children| children())} {text(units::cpu)}
        </td>
        <td class="col-memory is-number" title=limit>
            {text(units::memory)} <Meter part=share series="as-memory" />
        </td>
        <td class="col-network is-number">
            <span class="pair">{text(|figures| figures.network_rx_rate.map(units::decimal))}</span>
            <span class="pair">{text(|figures| figures.network_tx_rate.map(units::decimal))}</span>
        </td>
        <td class="col-block is-number line-none">
            <span class="pair">{text(|figures| figures.block_read_rate.map(units::decimal))}</span>
            <span class="pair">{text(|figures| figures.block_write_rate.map(units::decimal))}</span>
        </td>
        <td class="col-pids is-number line-none">
            {text(|figures| figures.pids.map(|pids| pids.to_string()))}
        </td>
    }
}
