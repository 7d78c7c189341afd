//! The daemon's events: read leniently, told once each, with every loss told too.

mod join;
mod past;
mod raw;

pub use self::{
    join::{Joining, Pace},
    past::{Break, Past},
    raw::parse,
};
