//! Answers that a test asked to be wrong.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::json;
use crate::faults::Mangled;

/// A body without an end, in one line.
pub fn endless() -> Response {
    let piece = Bytes::from(vec![b'a'; 16 * 1024]);
    let pieces = futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (headers, Body::from_stream(pieces)).into_response()
}

/// Spoils a whole JSON answer; streams and errors stay as they are.
pub async fn mangle(response: Response, how: Mangled) -> Response {
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    let Some(size) = response.body().size_hint().exact() else {
        return response;
    };
    if !is_json || !response.status().is_success() {
        return response;
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, size).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) => {
            match how {
                Mangled::NullLists => null_lists(&mut value),
                Mangled::NumbersAsText => numbers_as_text(&mut value),
            }
            json(&value)
        }
        Err(_) => Response::from_parts(parts, Body::from(bytes)),
    }
}

fn null_lists(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(null_lists),
        Value::Object(fields) => {
            for field in fields.values_mut() {
                if field.is_array() {
                    *field = Value::Null;
                } else {
                    null_lists(field);
                }
            }
        }
        _ => {}
    }
}

fn numbers_as_text(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::Array(items) => items.iter_mut().for_each(numbers_as_text),
        Value::Object(fields) => fields.values_mut().for_each(numbers_as_text),
        _ => {}
    }
}
