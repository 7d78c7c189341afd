//! What programs ask: everything below `/api`, and `/healthz`. Described in `docs/api.md`.

mod ask;
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
    http::{HeaderValue, StatusCode, Uri, header},
    middleware,
    response::Response,
    routing::get,
};

use super::{App, answer::Refused, live};

/// Relative to the root.
pub fn router() -> Router<App> {
    Router::new()
        .nest("/api", api())
        .route("/healthz", get(health::health))
        .method_not_allowed_fallback(only_get)
        .layer(middleware::map_response(never_store))
}

fn api() -> Router<App> {
    Router::new()
        .nest("/v1", v1())
        .fallback(unknown)
        .method_not_allowed_fallback(only_get)
}

fn v1() -> Router<App> {
    Router::new()
        .route("/engine", get(engine::engine))
        .route("/containers", get(containers::all))
        .route("/containers/{reference}", get(containers::one))
        .route("/stats", get(stats::stats))
        .route("/summary", get(summary::summary))
        .route("/usage", get(usage::usage))
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
             events, and the live socket at /{}.",
            uri.path(),
            protocol::LIVE_PATH
        ),
    )
}

pub async fn only_get() -> Refused {
    Refused::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "only_get",
        "The bridge only shows; nothing here takes another method than GET.",
    )
}

/// Each answer is of its moment.
async fn never_store(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
