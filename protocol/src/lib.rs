//! What bridge and page say to each other on the live socket.
//!
//! # Stability
//!
//! The bridge serves the very page it was built with, so both ends normally speak the same version.
//! A page that was open across an upgrade does not, so this much is frozen for ever: the first message
//! of the server is [`ServerMsg::Hello`], variant 0, and [`Hello`] has the two fields it has now.
//! A page that reads another [`PROTOCOL`] or another build reloads itself once.
//!
//! Everything else may change with [`PROTOCOL`]. Within one protocol number variants are only added,
//! at the end of an enum; the fields of a struct or of a variant never change, because postcard carries no names of theirs.
//! `protocol/tests/golden/` makes every change of the wire visible in review.
//!
//! Times are unix milliseconds of the bridge's clock (`_millis`) or the daemon's own nanoseconds
//! (`_nano`); sizes are bytes.

mod client;
mod codec;
mod container;
mod engine;
mod event;
mod server;
mod stats;
mod tls;
mod usage;

pub use client::{
    ClientMsg, EventsWanted, HistogramWanted, Interest, Position, SeriesWanted, StatsWanted,
};
pub use codec::{DecodeError, Encoding};
pub use container::{
    Container, ContainerKey, Details, Health, HealthCheck, Mount, NetworkLink, PortMapping,
    RestartPolicy, State,
};
pub use engine::{Away, AwayReason, Component, DaemonState, EngineInfo};
pub use event::{Entry, Event, Gap, GapReason, Item};
pub use server::{
    EventsFrame, FleetDelta, Hello, HistogramFrame, PastFrame, Refusal, ServerMsg, Snapshot,
};
pub use stats::{Column, Segment, SeriesFrame, StatsFrame};
pub use tls::{FileFault, TlsFault};
pub use usage::{
    READING_PAUSE_MILLIS, READING_TIMES_TAKEN, Usage, UsageClass, UsageFailure, UsageRow,
    UsageState,
};

/// Raised by every change that an older page would misread.
pub const PROTOCOL: u32 = 3;

/// What this build of the bridge and of the page is called; a page that meets another one reloads.
/// `cargo xtask` sets it from the sources of the page; a build by hand has the crate's version.
pub const BUILD: &str = match option_env!("DAEMONSCOPE_BUILD") {
    Some(build) => build,
    None => env!("CARGO_PKG_VERSION"),
};

/// The subprotocol of the page: binary frames.
pub const SUBPROTOCOL_POSTCARD: &str = "daemonscope.v1.postcard";
/// The same messages for people and scripts: text frames.
pub const SUBPROTOCOL_JSON: &str = "daemonscope.v1.json";
/// Every subprotocol of ours, of any version, begins so.
pub const SUBPROTOCOL_PREFIX: &str = "daemonscope.v";
/// Where the live socket is, below the page's base.
pub const LIVE_PATH: &str = "api/v1/live";

/// The close code that follows the [`Hello`] on a subprotocol that the bridge does not know.
pub const CLOSE_OTHER_PROTOCOL: u16 = 4001;
/// The largest message a client may send.
pub const MAX_CLIENT_MESSAGE_BYTES: usize = 64 * 1024;
/// The longest filter a client may send. What people write is far shorter, and its terms are compared with each other.
pub const MAX_FILTER_BYTES: usize = 4 * 1024;
/// By so much at most the time of an entry is before that of another one with an earlier place, in milliseconds: where the
/// stream was joined again. Only a daemon whose clock was set back tells of more.
pub const OUT_OF_ORDER_MILLIS: u64 = 10_000;
