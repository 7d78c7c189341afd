//! Statistics of running containers.

mod arithmetic;
