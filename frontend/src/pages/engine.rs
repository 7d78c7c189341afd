use leptos::prelude::*;

#[component]
pub fn Engine() -> impl IntoView {
    view! { <h1>"Engine"</h1> }
}
