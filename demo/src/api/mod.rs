//! The Engine API: routes to JSON.

mod containers;
mod deeds;
mod events;
mod filters;
mod flow;
mod inspect;
mod logs;
mod objects;
mod spoil;
pub(crate) mod stats;
mod system;
mod usage;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;

/// What every handler gets.
#[derive(Clone)]
pub struct Site {
    pub engine: Engine,
    /// Streams end with it.
    pub cancel: CancellationToken,
}

/// The minor of the API version that the request's path asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32);

pub fn router(engine: Engine, cancel: CancellationToken) -> Router {
    let site = Site { engine, cancel };
    let routes = Router::new()
        .route("/_ping", get(system::ping))
        .route("/version", get(system::version))
        .route("/info", get(system::info))
        .route("/events", get(events::stream))
        .route("/system/df", get(usage::read))
        .route("/containers/json", get(containers::list))
        .route("/containers/{id}/json", get(inspect::container))
        .route("/containers/{id}/stats", get(stats::stream))
        .route("/containers/{id}/top", get(containers::top))
        .route("/containers/{id}/logs", get(logs::stream))
        .route("/containers/{id}/{deed}", post(deeds::post))
        .route("/containers/{id}", delete(deeds::remove))
        .route("/images/json", get(objects::images))
        .route("/images/{*name}", get(objects::image))
        .route("/volumes", get(objects::volumes))
        .route("/volumes/{name}", get(objects::volume))
        .route("/networks", get(objects::networks))
        .route("/networks/{id}", get(objects::network))
        .fallback(|| async { Failure::new(StatusCode::NOT_FOUND, "page not found") })
        .method_not_allowed_fallback(|| async {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method not allowed")
        })
        .with_state(site.clone());
    // Routing must come after the version is taken off the path, so the routes hang below a router that has none.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn_with_state(site, enter))
}

/// What the daemon does before and after every call: versions, headers, and the faults that were asked for.
async fn enter(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let release = site.engine.options().release;
    let response = match versioned(request.uri(), release.oldest_api(), release.newest_api()) {
        Err(refusal) => refusal.into_response(),
        Ok((uri, version)) => {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(version);
            let faults = site.engine.faults();
            tokio::select! {
                () = faults.while_hung() => {}
                () = site.cancel.cancelled() => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
            let path = request.uri().path().to_owned();
            if faults.forbids(&path) {
                Failure::new(
                    StatusCode::FORBIDDEN,
                    "authorization denied by plugin demo: not allowed",
                )
                .into_response()
            } else if let Some(what) = faults.runs_on(&path) {
                spoil::endless(what)
            } else if path.starts_with("/images/") && path.contains("..") {
                Failure::new(StatusCode::BAD_REQUEST, "invalid reference format").into_response()
            } else {
                let response = next.run(request).await;
                match faults.mangles(&path) {
                    Some(how) => spoil::mangle(response, how).await,
                    None => response,
                }
            }
        }
    };
    with_headers(response, &site.engine)
}

/// The path without its version, and the version; or the daemon's refusal.
fn versioned(uri: &Uri, oldest: u32, newest: u32) -> Result<(Uri, Version), Failure> {
    let path = uri.path();
    let Some((minor, rest)) = path.strip_prefix("/v1.").and_then(|rest| {
        let slash = rest.find('/')?;
        Some((rest[..slash].parse::<u32>().ok()?, &rest[slash..]))
    }) else {
        return Ok((uri.clone(), Version(newest)));
    };
    if minor > newest {
        return Err(Failure::bad(format!(
            "client version 1.{minor} is too new. Maximum supported API version is 1.{newest}"
        )));
    }
    if minor < oldest {
        // The one refusal that the daemon writes as plain text.
        return Err(Failure::plain(format!(
            "client version 1.{minor} is too old. Minimum supported API version is 1.{oldest}, please upgrade your client to a newer version\n"
        )));
    }
    let with_query = uri
        .query()
        .map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}"));
    match with_query.parse() {
        Ok(uri) => Ok((uri, Version(minor))),
        Err(_) => Err(Failure::bad("invalid path")),
    }
}

fn with_headers(mut response: Response, engine: &Engine) -> Response {
    let release = engine.options().release;
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    set("api-version", format!("1.{}", release.newest_api()));
    // By the engine's own clock, which may jump.
    set("date", engine.now().http());
    set("docker-experimental", "false".to_owned());
    set("ostype", "linux".to_owned());
    set("server", format!("Docker/{} (linux)", release.version()));
    response
}

/// An error in the daemon's shape.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    message: String,
    plain: bool,
}

impl Failure {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            plain: false,
        }
    }

    pub fn no_container(reference: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!("No such container: {reference}"),
        )
    }

    pub fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    fn plain(message: String) -> Self {
        Self {
            plain: true,
            ..Self::bad(message)
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if self.plain {
            let headers = [("x-content-type-options", "nosniff")];
            return (self.status, headers, self.message).into_response();
        }
        let body = serde_json::json!({ "message": self.message });
        (self.status, json(&body)).into_response()
    }
}

/// JSON with a newline at the end, as Go's encoder writes it.
pub fn json<T: Serialize>(value: &T) -> Response {
    let mut body = serde_json::to_vec(value).unwrap_or_default();
    body.push(b'\n');
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A query parameter that Go would take for true (`api/server/httputils`, `BoolValue`).
pub fn truth(value: Option<&String>) -> bool {
    value.is_some_and(|value| {
        !matches!(
            value.trim().to_lowercase().as_str(),
            "" | "0" | "no" | "false" | "none"
        )
    })
}
