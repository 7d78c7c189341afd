use leptos::prelude::*;

use crate::{
    components::Shown,
    panels::{DiskUsage, UsageTable},
    state::UsageHandle,
};

/// The last reading, as a table and as a picture.
#[component]
pub fn Usage() -> impl IntoView {
    let usage = UsageHandle::expect();
    let rows = usage.rows();
    let known = Memo::new(move |_| usage.state.read().last.is_some());
    view! {
        <div class="kiosk-usage">
            <DiskUsage />
            <Shown when=known>
                <section class="panel as-flush">
                    <UsageTable rows=rows />
                </section>
            </Shown>
        </div>
    }
}
