use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use protocol::{State as ContainerState, StatsWanted};
use serde::Serialize;

use super::{ask, containers, figures::Figures};
use crate::web::{App, answer::Refused};

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(flatten)]
    figures: Figures,
}

/// One row for each container that `docker stats` shows.
pub async fn stats(State(app): State<App>) -> Result<Response, Refused> {
    let picture = ask::current(&app, StatsWanted::All).await?;
    let running = picture
        .containers
        .iter()
        .filter(|one| one.state.has_processes() || one.state == ContainerState::Restarting);
    let rows: Vec<_> = containers::newest_first(running)
        .into_iter()
        .map(|container| Row {
            id: &container.id,
            name: &container.name,
            figures: Figures::of(picture.readings.get(&container.key)),
        })
        .collect();
    Ok(Json(rows).into_response())
}
