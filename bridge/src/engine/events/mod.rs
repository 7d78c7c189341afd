//! The daemon's events: read leniently, told once each, with every loss told too.

mod join;
mod past;
mod raw;
mod tally;

pub use self::{
    join::{Joining, Pace},
    past::{Break, Past},
    raw::parse,
    tally::{EventClass, EventCounts, Tally},
};
