//! Statistics of running containers.

pub mod arithmetic;
