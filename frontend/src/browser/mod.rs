//! What the page needs of the browser beyond what Leptos covers; one file for each thing.

pub mod bell;
pub mod clock;
pub mod location;
pub mod wake;
