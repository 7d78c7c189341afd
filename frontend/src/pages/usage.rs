//! Disk usage: what `docker system df` prints, as a picture too, with its age and its price.

use std::sync::Arc;

use leptos::prelude::*;
use model::{UsageState, Want, disk, took};

use crate::{
    browser::title,
    components::{Age, Empty, Shown, Skeleton, UsagePicture, prose},
    live::{live, live_view},
    panels::UsageTable,
    state::{Connection, InterestHandle, UsageHandle},
};

#[component]
pub fn Usage() -> impl IntoView {
    title::show(|| "Disk usage".to_owned());
    InterestHandle::expect().declare(|| Want {
        usage: true,
        ..Want::default()
    });
    let state = UsageHandle::expect().state;
    let known = Memo::new(move |_| state.read().last.is_some());
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Disk usage"</h1>
                <div class="page-tools">
                    <Freshness state=state />
                </div>
            </div>
            <Trouble state=state />
            <Shown when=known fallback=move || view! { <Unknown state=state /> }>
                <Reading />
            </Shown>
            <p class="page-note">
                "To answer, the daemon walks through all its layers and volumes. So it is asked only while somebody "
                "looks at this, after something changed, and not sooner than 30 s or 20 times what the last reading "
                "took, whichever is longer. The figures are those of " <code>"docker system df"</code> "."
            </p>
        </div>
    }
}

/// How old the reading is, what it took, and what comes next.
#[component]
fn Freshness(state: ReadSignal<Arc<UsageState>>) -> impl IntoView {
    let now = Connection::expect().now;
    let read_at = Memo::new(move |_| state.read().last.as_ref().map(|usage| usage.read_at_millis));
    let price = move || {
        state
            .read()
            .last
            .as_ref()
            .map(|usage| format!("took {}", took(usage.took_millis)))
    };
    let outlook = live(move || disk::outlook(&state.read(), now.get()));
    view! {
        <span class="facts">
            {live_view(move || {
                read_at
                    .get()
                    .map(|at| view! { <span class="age">"read " <Age at_millis=at /></span> })
            })}
            {live_view(move || price().map(|price| view! { <span class="age">{price}</span> }))}
            <span class="age" class:is-stale=live(move || state.read().stale)>
                {outlook}
            </span>
        </span>
    }
}

/// Why the last attempt gave nothing, above what an earlier one gave.
#[component]
fn Trouble(state: ReadSignal<Arc<UsageState>>) -> impl IntoView {
    let told = Memo::new(move |_| {
        let state = state.read();
        state
            .failure
            .as_ref()
            .filter(|_| state.last.is_some())
            .map(disk::failure)
    });
    move || {
        told.get().map(|(title, words, tone)| {
            view! {
                <section class="panel" role="status">
                    <Empty title=title tone=tone>
                        {prose(&words)} " Shown: the last reading."
                    </Empty>
                </section>
            }
        })
    }
}

/// What stands there before the first reading: that it is under way, or why there is none.
#[component]
fn Unknown(state: ReadSignal<Arc<UsageState>>) -> impl IntoView {
    let stale = Connection::expect().stale;
    let told = Memo::new(move |_| state.read().failure.as_ref().map(disk::failure));
    view! {
        <section class="panel">
            {live_view(move || match told.get() {
                Some((title, words, tone)) => {
                    view! { <Empty title=title tone=tone>{prose(&words)}</Empty> }.into_any()
                }
                None if stale.get() => {
                    view! {
                        <Empty title="Waiting for the daemon">
                            "Its disk usage is read as soon as the daemon answers."
                        </Empty>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <p class="quiet">"The first reading is under way."</p>
                        <p>
                            <Skeleton />
                        </p>
                        <p>
                            <Skeleton />
                        </p>
                    }
                        .into_any()
                }
            })}
        </section>
    }
}

/// The reading itself.
#[component]
fn Reading() -> impl IntoView {
    let rows = UsageHandle::expect().rows();
    view! {
        <div class="panels">
            <section class="panel as-flush">
                <div class="panel-body">
                    <UsageTable rows=rows />
                </div>
            </section>
            <section class="panel">
                <div class="panel-body">
                    <UsagePicture rows=rows />
                </div>
            </section>
        </div>
    }
}
