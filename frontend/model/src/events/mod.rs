//! The page of events: which entries it shows, what weighs in them, and what a person may want to ask for.

mod list;
mod suggest;
mod weight;

pub use list::{EventList, Wanted};
pub use suggest::suggestions;
pub use weight::{is_exec, weight};
