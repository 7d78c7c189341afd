use leptos::prelude::*;
use model::{Status, Tone, words};

use super::{Mark, Shown, prose, tone_class};
use crate::{live::live_view, state::Connection};

/// What must be said on every page: that the engine is made up, that the daemon is away and why.
#[component]
pub fn Notes() -> impl IntoView {
    let Connection { demo, .. } = Connection::expect();
    view! {
        <Shown when=demo>
            <p class="banner is-note">
                <span class="banner-text">
                    <strong>"Demo: "</strong>
                    "these containers are made up. To watch a real daemon, name it with "
                    <code>"--host"</code> " or " <code>"DOCKER_HOST"</code> "."
                </span>
            </p>
        </Shown>
        <Trouble />
    }
}

/// Why what is on screen is old, and what to do about it.
#[component]
fn Trouble() -> impl IntoView {
    let Connection {
        status,
        endpoint,
        now,
        ..
    } = Connection::expect();
    // the sentence is spoken when it changes; the countdown beside it is not part of it
    let sentence = Memo::new(move |_| {
        match &*status.read() {
        Status::DaemonAway(away) => {
            let advice = words::away(away, &endpoint.read());
            Some((Tone::Bad, format!("{} {}", advice.what, advice.remedy)))
        }
        Status::Reconnecting { attempts, .. } if *attempts > 1 => Some((
            Tone::Warn,
            "The bridge does not answer: what is shown is as it was. Is daemonscope still running?"
                .to_owned(),
        )),
        Status::Outdated => Some((
            Tone::Bad,
            "daemonscope was upgraded and this page is of the version before. Load it again, past the browser's cache."
                .to_owned(),
        )),
        _ => None,
    }
    });
    let next = Signal::derive(move || match &*status.read() {
        Status::DaemonAway(away) => Some(match away.retry_at_millis {
            Some(at) if at > now.get() => {
                format!("next attempt in {} s", (at - now.get()).div_ceil(1000))
            }
            _ => "trying now".to_owned(),
        }),
        _ => None,
    });
    view! {
        <div role="status">
            {live_view(move || {
                sentence
                    .get()
                    .map(|(tone, words)| {
                        view! {
                            <p class=format!("banner {}", tone_class(tone))>
                                <Mark shape=tone.shape() tone=tone />
                                <span class="banner-text">{prose(&words)}</span>
                                <span class="banner-action quiet number" aria-live="off">{next}</span>
                            </p>
                        }
                    })
            })}
        </div>
    }
}
