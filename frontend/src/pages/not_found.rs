use leptos::prelude::*;

use crate::{browser::title, components::Empty};

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    title::show(|| "No such page".to_owned());
    view! {
        <section class="page">
            <h1 class="visually-hidden">"No such page"</h1>
            <Empty title="There is no page at this address" whole_page=true>
                "It may be mistyped, or of another version. "
                <a href="." class="button">
                    "Go to the overview"
                </a>
            </Empty>
        </section>
    }
}
