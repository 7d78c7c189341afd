use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

pub const INDEX: &str = "index.html";

/// What `cargo xtask` built; nothing where a binary is built without it.
#[derive(rust_embed::Embed)]
#[folder = "../target/page"]
#[allow_missing = true]
struct Embedded;

/// The page's files, each as it is and as it was compressed when it was built.
#[derive(Default)]
pub struct Site(BTreeMap<String, File>);

pub struct File {
    plain: Form,
    brotli: Option<Form>,
    gzip: Option<Form>,
}

struct Form {
    content: Bytes,
    tag: HeaderValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Site {
    /// The files in the binary.
    pub fn embedded() -> Self {
        Self::new(Embedded::iter().filter_map(|path| {
            let file = Embedded::get(&path)?;
            let content = match file.data {
                Cow::Borrowed(content) => Bytes::from_static(content),
                Cow::Owned(content) => content.into(),
            };
            Some((path.into_owned(), content, file.metadata.sha256_hash()))
        }))
    }

    /// Files by path, each with the hash of its content. `x.br` and `x.gz` are forms of `x`.
    pub fn new(files: impl IntoIterator<Item = (String, Bytes, [u8; 32])>) -> Self {
        let mut forms: BTreeMap<String, Form> = files
            .into_iter()
            .map(|(path, content, hash)| (path, Form::new(content, &hash)))
            .collect();
        let plain: Vec<String> = forms
            .keys()
            .filter(|path| {
                let of = path
                    .strip_suffix(".br")
                    .or_else(|| path.strip_suffix(".gz"));
                of.is_none_or(|of| !forms.contains_key(of))
            })
            .cloned()
            .collect();
        let files = plain.into_iter().filter_map(|path| {
            let file = File {
                plain: forms.remove(&path)?,
                brotli: forms.remove(&format!("{path}.br")),
                gzip: forms.remove(&format!("{path}.gz")),
            };
            Some((path, file))
        });
        Self(files.collect())
    }

    pub fn get(&self, path: &str) -> Option<&File> {
        self.0.get(path)
    }
}

impl Form {
    fn new(content: Bytes, hash: &[u8; 32]) -> Self {
        let digits: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        // Hexadecimal digits between quotes are a header value.
        let tag = HeaderValue::try_from(format!("\"{digits}\""))
            .unwrap_or_else(|_| HeaderValue::from_static("\"\""));
        Self { content, tag }
    }
}

impl File {
    pub fn answer(&self, path: &str, request: &HeaderMap) -> Response {
        let (form, coding) = match self.choose(request) {
            (form, Coding::Brotli) => (form, Some("br")),
            (form, Coding::Gzip) => (form, Some("gzip")),
            (form, Coding::Identity) => (form, None),
        };
        let known = request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|tags| tags.to_str().ok())
            .flat_map(|tags| tags.split(','))
            .any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == form.tag.as_bytes());
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(form.content.clone()))
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, form.tag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let caching = if has_hash(path) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        if !known {
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(content_type(path)),
            );
            if let Some(coding) = coding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
        }
        response
    }

    /// The form that the client likes best; of several equal ones the smallest.
    fn choose(&self, request: &HeaderMap) -> (&Form, Coding) {
        let forms = [
            (self.brotli.as_ref(), Coding::Brotli),
            (self.gzip.as_ref(), Coding::Gzip),
            (Some(&self.plain), Coding::Identity),
        ];
        forms
            .into_iter()
            .filter_map(|(form, coding)| Some((form?, coding)))
            .map(|(form, coding)| (quality(request, coding), form, coding))
            .filter(|(quality, ..)| *quality > 0)
            .min_by_key(|(quality, form, _)| (Reverse(*quality), form.content.len()))
            .map_or((&self.plain, Coding::Identity), |(_, form, coding)| {
                (form, coding)
            })
    }
}

/// How much the client likes a coding, in thousandths; zero: not at all.
fn quality(request: &HeaderMap, coding: Coding) -> u32 {
    let name = match coding {
        Coding::Brotli => "br",
        Coding::Gzip => "gzip",
        Coding::Identity => "identity",
    };
    let mut named = None;
    let mut any = None;
    let accepted = request.get_all(header::ACCEPT_ENCODING);
    for one in accepted
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        let mut parts = one.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let quality = parts
            .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
            .map_or(Some(1.0), |quality| quality.parse::<f32>().ok())
            .filter(|quality| (0.0..=1.0).contains(quality))
            .map_or(0, |quality| (quality * 1000.0).round() as u32);
        if coding.eq_ignore_ascii_case(name) {
            named = Some(quality);
        } else if coding == "*" {
            any = Some(quality);
        }
    }
    // What is not named is not wanted, but the plain form is always possible, if as the last choice.
    let unnamed = match coding {
        Coding::Identity => any.filter(|&quality| quality == 0).or(Some(1)),
        _ => any,
    };
    named.or(unnamed).unwrap_or(0)
}

/// `name-0123456789abcdef.ext`: another content would have another name.
fn has_hash(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() >= 8
            && hash
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn content_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
