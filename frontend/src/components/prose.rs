use leptos::{either::Either, prelude::*};

/// A sentence of the page's own, its commands and options in their face.
pub fn prose(sentence: &str) -> impl IntoView + use<> {
    model::prose(sentence)
        .into_iter()
        .map(|piece| match piece.is_code {
            true => Either::Left(view! { <code>{piece.text}</code> }),
            false => Either::Right(piece.text),
        })
        .collect_view()
}
