use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{App, answer::Refused, assets};

/// Everything that is not a route: a file of the page, or an address inside the page, which the page's own router
/// understands.
pub async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let headers = request.headers();
    let reads = [Method::GET, Method::HEAD].contains(request.method());
    if reads
        && path != assets::INDEX
        && let Some(file) = app.site.get(path)
    {
        return file.answer(path, headers);
    }
    if let Err(refused) = app.guard.check(request.uri(), headers) {
        return refused.into_response();
    }
    if !reads {
        return Refused::only_get().into_response();
    }
    if !is_address_of_a_page(path, headers) {
        return Refused::new(
            StatusCode::NOT_FOUND,
            "unknown_path",
            format!("There is no file /{path}; the page begins at /."),
        )
        .into_response();
    }
    match app.site.get(assets::INDEX) {
        Some(index) => index.answer(assets::INDEX, headers),
        None => Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "no_page",
            "This binary was built without the page; `cargo xtask run` builds both.",
        )
        .into_response(),
    }
}

/// A container's name may hold a dot, so a browser that asks for a page gets it for such an address too.
fn is_address_of_a_page(path: &str, headers: &HeaderMap) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let asks_for_a_page = || {
        headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    };
    path == assets::INDEX || !file.contains('.') || asks_for_a_page()
}
