use leptos::prelude::*;

/// A sentence of the page's own, its commands and options in their face.
pub fn prose(sentence: &str) -> Vec<AnyView> {
    model::prose(sentence)
        .into_iter()
        .map(|piece| match piece.is_code {
            true => view! { <code>{piece.text}</code> }.into_any(),
            false => piece.text.into_any(),
        })
        .collect()
}
