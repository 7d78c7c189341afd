//! The daemon's side against a daemon that does what the test says.
#![allow(clippy::unwrap_used)] // a helper of a test is a test

mod away;
mod door;
mod events;
mod faults;
mod fleet;
mod from_outside;
mod statistics;
mod support;
mod tls;
mod usage;
#[path = "../web_support/mod.rs"]
mod web_support;
