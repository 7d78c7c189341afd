//! View models of the page: what the wire's messages become, and every decision about them that needs no browser.
//!
//! Pure: no I/O, no clock, no DOM. Times are unix milliseconds of the bridge's clock and come in as arguments.

mod attention;
mod backoff;
pub mod chart;
mod concern;
mod condition;
mod container;
pub mod disk;
pub mod events;
mod figures;
pub mod format;
pub mod kiosk;
mod link;
pub mod list;
mod mark;
mod place;
pub mod ports;
mod prose;
mod sentence;
mod series;
mod span;
mod staying;
mod unbroken;
mod want;
mod window;
pub mod words;

pub use attention::{Concern, attention};
pub use backoff::Backoff;
pub use concern::{concerns, is_routine};
pub use condition::{Condition, Tone};
pub use container::Container;
pub use figures::{FigureTable, Figures};
pub use link::{Link, Status};
pub use mark::Shape;
pub use place::{Place, container_in};
pub use prose::{Piece, prose};
pub use sentence::state_sentence;
pub use series::{Depth, Metric, Point, Ring};
pub use span::{span, took};
pub use staying::staying;
pub use timeline::sort_by;
pub use unbroken::unbroken;
pub use want::{FiguresWanted, Want};
pub use window::Window;

/// The domain's own words, which the wire and the page share.
pub use protocol::{
    Away, AwayReason, Component, ContainerKey, DaemonState, Details, EngineInfo, Entry, Event,
    FileFault, Gap, GapReason, Health, HealthCheck, Item, Mount, NetworkLink, PortMapping,
    Position, RestartPolicy, State, TlsFault, Usage, UsageClass, UsageFailure, UsageRow,
    UsageState,
};
