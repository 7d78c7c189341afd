use leptos::prelude::*;

#[component]
pub fn Containers() -> impl IntoView {
    view! { <h1>"Containers"</h1> }
}
