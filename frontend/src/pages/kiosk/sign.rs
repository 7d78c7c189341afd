use leptos::prelude::*;
use model::words;

use crate::{
    browser::clock,
    components::Shown,
    live::live,
    state::{Connection, Fleet},
};

/// Over everything, while what is on screen may no longer be so. The note above it says why.
#[component]
pub fn Sign() -> impl IntoView {
    let connection = Connection::expect();
    let Connection { status, stale, .. } = connection;
    let known = Fleet::expect().known;
    let why = Memo::new(move |_| words::connection(&status.read()).spoken);
    let since = Memo::new(move |_| {
        why.track();
        connection.as_of().filter(|_| known.get())
    });
    view! {
        <Shown when=stale>
            <div class="kiosk-sign" role="status">
                <p class="kiosk-sign-word">"Not live"</p>
                <p>
                    {why}
                    {live(move || {
                        since
                            .get()
                            .map(|at| format!(". What is shown is as of {}.", clock::time_of_day(at)))
                    })}
                </p>
            </div>
        </Shown>
    }
}
