//! The page of events: which entries and stories it shows, what weighs in them, and what a person may want to ask for.

mod list;
mod stories;
mod suggest;
mod told;
mod wanted;
mod weight;

pub use list::EventList;
pub use stories::{Open, ProbeSum, StoryLine, StoryList, latest_about, latest_stories};
pub use suggest::suggestions;
pub use timeline::{
    histogram::{Class, Histogram, at_millis},
    is_exec,
};
pub use told::{Told, told};
pub use wanted::Wanted;
pub use weight::{piece_weight, weight};
