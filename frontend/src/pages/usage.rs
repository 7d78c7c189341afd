use leptos::prelude::*;

#[component]
pub fn Usage() -> impl IntoView {
    view! { <h1>"Disk usage"</h1> }
}
