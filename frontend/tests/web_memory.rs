//! What comes and goes leaves nothing behind: the size of the page's memory after it has come and gone many times.
//!
//! The memory of WebAssembly never shrinks. A test lets a thing happen until what is needed for it is there, and then as
//! often again: nothing may be added but what allocation by chance splits otherwise.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    reason = "in a test the place tells what was missing"
)]

#[expect(dead_code, reason = "it is there for all tests of the page")]
mod support;

use js_sys::{ArrayBuffer, WebAssembly::Memory};
use page::browser::readers::sweep;
use protocol::{Container, State};
use support::{Page, container, cpu, until, with_page};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const ROUNDS: u32 = 25;
/// Four steps of the memory's growth.
const CHANCE_KIB: u32 = 256;

fn memory_kib() -> u32 {
    let memory: Memory = wasm_bindgen::memory().unchecked_into();
    memory
        .buffer()
        .unchecked_into::<ArrayBuffer>()
        .byte_length()
        / 1024
}

/// What `round` adds to the memory when it has happened often, and happens as often again.
async fn growth_kib(mut round: impl AsyncFnMut()) -> u32 {
    for _ in 0..ROUNDS {
        round().await;
        sweep();
    }
    let before = memory_kib();
    for _ in 0..ROUNDS {
        round().await;
        sweep();
    }
    memory_kib() - before
}

fn fleet() -> Vec<Container> {
    (1..=30)
        .map(|key| container(key, &format!("c{key}"), State::Running))
        .collect()
}

async fn go(page: &Page, place: &str, there: &str) {
    page.one(&format!(".app-nav a[title='{place}']")).click();
    until(place, || !page.all(there).is_empty()).await;
}

#[wasm_bindgen_test]
async fn going_to_and_fro_leaves_nothing_behind() {
    with_page("/", fleet(), async |page, bridge| {
        bridge.tell(&cpu(&[(1, 100), (2, 50)]));
        let growth = growth_kib(async || {
            go(&page, "Containers", "tbody tr[role=row]").await;
            go(&page, "Events", ".event-list").await;
            go(&page, "Engine", ".structure").await;
            go(&page, "Overview", ".marks a").await;
        })
        .await;
        assert!(growth <= CHANCE_KIB, "{growth} KiB");
    })
    .await;
}

#[wasm_bindgen_test]
async fn containers_that_are_looked_for_leave_nothing_behind() {
    with_page("/containers", fleet(), async |page, _bridge| {
        let growth = growth_kib(async || {
            for (typed, shown) in [("c1", 11), ("c11", 1), ("", 30)] {
                page.type_into("input[type=search]", typed);
                until("the rows", || page.names().len() == shown).await;
            }
        })
        .await;
        assert!(growth <= CHANCE_KIB, "{growth} KiB");
    })
    .await;
}
