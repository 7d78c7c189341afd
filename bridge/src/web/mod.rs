//! The browser's side: the live socket, the page's files, and who may ask for them.
//!
//! Every route but the page's own files is behind the [`Guard`]. `api` is what programs ask, `metrics` what Prometheus
//! does, `live` is the socket of the page, `pages` is all the rest.

mod answer;
mod api;
mod assets;
mod codes;
mod guard;
mod headers;
mod live;
mod metrics;
mod pages;

use std::sync::{Arc, Mutex};

use axum::{Router, middleware, routing::get};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{engine, hub::Hub};
use answer::Refused;

pub use assets::Site;
pub use guard::Guard;

/// How many live sockets there may be at once.
const MAX_VIEWERS: usize = 512;
/// How many answers without a known end there may be at once.
const MAX_STREAMS: usize = 64;

/// What all handlers share.
#[derive(Clone)]
pub struct App {
    hub: Hub,
    counts: engine::Counts,
    /// When scrapes of the metrics come.
    scrapes: Arc<Mutex<metrics::Rhythm>>,
    site: Arc<Site>,
    guard: Guard,
    /// Says that the bridge ends; open sockets close then.
    cancel: CancellationToken,
    viewers: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    sockets: TaskTracker,
}

impl App {
    pub fn new(
        hub: Hub,
        counts: engine::Counts,
        site: Site,
        guard: Guard,
        cancel: CancellationToken,
    ) -> Self {
        Self {
            hub,
            counts,
            scrapes: Arc::default(),
            site: Arc::new(site),
            guard,
            cancel,
            viewers: Arc::new(Semaphore::new(MAX_VIEWERS)),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
            sockets: TaskTracker::new(),
        }
    }

    pub fn router(&self) -> Router {
        let guarded = api::router()
            .route("/metrics", get(metrics::serve))
            .method_not_allowed_fallback(async || Refused::only_get())
            .layer(middleware::map_response(headers::never_store))
            .layer(middleware::from_fn_with_state(self.guard, guard::check));
        guarded
            .fallback(pages::serve)
            .layer(middleware::map_response(headers::secure))
            .with_state(self.clone())
    }

    /// The open live sockets and streams, to wait for their end.
    pub fn sockets(&self) -> &TaskTracker {
        &self.sockets
    }
}
