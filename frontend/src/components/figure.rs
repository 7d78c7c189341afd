use leptos::{either::Either, prelude::*, tachys::html::InertElement};

use crate::live::{Live, live};

/// A figure in a cell or a sentence. What is not known is a dash that says so, never a zero.
pub fn figure(value: impl Fn() -> Option<String> + Send + 'static) -> impl IntoView {
    shown(live(value))
}

const UNKNOWN: &str = r#"<span class="is-unknown" title="not known">–</span>"#;

/// Apart from [`figure`], so that it is compiled once.
fn shown(mut value: Live<Option<String>>) -> impl IntoView {
    move || match value() {
        Some(value) => Either::Left(value),
        // An element's attributes, whose types are erased, would all be set anew each time that it is still not known.
        None => Either::Right(InertElement::new(UNKNOWN)),
    }
}
