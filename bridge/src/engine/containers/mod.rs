//! The fleet: listed once, then kept by events and by inspecting what they changed.

mod effect;
mod fleet;
mod inspect;
mod list;
mod parts;
mod queue;

pub use self::{
    fleet::{Fleet, News},
    list::{Listed, parse as parse_list},
    parts::status,
    queue::{Pace, Queue},
};
