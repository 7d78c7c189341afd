use leptos::prelude::*;

use crate::{
    browser::clock,
    components::{ConnectionMark, EngineLine, Logo},
    live::live,
    state::Connection,
};

/// Whose containers these are, whether they are live, and the time.
#[component]
pub fn Head() -> impl IntoView {
    let Connection { now, today, .. } = Connection::expect();
    // a display is read by the minute; the seconds beside the mark show that it lives
    let minute = Memo::new(move |_| now.get() / 60_000);
    let time = live(move || clock::hours_and_minutes(minute.get() * 60_000));
    let day = live(move || {
        today.track();
        clock::long_day(now.get_untracked())
    });
    view! {
        <header class="kiosk-head">
            <span class="brand">
                <Logo />
            </span>
            <EngineLine />
            <div class="kiosk-head-end">
                <ConnectionMark />
                <span class="quiet">{day}</span>
                <time class="kiosk-clock">{time}</time>
            </div>
        </header>
    }
}
