//! A Docker Engine API server with a made-up fleet: it speaks HTTP over a unix socket, like the daemon.
//!
//! `fleet` is what there is, `life` what happens, `load` how much it uses, `ring` the events;
//! `engine` binds them to a clock and `api` answers requests.

mod api;
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

pub use engine::Engine;
pub use faults::{Faults, Mangled};
pub use life::{Act, Refusal};
pub use options::{Cgroup, Options, Release};
pub use server::{serve, serve_engine};
pub use time::Time;
