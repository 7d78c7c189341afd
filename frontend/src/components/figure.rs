use leptos::{either::Either, prelude::*, tachys::html::InertElement};

use crate::live::{Live, live};

/// A figure in a cell or a sentence. What is not known is a dash that says so, never a zero.
pub fn figure(value: impl Fn() -> Option<String> + Send + 'static) -> impl IntoView {
    shown(
        live(value),
        r#"<span class="is-unknown" title="not known">–</span>"#,
    )
}

/// [`figure`] where there is room for a word.
pub fn figure_or_unknown(value: impl Fn() -> Option<String> + Send + 'static) -> impl IntoView {
    shown(live(value), r#"<span class="is-unknown">unknown</span>"#)
}

/// [`figure`] of what the daemon may leave out.
pub fn figure_or_not_told(value: impl Fn() -> Option<String> + Send + 'static) -> impl IntoView {
    shown(live(value), r#"<span class="is-unknown">not told</span>"#)
}

/// Apart from them, so that it is compiled once.
fn shown(mut value: Live<Option<String>>, unknown: &'static str) -> impl IntoView {
    move || match value() {
        Some(value) => Either::Left(value),
        // An element's attributes, whose types are erased, would all be set anew each time that it is still not known.
        None => Either::Right(InertElement::new(unknown)),
    }
}
