//! Disk usage.

mod arithmetic;
