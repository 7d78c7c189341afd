//! Parts that pages are put together from.

mod shell;

pub use shell::Shell;
