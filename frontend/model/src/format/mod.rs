//! Figures and columns as the docker command prints them, character for character, and a few plainer ones of our own.

mod listing;
mod number;
mod plain;
mod ports;
mod size;
mod statistics;
mod status;
mod usage;

pub use listing::{columns, command, created, image, short_id};
pub use plain::{ago, bytes, image_short, rate, thousands};
pub use ports::ports;
pub use size::{bytes_size, human_size, human_size_3};
pub use statistics::{cpu_percent, io, memory_percent, memory_usage, percent, pids};
pub use status::status;
pub use timeline::human_duration;
pub use usage::reclaimable;
