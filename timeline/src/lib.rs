//! Events as people mean them: the docker command's filters, and an event in one line; pure.

pub mod filter;
pub mod text;

pub use filter::{Filter, FilterError, Key};
