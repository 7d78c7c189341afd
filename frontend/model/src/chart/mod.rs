//! What a chart draws and says, in numbers: scales, ticks, runs and holes. The canvas only follows.

mod axis;
pub mod path;
mod plot;
mod quantity;
mod scale;
mod summary;
mod time;
mod trace;
mod unit;

pub use axis::{Axis, Tick};
pub use plot::Plot;
pub use quantity::{Quantity, Strand};
pub use scale::Scale;
pub use summary::Summary;
pub use time::{TimeTick, clock, time_ticks};
pub use trace::{Trace, nearest};
pub use unit::Unit;
