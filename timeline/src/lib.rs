//! Events as people mean them: the docker command's filters, an event in one line, stories; pure.

pub mod english;
pub mod export;
pub mod filter;
pub mod story;
pub mod text;

pub use filter::{Filter, FilterError, Key, Unpastable};
