//! Answers that a test asked to be wrong.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json as value};

use super::json;
use crate::faults::{Endless, Mangled};

/// A body without an end.
pub fn endless(what: Endless) -> Response {
    let (head, piece) = match what {
        Endless::Line => ("", vec![b'a'; 16 * 1024]),
        Endless::Body => ("[\n", b"{},\n".repeat(4096)),
    };
    let piece = Bytes::from(piece);
    let pieces = futures_util::stream::unfold(Bytes::from(head), move |next| {
        let piece = piece.clone();
        async move { Some((Ok::<_, std::io::Error>(next), piece)) }
    });
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
            spoil(&mut value, how);
            if how == Mangled::OddItem
                && let Some(item) = first_list(&mut value).and_then(|list| list.first_mut())
            {
                *item = value!(7);
            }
            json(&value)
        }
        Err(_) => Response::from_parts(parts, Body::from(bytes)),
    }
}

/// Spoils a line of a stream.
pub fn line(line: Bytes, how: Option<Mangled>) -> Bytes {
    let Some(how) = how else {
        return line;
    };
    let Ok(mut value) = serde_json::from_slice::<Value>(&line) else {
        return line;
    };
    spoil(&mut value, how);
    let mut line = serde_json::to_vec(&value).unwrap_or_default();
    line.push(b'\n');
    line.into()
}

fn spoil(value: &mut Value, how: Mangled) {
    match how {
        Mangled::NullLists => null_lists(value),
        Mangled::NumbersAsText => numbers_as_text(value),
        Mangled::OtherTypes => other_types(value),
        Mangled::OddItem => {}
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

/// Lists and objects stay what they are where they hold more, or nothing would be left to spoil.
fn other_types(value: &mut Value) {
    match value {
        Value::Array(items) if !items.is_empty() => items.iter_mut().for_each(other_types),
        Value::Object(fields) if !fields.is_empty() => fields.values_mut().for_each(other_types),
        Value::Null | Value::Array(_) => *value = value!({}),
        Value::Object(_) => *value = value!([]),
        Value::Bool(_) => *value = value!("maybe"),
        Value::Number(_) => *value = value!([true]),
        Value::String(_) => *value = value!(-0.5),
    }
}

fn first_list(value: &mut Value) -> Option<&mut Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        Value::Object(fields) => fields.values_mut().find_map(Value::as_array_mut),
        _ => None,
    }
}
