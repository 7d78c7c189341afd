//! Parts that pages are put together from.

mod age;
mod empty;
mod icon;
mod mark;
mod meter;
mod shell;

pub use age::Age;
pub use empty::{Empty, Skeleton};
pub use icon::{Glyph, Icon, Logo};
pub use mark::{Mark, StateMark, tone_class};
pub use meter::Meter;
pub use shell::Shell;
