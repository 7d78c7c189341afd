use leptos::prelude::*;
use model::{disk, took, unbroken};

use crate::{
    components::{Age, Empty, Shown, UNMET, UsagePicture, prose, unmet},
    live::live_view,
    state::UsageHandle,
};

/// The disk usage of the last reading, as one bar.
#[component]
pub fn DiskUsage() -> impl IntoView {
    let usage = UsageHandle::expect();
    let rows = usage.rows();
    let state = usage.state;
    let known = Memo::new(move |_| state.read().last.is_some());
    let reading = live_view(move || {
        state.read().last.as_ref().map(|usage| {
            view! {
                "read "
                <Age at_millis=usage.read_at_millis />
                {unbroken(&format!(", took {}", took(usage.took_millis)))}
            }
        })
    });
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>
                    <a href="usage">"Disk usage"</a>
                </h2>
                <span class="panel-aside">{reading}</span>
            </div>
            <div class="panel-body">
                <Shown
                    when=known
                    fallback=move || view! { <Unknown /> }
                >
                    <UsagePicture rows=rows classes=true />
                </Shown>
            </div>
        </section>
    }
}

/// Why there is no reading.
#[component]
fn Unknown() -> impl IntoView {
    let state = UsageHandle::expect().state;
    let told = Memo::new(move |_| state.read().failure.as_ref().map(disk::failure));
    let unmet = unmet();
    move || match told.get() {
        Some((title, words, tone)) => {
            view! { <Empty title=title tone=tone>{prose(&words)}</Empty> }.into_any()
        }
        None if unmet.get() => view! { <p class="quiet">{UNMET}</p> }.into_any(),
        None => view! {
            <p class="quiet">
                "Not read yet: the daemon is asked only while somebody looks at "
                <a href="usage">"disk usage"</a> "."
            </p>
        }
        .into_any(),
    }
}
