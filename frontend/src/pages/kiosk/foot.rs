use leptos::prelude::*;
use model::{
    Concern, Tone,
    kiosk::{Kiosk, Panel},
};

use super::turn::Turn;
use crate::{
    components::Mark,
    live::{live, live_view},
};

/// Which panel is shown, how long it still is, and what must not be missed while it is.
#[component]
pub fn Foot(asked: Memo<Kiosk>, turn: Turn, concerns: Memo<Vec<Concern>>) -> impl IntoView {
    let panels = live_view(move || {
        let panels = asked.with(|asked| asked.panels.clone());
        panels
            .into_iter()
            .map(|panel| {
                let current = live(move || (turn.panel.get() == panel).then_some("true"));
                view! {
                    <li class="kiosk-panel" aria-current=current>
                        {panel.title()}
                    </li>
                }
            })
            .collect_view()
    });
    // made anew, so that it begins anew
    let timer = live_view(move || {
        turn.number.track();
        asked.with(|asked| {
            (asked.panels.len() > 1).then(|| {
                let seconds = asked.every_seconds;
                view! {
                    <span
                        class="kiosk-timer"
                        style=("--seconds", seconds.to_string())
                        aria-hidden="true"
                    ></span>
                }
            })
        })
    });
    let in_trouble = Memo::new(move |_| {
        let concerns = concerns.read();
        concerns
            .iter()
            .filter(|concern| concern.tone == Tone::Bad)
            .count()
    });
    let trouble = live_view(move || {
        let count = in_trouble.get();
        let words = match count {
            1 => "1 needs attention".to_owned(),
            count => format!("{count} need attention"),
        };
        (count > 0 && turn.panel.get() != Panel::Wall).then(|| {
            view! {
                <span class="kiosk-trouble">
                    <Mark shape=Tone::Bad.shape() tone=Tone::Bad />
                    {words}
                </span>
            }
        })
    });
    let wrong = live_view(move || {
        let wrong = asked.with(|asked| asked.wrong.join(" "));
        (!wrong.is_empty()).then(|| view! { <p class="kiosk-wrong" role="alert">{wrong}</p> })
    });
    view! {
        <footer class="kiosk-foot">
            {wrong}
            <ul class="kiosk-panels">{panels}</ul>
            {trouble}
            <a class="kiosk-leave" href=".">
                "Leave the kiosk"
            </a>
            {timer}
        </footer>
    }
}
