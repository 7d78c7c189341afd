//! The docker command's words: its filters of events, an event in one line, what it says of a container's state; pure.

mod duration;
pub mod filter;
mod status;
pub mod text;

pub use duration::human_duration;
pub use filter::{Filter, FilterError, Key};
pub use status::status;
