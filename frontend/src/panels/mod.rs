//! Panels that more than one page shows.

mod attention;
mod consumers;
mod latest;
mod marks;
mod usage;
mod usage_table;

pub use attention::{Attention, concerns};
pub use consumers::Consumers;
pub use latest::{LINES, Latest};
pub use marks::Marks;
pub use usage::DiskUsage;
pub use usage_table::UsageTable;
