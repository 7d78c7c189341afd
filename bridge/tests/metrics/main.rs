//! `/metrics`, read by a parser that is not ours.
#![allow(clippy::unwrap_used)] // a helper of a test is a test

#[path = "../demo_engine/mod.rs"]
mod demo_engine;
mod document;
mod figures;
mod fleet;
mod forms;
mod labels;
mod page;
mod scrape;
#[path = "../engine/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "a part of it is used")]
mod support;
#[path = "../web_support/mod.rs"]
mod web_support;
