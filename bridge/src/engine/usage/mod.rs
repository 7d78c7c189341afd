//! Disk usage.

pub mod arithmetic;
