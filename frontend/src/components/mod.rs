//! Parts that pages are put together from.

mod age;
mod chart;
mod connection_mark;
mod empty;
mod figure;
mod icon;
mod mark;
mod meter;
mod nav;
mod notes;
mod rows;
mod shell;
mod shown;
mod sparkline;
mod story_rows;
mod theme_switch;
mod usage_picture;
mod windowed;

pub use age::Age;
pub use chart::{Chart, Crosshair, painted, provide_crosshair};
pub use connection_mark::ConnectionMark;
pub use empty::{Empty, Skeleton, UNMET, Untold, unmet};
pub use figure::{figure, figure_or_not_told, figure_or_unknown};
pub use icon::{Glyph, Icon, Logo};
pub use mark::{Mark, StateMark, tone_class};
pub use meter::Meter;
pub use nav::Nav;
pub use notes::Notes;
pub use rows::show_rows;
pub use shell::Shell;
pub use shown::Shown;
pub use sparkline::{Sparkline, paint_on_ticks};
pub use story_rows::StoryRows;
pub use theme_switch::ThemeSwitch;
pub use usage_picture::{UsagePicture, UsageSwatch};
pub use windowed::{Kind, Windowed};
