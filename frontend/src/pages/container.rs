use leptos::prelude::*;

#[component]
pub fn Container() -> impl IntoView {
    view! { <h1>"Container"</h1> }
}
