use leptos::{either::Either, prelude::*};

/// A figure in a cell or a sentence. What is not known is a dash that says so, never a zero.
pub fn figure(value: impl Fn() -> Option<String> + Send + 'static) -> impl IntoView {
    move || match value() {
        Some(value) => Either::Left(value),
        None => Either::Right(view! {
            <span class="is-unknown" title="not known">"–"</span>
        }),
    }
}
