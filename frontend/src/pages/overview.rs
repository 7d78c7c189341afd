use leptos::prelude::*;

#[component]
pub fn Overview() -> impl IntoView {
    view! { <h1>"Overview"</h1> }
}
