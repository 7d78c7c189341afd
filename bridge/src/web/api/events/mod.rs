//! The timeline, a line for each entry; a stream that goes on, if it is asked for.

mod histogram;
mod line;
mod query;
mod stream;

use axum::{
    Json,
    body::Body,
    extract::{Query as Parameters, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::sync::OwnedSemaphorePermit;

use crate::{
    hub::wall_clock,
    web::{App, answer::Refused},
};
use histogram::Histogram;
pub use line::Line;
use query::Query;

type Given = Result<Parameters<Vec<(String, String)>>, QueryRejection>;

pub async fn events(State(app): State<App>, parameters: Given) -> Result<Response, Refused> {
    let query = query(&read(parameters)?)?;
    let place = place(&app)?;
    let (body, chunks) = stream::channel();
    let (reader, cancel) = (app.hub.read(), app.cancel.clone());
    app.sockets.spawn(async move {
        let _place = place;
        stream::tell(reader, query, chunks, &cancel).await;
    });
    let content_type = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((content_type, Body::from_stream(body)).into_response())
}

pub async fn histogram(
    State(app): State<App>,
    parameters: Given,
) -> Result<Json<Histogram>, Refused> {
    let (buckets, others) = histogram::buckets(read(parameters)?).map_err(bad)?;
    let query = query(&others)?;
    let _place = place(&app)?;
    let now_nano = i64::try_from(wall_clock()).unwrap_or(i64::MAX / 1_000_000) * 1_000_000;
    let histogram = Histogram::read(app.hub.read(), query, buckets, now_nano).await?;
    Ok(Json(histogram))
}

fn read(parameters: Given) -> Result<Vec<(String, String)>, Refused> {
    let Parameters(parameters) = parameters.map_err(|rejection| {
        let message = format!("The parameters cannot be read: {rejection}.");
        bad(("bad_query", message))
    })?;
    Ok(parameters)
}

fn query(parameters: &[(String, String)]) -> Result<Query, Refused> {
    Query::of(parameters).map_err(|error| bad((error.code(), error.to_string())))
}

fn bad((code, message): (&'static str, String)) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, code, message)
}

/// For one who reads the timeline: each holds a run of it in memory.
pub fn place(app: &App) -> Result<OwnedSemaphorePermit, Refused> {
    app.streams.clone().try_acquire_owned().map_err(|_| {
        Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_streams",
            "As many streams of events are open as the bridge serves; end one and try again.",
        )
    })
}
