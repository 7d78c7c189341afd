//! Events as people mean them: the docker command's filters, an event in one line, stories, what needs attention,
//! what the docker command says of a container's state, entries as text for other programs, and the calendar for all of it.
//! Pure: no I/O, no clock, no browser.

pub mod attention;
mod date;
mod duration;
pub mod english;
pub mod export;
pub mod filter;
pub mod histogram;
mod sorted;
mod status;
pub mod story;
pub mod text;

pub use date::date;
pub use duration::human_duration;
pub use filter::{Filter, FilterError, Key, Unpastable};
pub use histogram::is_exec;
pub use sorted::sort_by;
pub use status::status;
