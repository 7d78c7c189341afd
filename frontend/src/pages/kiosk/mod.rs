//! A wall display: no chrome, what matters in a size that is read from across the room, one panel after the other.

mod fit;
mod foot;
mod head;
mod list;
mod sign;
mod turn;
mod usage;
mod wall;

use leptos::{ev, prelude::*};
use model::{
    FiguresWanted, Want,
    kiosk::{Kiosk as Asked, Panel, shift},
};

use crate::{
    browser::{Address, awake, clock, title},
    components::Notes,
    live::{live, live_view},
    panels::{LINES, Latest, concerns},
    state::{Connection, InterestHandle, UsageHandle},
};
use foot::Foot;
use head::Head;
use list::Containers;
use sign::Sign;
use turn::Turn;
use usage::Usage;
use wall::Wall;

/// More stories than any screen has room for.
const STORIES: usize = 40;
const MINUTE_MILLIS: u64 = 60_000;

#[component]
pub fn Kiosk() -> impl IntoView {
    title::show(|| "Kiosk".to_owned());
    awake::keep();
    let address = Address::expect();
    let asked = Memo::new(move |_| {
        let fields = address.fields();
        Asked::from_fields(|name| fields.get(name))
    });
    let concerns = concerns();
    let turn = Turn::begin(asked, concerns);
    let usage = UsageHandle::expect().state;
    InterestHandle::expect().declare(move || Want {
        figures: FiguresWanted::All,
        events: Some(LINES),
        // for the others one reading is enough
        usage: turn.panel.get() == Panel::Usage || usage.read().last.is_none(),
    });
    let Connection { now, stale, .. } = Connection::expect();
    let minute = Memo::new(move |_| now.get() / MINUTE_MILLIS);
    let is_night = Memo::new(move |_| {
        let minute = clock::minute_of_day(minute.get() * MINUTE_MILLIS);
        asked.read().is_night(minute)
    });
    let scale = fit::scale();
    let shift_x = live(move || shift(minute.get()).0.to_string());
    let shift_y = live(move || shift(minute.get()).1.to_string());
    // where the list of containers stopped the last time
    let walked = StoredValue::new(0);
    leave_by_key();
    view! {
        <div class="kiosk" class:is-night=is_night class:is-stale=stale style=("--scale", live(move || format!("{:.4}", scale.get()))) style=("--shift-x", shift_x) style=("--shift-y", shift_y)>
            <h1 class="visually-hidden">"Kiosk"</h1>
            <Head />
            <div class="kiosk-notes">
                <Notes />
            </div>
            <div class="kiosk-stage">
                {live_view(move || match turn.panel.get() {
                    Panel::Wall => view! { <Wall concerns=concerns /> }.into_any(),
                    Panel::Containers => view! { <Containers walked=walked /> }.into_any(),
                    Panel::Events => view! { <Latest most=STORIES /> }.into_any(),
                    Panel::Usage => view! { <Usage /> }.into_any(),
                })}
            </div>
            <Foot asked=asked turn=turn concerns=concerns />
            <Sign />
        </div>
    }
}

/// The way back for who has a keyboard; a touch on a wall must not lead away.
fn leave_by_key() {
    let address = Address::expect();
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            address.go("/");
        }
    });
    on_cleanup(move || keys.remove());
}
