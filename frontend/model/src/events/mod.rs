//! The page of events: which entries and stories it shows, what weighs in them, and what a person may want to ask for.

mod histogram;
mod list;
mod stories;
mod suggest;
mod told;
mod wanted;
mod weight;

pub use histogram::{Class, Histogram};
pub use list::EventList;
pub use stories::{Open, ProbeSum, StoryLine, StoryList, latest_about, latest_stories};
pub use suggest::suggestions;
pub use told::{Told, told};
pub use wanted::Wanted;
pub use weight::{is_exec, piece_weight, weight};
