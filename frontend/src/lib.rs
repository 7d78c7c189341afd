//! The page.
//!
//! One way: `net` takes frames from the live socket, `model` turns them into view models, `state` holds those in
//! signals, `pages`, `panels` and `components` show them. Wire types stop at `net`. `browser` is where the page touches what
//! Leptos does not cover, one file for each thing.

mod app;
pub mod browser;
pub mod components;
mod live;
mod net;
pub mod pages;
mod panels;
pub mod state;

pub use app::App;
