//! What runs in the demo: the services of a home server and a small shop, and the images they use.

mod first;
mod images;
mod more;
mod service;
mod words;

pub use images::{BASES, IMAGE_SIZES};
pub use service::{Restart, Service, Temper};
pub use words::{ADJECTIVES, ERRANDS, SURNAMES};

const POSTGRES_READY: Option<(&str, u64)> = Some(("pg_isready -U postgres", 30));

/// The order matters: a small fleet takes the first ones, so every kind of behaviour is near the top.
pub fn services() -> impl Iterator<Item = &'static Service> {
    first::FIRST.iter().chain(more::MORE)
}
