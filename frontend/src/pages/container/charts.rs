use std::sync::Arc;

use leptos::prelude::*;
use model::{Container, ContainerKey, Figures, chart::Quantity, format};

use super::figures::no_network;
use crate::components::Chart;

/// The last ten minutes, on one axis and under one crosshair.
#[component]
pub fn Charts(
    key: ContainerKey,
    container: Signal<Arc<Container>>,
    figures: Signal<Figures>,
) -> impl IntoView {
    let detail = move |pick: fn(&model::Details) -> Option<u64>| {
        Memo::new(move |_| container.read().details.as_deref().and_then(pick))
    };
    let nano_cpus = detail(|details| details.nano_cpus);
    let memory = detail(|details| details.memory_limit_bytes);
    let cpu_note = move || {
        nano_cpus
            .get()
            .map(|nano| format!("limit {}", cpus(nano)))
            .unwrap_or_default()
    };
    let memory_note = move || match (memory.get(), figures.read().memory_limit_bytes) {
        (Some(limit), _) => format!("limit {}", format::bytes_size(limit as f64)),
        (None, Some(all)) => format!("no limit but the host's {}", format::bytes_size(all as f64)),
        (None, None) => String::new(),
    };
    let line = |limit: Memo<Option<u64>>, scale: f64| {
        Signal::derive(move || limit.get().map(|limit| limit as f64 * scale))
    };
    view! {
        <div class="charts">
            // a billionth of a CPU is a ten-millionth of a percent of one
            <Chart
                key=key
                quantity=Quantity::Cpu
                limit=line(nano_cpus, 1e-7)
                note=Signal::derive(cpu_note)
            />
            <Chart
                key=key
                quantity=Quantity::Memory
                limit=line(memory, 1.0)
                note=Signal::derive(memory_note)
            />
            <Chart
                key=key
                quantity=Quantity::Network
                note=Signal::derive(move || no_network(&container.read()).to_owned())
            />
            <Chart key=key quantity=Quantity::Block />
        </div>
    }
}

/// Billionths of a CPU in words.
pub fn cpus(nano: u64) -> String {
    match nano as f64 / 1e9 {
        1.0 => "1 CPU".to_owned(),
        cpus => format!("{cpus} CPUs"),
    }
}
