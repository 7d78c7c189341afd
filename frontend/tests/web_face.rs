//! Charts, events, disk usage and engine in a real browser: what a person reads and does, not how it is built.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[path = "web_face/stage.rs"]
mod stage;

#[path = "web_face/charts.rs"]
mod charts;
#[path = "web_face/engine.rs"]
mod engine;
#[path = "web_face/events.rs"]
mod events;
#[path = "web_face/theme.rs"]
mod theme;
#[path = "web_face/usage.rs"]
mod usage;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
