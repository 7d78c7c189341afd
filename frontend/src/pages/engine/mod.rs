//! The engine: how it hangs together, as a drawing that is alive, and what it tells of itself.

mod facts;
mod structure;

use leptos::prelude::*;
use model::{FiguresWanted, Want};

use crate::{
    browser::title,
    components::{Empty, Shown, Skeleton},
    state::{Connection, InterestHandle},
};
use facts::Facts;
use structure::Structure;

#[component]
pub fn Engine() -> impl IntoView {
    title::show(|| "Engine".to_owned());
    // the fleet and the engine are told to everybody; nothing here needs figures
    InterestHandle::expect().declare(|| Want {
        figures: FiguresWanted::None,
        ..Want::default()
    });
    let connection = Connection::expect();
    let known = Memo::new(move |_| connection.engine.read().is_some());
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Engine"</h1>
            </div>
            <Structure />
            <Shown when=known fallback=Unknown>
                <Facts />
            </Shown>
        </div>
    }
}

/// What stands there before the daemon told anything.
#[component]
fn Unknown() -> impl IntoView {
    let connection = Connection::expect();
    let away = Memo::new(move |_| matches!(*connection.daemon.read(), model::DaemonState::Away(_)));
    move || match away.get() {
        // why is said over the page
        true => view! {
            <section class="panel">
                <Empty title="The daemon has told nothing yet">
                    "What it is stands here once it is connected."
                </Empty>
            </section>
        }
        .into_any(),
        false => view! {
            <section class="panel is-loading">
                <div class="panel-body">
                    <p class="quiet">"Waiting for the daemon to tell what it is."</p>
                    <p>
                        <Skeleton />
                    </p>
                </div>
            </section>
        }
        .into_any(),
    }
}
