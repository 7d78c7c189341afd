use leptos::prelude::*;
use model::{Status, Tone, words};

use super::{Mark, Shown, prose, tone_class};
use crate::{
    browser::clock,
    live::live_view,
    state::{Connection, Fleet},
};

/// What is older has its date too.
const HALF_DAY_MILLIS: u64 = 12 * 60 * 60 * 1000;

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
    let connection = Connection::expect();
    let Connection {
        status,
        endpoint,
        now,
        ..
    } = connection;
    let known = Fleet::expect().known;
    let as_of = move || {
        let at = connection.as_of().filter(|_| known.get())?;
        let past = connection.now_untracked().saturating_sub(at);
        let at = if past < HALF_DAY_MILLIS {
            clock::time_of_day(at)
        } else {
            clock::date_time(at)
        };
        Some(format!("What is shown is as of {at}."))
    };
    // the sentence is spoken when it changes; the countdown beside it is not part of it
    let sentence = Memo::new(move |_| {
        match &*status.read() {
        Status::DaemonAway(away) => {
            let advice = words::away(away, &endpoint.read());
            let words = [advice.what, advice.remedy.to_owned()].into_iter().chain(as_of());
            Some((Tone::Bad, words.collect::<Vec<_>>().join(" ")))
        }
        Status::Reconnecting { attempts, .. } if *attempts > 1 => Some((
            Tone::Warn,
            format!(
                "The bridge does not answer. Is daemonscope still running? {}",
                as_of().unwrap_or_default()
            ),
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
