//! What is known, in signals. [`provide`] makes every handle once, for the page's whole life; each is small and
//! `Copy` and is fetched with its `expect()`:
//!
//! ```ignore
//! let fleet = Fleet::expect();
//! InterestHandle::expect().declare(|| Want { figures: FiguresWanted::All, ..Want::default() });
//! ```
//!
//! Only `net` writes here, and tests in its place. Large or hot data (rows, rings, entries) lies in plain memory beside
//! a signal that counts its changes: track the `revision`, then look with `with`.

mod connection;
mod fleet;
mod interest;
mod outbox;
mod series;
mod timeline;
mod usage;

use leptos::prelude::*;

pub use connection::Connection;
pub use fleet::{Fleet, Row};
pub use interest::InterestHandle;
pub(crate) use outbox::{Outbox, Part};
pub use series::Series;
pub use timeline::{Answer, CAPACITY, Moment, PIECE, Question, Run, Timeline};
pub use usage::UsageHandle;

/// Makes all handles and puts them into the context.
pub fn provide() {
    let outbox = Outbox::new();
    provide_context(outbox);
    provide_context(Connection::new());
    provide_context(Fleet::new());
    provide_context(Timeline::new(outbox));
    provide_context(UsageHandle::new());
    provide_context(InterestHandle::new(outbox));
    provide_context(Series::new(outbox));
}

/// Gives a handle type its `expect()`.
macro_rules! handle {
    ($name:ident) => {
        impl $name {
            /// The one that [`crate::state::provide`] made.
            pub fn expect() -> Self {
                leptos::prelude::expect_context()
            }
        }
    };
}
pub(crate) use handle;
