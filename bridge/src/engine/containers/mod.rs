//! The fleet: listed once, then kept by events and by inspecting what they changed.

mod effect;
mod fleet;
mod inspect;
mod list;
mod parts;
mod queue;
mod sentence;

pub use self::{
    fleet::{Fleet, News},
    list::{Listed, parse as parse_list},
    queue::{Pace, Queue},
    sentence::status,
};
