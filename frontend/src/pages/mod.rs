//! The places of the page.

mod container;
mod containers;
mod engine;
mod events;
mod kiosk;
mod not_found;
mod overview;
pub mod usage;

pub use container::Container;
pub use containers::Containers;
pub use engine::Engine;
pub use events::Events;
pub use kiosk::Kiosk;
pub use not_found::NotFound;
pub use overview::Overview;
pub use usage::Usage;
