//! Events as people mean them: the docker command's filters, an event in one line, stories, what needs attention,
//! and entries as text for other programs. Pure: no I/O, no clock, no browser.

pub mod attention;
pub mod english;
pub mod export;
pub mod filter;
pub mod story;
pub mod text;

pub use filter::{Filter, FilterError, Key, Unpastable};
