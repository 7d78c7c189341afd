//! The timeline on disk from outside: the binary, killed and started again before a daemon that goes on.

#![allow(clippy::unwrap_used)] // a helper of a test is a test

mod kept;
mod limits;
mod live;
mod room;
#[path = "../running/mod.rs"]
mod running;
#[path = "../engine/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "a part of it is used")]
mod support;
mod survives;
