use leptos::prelude::*;
use model::{
    ContainerKey, EngineInfo,
    chart::{Quantity, Unit},
};

use crate::{components::Chart, state::Connection};

/// What all containers use together, against what the host has.
#[component]
pub fn Sums() -> impl IntoView {
    let engine = Connection::expect().engine;
    let host = move |pick: fn(&EngineInfo) -> Option<u64>| {
        Memo::new(move |_| {
            engine
                .read()
                .as_deref()
                .and_then(pick)
                .filter(|amount| *amount > 0)
        })
    };
    let cpus = host(|engine| engine.cpus.map(u64::from));
    let memory = host(|engine| engine.memory_bytes);
    let cpu_note = move || {
        cpus.get()
            .map(|cpus| format!("of {}%", cpus * 100))
            .unwrap_or_default()
    };
    let memory_note = move || {
        memory
            .get()
            .map(|bytes| format!("of {}", Unit::Bytes.text(bytes as f64)))
            .unwrap_or_default()
    };
    view! {
        <div class="charts as-row">
            <Chart
                key=ContainerKey::SUM
                quantity=Quantity::Cpu
                limit=Signal::derive(move || cpus.get().map(|cpus| cpus as f64 * 100.0))
                note=Signal::derive(cpu_note)
            />
            <Chart
                key=ContainerKey::SUM
                quantity=Quantity::Memory
                limit=Signal::derive(move || memory.get().map(|bytes| bytes as f64))
                note=Signal::derive(memory_note)
            />
            <Chart key=ContainerKey::SUM quantity=Quantity::Network />
            <Chart key=ContainerKey::SUM quantity=Quantity::Block />
        </div>
    }
}
