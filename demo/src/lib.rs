//! A Docker Engine API server with a made-up fleet: it speaks HTTP over a unix socket, like the daemon.
//!
//! `fleet` is what there is, `life` what happens, `load` how much it uses, `ring` the events;
//! `engine` binds them to a clock and `api` answers requests. `faults` is what it can be made to do wrong, by whoever
//! holds the engine, or from outside by `control`.

mod api;
mod connection;
mod control;
mod engine;
mod faults;
mod fleet;
mod life;
mod load;
mod options;
mod random;
mod ring;
mod server;
mod time;

pub use control::control;
pub use engine::Engine;
pub use faults::{Endless, Faults, Mangled};
pub use life::{Act, Refusal};
pub use options::{Cgroup, Options, Release};
pub use server::{serve, serve_engine, serve_tcp};
pub use time::Time;
