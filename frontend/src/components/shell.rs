use leptos::prelude::*;

/// What stays on screen whatever the place: header, navigation, banner.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    view! { <main id="main">{children()}</main> }
}
