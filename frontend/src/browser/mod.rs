//! What the page needs of the browser beyond what Leptos covers; one file for each thing.

mod address;
pub mod awake;
pub mod bell;
pub mod clipboard;
pub mod clock;
pub mod download;
pub mod focus;
pub mod frame;
pub mod location;
pub mod pace;
pub mod painter;
pub mod palette;
pub mod readers;
pub mod surface;
pub mod theme;
pub mod title;
mod url_state;
pub mod wake;

pub use address::Address;
pub use url_state::url_state;
