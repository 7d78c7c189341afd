//! The timeline, a line for each entry; a stream that goes on, if it is asked for.

mod line;
mod query;
mod stream;

use axum::{
    body::Body,
    extract::{Query as Parameters, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::web::{App, answer::Refused};
use query::Query;

pub async fn events(
    State(app): State<App>,
    parameters: Result<Parameters<Vec<(String, String)>>, QueryRejection>,
) -> Result<Response, Refused> {
    let bad = |code, message| Refused::new(StatusCode::BAD_REQUEST, code, message);
    let Parameters(parameters) = parameters.map_err(|rejection| {
        bad(
            "bad_query",
            format!("The parameters cannot be read: {rejection}."),
        )
    })?;
    let query = Query::of(&parameters).map_err(|error| bad(error.code(), error.to_string()))?;
    let Ok(place) = app.streams.clone().try_acquire_owned() else {
        return Err(Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too_many_streams",
            "As many streams of events are open as the bridge serves; end one and try again.",
        ));
    };
    let (body, chunks) = stream::channel();
    let (reader, cancel) = (app.hub.read(), app.cancel.clone());
    app.sockets.spawn(async move {
        let _place = place;
        stream::tell(reader, query, chunks, &cancel).await;
    });
    let content_type = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((content_type, Body::from_stream(body)).into_response())
}
