use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    browser,
    components::{Shell, paint_on_ticks},
    net,
    pages::{Container, Containers, Engine, Events, NotFound, Overview, Usage},
    state,
};

/// The whole page: state, the live socket and the places.
#[component]
pub fn App() -> impl IntoView {
    state::provide();
    net::start();
    paint_on_ticks();
    browser::readers::sweep_every_minute();
    let base = browser::location::base_path();
    view! {
        <Router base=base>
            <Shell>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=Overview />
                    <Route path=path!("/containers") view=Containers />
                    <Route path=path!("/containers/:id") view=Container />
                    <Route path=path!("/events") view=Events />
                    <Route path=path!("/usage") view=Usage />
                    <Route path=path!("/engine") view=Engine />
                </FlatRoutes>
            </Shell>
        </Router>
    }
}
