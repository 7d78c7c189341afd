//! The bridge: reads a Docker daemon's streams once and relays them to any number of viewers.
//!
//! `engine` knows the daemon, `hub` owns what is known, `web` serves it.

pub mod engine;
pub mod hub;
