//! What programs ask: everything below `/api`, and `/healthz`.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::get,
};
use protocol::DaemonState;
use serde::Serialize;

use super::{App, answer::Refused, live};

pub fn router() -> Router<App> {
    Router::new()
        .nest("/v1", v1())
        .fallback(unknown)
        .method_not_allowed_fallback(only_get)
}

fn v1() -> Router<App> {
    Router::new().route("/live", get(live::upgrade))
}

async fn unknown(uri: Uri) -> Refused {
    Refused::new(
        StatusCode::NOT_FOUND,
        "unknown_path",
        format!(
            "There is nothing at /api{}; the live socket is at /{}.",
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

/// Served whenever the bridge runs; the body says how it stands with the daemon.
#[derive(Serialize)]
struct Health {
    daemon: &'static str,
}

pub async fn health(State(app): State<App>) -> Response {
    let Ok(daemon) = app.hub.daemon().await else {
        let stopping = "The bridge is stopping.";
        return Refused::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", stopping).into_response();
    };
    Json(Health {
        daemon: match daemon {
            DaemonState::Connecting => "connecting",
            DaemonState::Live { .. } => "live",
            DaemonState::Away(_) => "away",
        },
    })
    .into_response()
}
