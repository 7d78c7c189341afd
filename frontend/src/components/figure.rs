use leptos::{either::Either, prelude::*};

use crate::live::{Live, live};

/// A figure in a cell or a sentence. What is not known is a dash that says so, never a zero.
pub fn figure(value: impl Fn() -> Option<String> + Send + 'static) -> impl IntoView {
    shown(live(value))
}

/// Apart from [`figure`], so that it is compiled once.
fn shown(mut value: Live<Option<String>>) -> impl IntoView {
    move || match value() {
        Some(value) => Either::Left(value),
        None => Either::Right(view! {
            <span class="is-unknown" title="not known">"–"</span>
        }),
    }
}
