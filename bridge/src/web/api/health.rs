use axum::{Json, extract::State};
use serde::Serialize;

use super::daemon::Daemon;
use crate::web::{App, answer::Refused};

/// Served whenever the bridge runs; the body says how it stands with the daemon.
#[derive(Serialize)]
pub struct Health {
    daemon: Daemon,
    /// Only where the timeline is kept on disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<&'static str>,
}

pub async fn health(State(app): State<App>) -> Result<Json<Health>, Refused> {
    let daemon = app.hub.daemon().await?;
    Ok(Json(Health {
        daemon: Daemon::of(&daemon),
        store: app.hub.store().map(|store| store.state().word()),
    }))
}
