use leptos::prelude::*;
use model::words;

use super::{Mark, tone_class};
use crate::{browser::clock, live::live, state::Connection};

/// How fresh what is on screen is, on every page: a mark, its word, and the time.
#[component]
pub fn ConnectionMark() -> impl IntoView {
    let Connection { status, now, .. } = Connection::expect();
    let mark = Memo::new(move |_| words::connection(&status.read()));
    let tone = Memo::new(move |_| mark.read().tone);
    let spoken = Memo::new(move |_| mark.read().spoken);
    let shape = Signal::derive(move || tone.get().shape());
    view! {
        <div class=live(move || format!("connection {}", tone_class(tone.get())))>
            <Mark shape=shape tone=tone />
            // seen, it may count every second; heard, it speaks when something changed
            <span class="connection-word" aria-hidden="true">
                {live(move || mark.read().words.clone())}
            </span>
            <span class="visually-hidden" role="status">
                "Connection: "
                {spoken}
            </span>
            <time class="connection-clock">{live(move || clock::time_of_day(now.get()))}</time>
        </div>
    }
}
