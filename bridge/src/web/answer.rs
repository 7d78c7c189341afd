use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::hub::Ended;

/// A request that is not served: a code for programs, a sentence for people.
#[derive(Debug)]
pub struct Refused {
    status: StatusCode,
    error: Error,
}

#[derive(Debug, Serialize)]
struct Error {
    code: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Body {
    error: Error,
}

impl Refused {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            error: Error {
                code,
                message: message.into(),
            },
        }
    }

    pub fn only_get() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "only_get",
            "The bridge only shows; nothing here takes another method than GET.",
        )
    }

    #[cfg(test)]
    pub fn code(&self) -> &'static str {
        self.error.code
    }
}

impl From<Ended> for Refused {
    fn from(Ended: Ended) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "stopping",
            "The bridge is stopping.",
        )
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, Json(Body { error: self.error })).into_response()
    }
}
