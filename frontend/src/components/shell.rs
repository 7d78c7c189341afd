use leptos::prelude::*;
use model::{Place, words::version_and_name};

use super::{ConnectionMark, Keys, Logo, Nav, Notes, Shown, ThemeSwitch};
use crate::{
    browser::{Address, focus},
    live::live_view,
    state::Connection,
};

const MAIN: &str = "main";

/// What stays on screen whatever the place: head, notes, navigation.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let stale = Connection::expect().stale;
    let place = Address::expect().place;
    let is_kiosk = Memo::new(move |_| place.get() == Some(Place::Kiosk));
    view! {
        <div class="app" class:is-stale=stale class:is-kiosk=is_kiosk>
            <Shown when=move || !is_kiosk.get()>
                <Frame />
            </Shown>
            <main class="app-main" id=MAIN tabindex="0">
                {children()}
            </main>
        </div>
    }
}

/// What stands around the place; a wall display has the screen to itself.
#[component]
fn Frame() -> impl IntoView {
    view! {
        <button type="button" class="skip-link button" on:click=|_| focus::move_to(MAIN)>
            "Skip to the content"
        </button>
        <header class="app-head">
            <a href="." class="brand" aria-label="daemonscope">
                <Logo />
                <span class="brand-name">"daemonscope"</span>
            </a>
            <EngineLine />
            <div class="head-end">
                <ConnectionMark />
                <Keys />
                <ThemeSwitch />
            </div>
        </header>
        <section class="app-notes" aria-label="Notices">
            <Notes />
        </section>
        <nav class="app-nav" aria-label="Places">
            <Nav />
        </nav>
    }
}

/// Which engine this is, where, and how it is reached: "engine 28.5.2 on nas · unix".
#[component]
pub fn EngineLine() -> impl IntoView {
    let Connection {
        engine, endpoint, ..
    } = Connection::expect();
    let words = live_view(move || {
        let kind = endpoint
            .with(|endpoint| endpoint.split_once("://").map(|(kind, _)| kind.to_owned()))
            .unwrap_or_default();
        match engine.get() {
            Some(engine) => view! {
                <span class="head-more">"engine "</span>
                {version_and_name(&engine)}
                <span class="head-more">" · " {kind}</span>
            }
            .into_any(),
            None => kind.into_any(),
        }
    });
    view! {
        <span class="head-engine" title=endpoint>
            {words}
        </span>
    }
}
