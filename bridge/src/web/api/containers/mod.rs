mod find;
mod shape;

use std::{cmp::Reverse, sync::Arc};

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::{Container, StatsWanted};

use super::ask;
use crate::web::{App, answer::Refused};
use find::NotFound;
use shape::Shape;

pub async fn all(State(app): State<App>) -> Result<Response, Refused> {
    let picture = ask::current(&app, StatsWanted::None).await?;
    let shapes: Vec<_> = newest_first(picture.containers.iter())
        .into_iter()
        .map(|container| Shape::of(container, picture.at_millis))
        .collect();
    Ok(Json(shapes).into_response())
}

pub async fn one(
    State(app): State<App>,
    reference: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let Path(reference) = reference.map_err(|rejection| {
        Refused::new(
            StatusCode::BAD_REQUEST,
            "bad_path",
            format!("The container's name in the address cannot be read: {rejection}."),
        )
    })?;
    let picture = ask::current(&app, StatsWanted::None).await?;
    let container = find::find(&picture.containers, &reference).map_err(|error| match error {
        NotFound::Unknown => Refused::new(
            StatusCode::NOT_FOUND,
            "unknown_container",
            format!("The daemon has no container with the name or id “{reference}”."),
        ),
        NotFound::Ambiguous(count) => Refused::new(
            StatusCode::BAD_REQUEST,
            "ambiguous_id",
            format!("The ids of {count} containers begin with “{reference}”; write more of it."),
        ),
    })?;
    Ok(Json(Shape::of(container, picture.at_millis)).into_response())
}

/// In the order of `docker ps`.
pub fn newest_first<'a>(
    containers: impl Iterator<Item = &'a Arc<Container>>,
) -> Vec<&'a Arc<Container>> {
    let mut containers: Vec<_> = containers.collect();
    containers.sort_by_key(|one| (Reverse(one.created_secs), Reverse(one.key)));
    containers
}
