//! The list of containers: what a person asked to see of it, and what that makes of the fleet.

mod listing;
mod query;
mod sort;

pub use listing::{Group, Line, Listing, hold, list, total};
pub use query::{Filter, ListQuery};
pub use sort::{NaturalKey, Sort, SortKey, order_of_tick};

use std::sync::Arc;

use crate::{Container, Figures};

/// One container as the list looks at it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub container: Arc<Container>,
    pub figures: Figures,
}
