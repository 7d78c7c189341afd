//! What programs ask: everything below `/api`, and `/healthz`. Described in `docs/api.md`.

mod ask;
mod attention;
mod containers;
mod daemon;
mod engine;
mod events;
mod figures;
mod health;
mod stats;
mod summary;
mod unix;
mod usage;

use axum::{
    Router,
    http::{StatusCode, Uri},
    routing::get,
};

use super::{App, answer::Refused, live};

/// Relative to the root.
pub fn router() -> Router<App> {
    Router::new()
        .nest("/api", api())
        .route("/healthz", get(health::health))
}

fn api() -> Router<App> {
    Router::new().nest("/v1", v1()).fallback(unknown)
}

fn v1() -> Router<App> {
    Router::new()
        .route("/engine", get(engine::engine))
        .route("/containers", get(containers::all))
        .route("/containers/{reference}", get(containers::one))
        .route("/stats", get(stats::stats))
        .route("/summary", get(summary::summary))
        .route("/usage", get(usage::usage))
        .route("/attention", get(attention::attention))
        .route("/events", get(events::events))
        .route("/events/histogram", get(events::histogram))
        .route("/live", get(live::upgrade))
}

async fn unknown(uri: Uri) -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "unknown_path",
        format!(
            "There is nothing at /api{}; there are /api/v1/engine, containers, containers/NAME, stats, summary, usage, \
             attention, events, and the live socket at /{}.",
            uri.path(),
            protocol::LIVE_PATH
        ),
    )
}
