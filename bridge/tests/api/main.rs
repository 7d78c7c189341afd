//! The JSON API from outside, before a daemon that does what the test says and before the demo engine.

#![allow(clippy::unwrap_used)] // a helper of a test is a test

mod attention;
mod away;
mod client;
mod containers;
#[path = "../demo_engine/mod.rs"]
mod demo_engine;
mod doc;
mod events;
mod statistics;
#[allow(dead_code, unused_imports, reason = "a part of it is used here")]
#[path = "../engine/support/mod.rs"]
mod support;
mod usage;
#[path = "../web_support/mod.rs"]
mod web_support;
