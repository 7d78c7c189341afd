use leptos::prelude::*;

#[component]
pub fn Events() -> impl IntoView {
    view! { <h1>"Events"</h1> }
}
