use leptos::prelude::*;
use leptos_router::components::A;
use model::{disk, format, took};

use crate::{components::Age, pages::usage::Picture, state::UsageHandle};

/// The disk usage of the last reading, as one bar.
#[component]
pub fn DiskUsage() -> impl IntoView {
    let state = UsageHandle::expect().state;
    let rows = Memo::new(move |_| {
        state
            .read()
            .last
            .as_ref()
            .map(|usage| usage.rows.clone())
            .unwrap_or_default()
    });
    let sums = Memo::new(move |_| disk::sums(&rows.read()));
    let known = Memo::new(move |_| state.read().last.is_some());
    let share = move || {
        let (size, reclaimable) = sums.get();
        reclaimable
            .saturating_mul(100)
            .checked_div(size)
            .map(|percent| format!(" ({percent} %)"))
    };
    let reading = move || {
        state.read().last.as_ref().map(|usage| {
            view! {
                "read "
                <Age at_millis=usage.read_at_millis />
                {format!(", took {}", took(usage.took_millis))}
            }
        })
    };
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>
                    <A href="/usage">"Disk usage"</A>
                </h2>
                <span class="panel-aside">{reading}</span>
            </div>
            <div class="panel-body">
                <Show
                    when=move || known.get()
                    fallback=|| {
                        view! {
                            <p class="quiet">
                                "Not read yet: the daemon is asked only while somebody looks at "
                                <A href="/usage">"disk usage"</A> "."
                            </p>
                        }
                    }
                >
                    <Picture rows=rows />
                    <p class="figures">
                        <span>{move || format::bytes(sums.get().0)} " in use by Docker"</span>
                        <span class="quiet">
                            {move || format::bytes(sums.get().1)} " reclaimable" {share}
                        </span>
                    </p>
                </Show>
            </div>
        </section>
    }
}
