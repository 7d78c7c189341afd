use leptos::{html, prelude::*};
use model::format;
use timeline::export::{self, Shape};

use super::Held;
use crate::{
    browser::{clipboard, clock, download},
    live::{live, live_view},
    state::Connection,
};

/// What is shown, for a shell and as a file.
#[component]
pub fn Out(held: Held) -> impl IntoView {
    let connection = Connection::expect();
    let (said, set_said) = signal(String::new());
    let command = Memo::new(move |_| held.wanted.read().command(clock::iso));
    let field = NodeRef::<html::Input>::new();
    let copy = move |_| {
        let Some(field) = field.get_untracked() else {
            return;
        };
        leptos::task::spawn_local(async move {
            let copied = clipboard::copy(field).await;
            set_said.try_set(
                if copied {
                    "Copied."
                } else {
                    "The browser does not let a page copy here: the line is selected, copy it yourself."
                }
                .to_owned(),
            );
        });
    };
    let save = move |ending: &'static str| {
        let entries = held.shown_entries();
        let shown = entries.iter().map(AsRef::as_ref);
        let (kind, text) = match ending {
            "csv" => ("text/csv", export::csv(shown)),
            _ => {
                let engine = connection.engine.get_untracked();
                let version = engine.map_or_else(String::new, |engine| engine.api_version.clone());
                let shape = Shape::of_api(&version);
                ("application/x-ndjson", export::ndjson(shown, shape))
            }
        };
        let name = format!("events-{}.{ending}", clock::iso(connection.now_untracked()));
        // a colon is no letter of a file's name everywhere
        let saved = download::save(&name.replace(':', ""), kind, &text).is_ok();
        set_said.set(if saved {
            format!("{} lines given to the browser.", text.lines().count())
        } else {
            "The browser refused to save the file.".to_owned()
        });
    };
    let count = move || held.with(|list| list.entries().len());
    view! {
        <button type="button" class="button" popovertarget="events-out">
            "Export"
        </button>
        <div id="events-out" class="popover" popover="auto" role="dialog" aria-label="Copy or export">
            <h2>"As a docker command"</h2>
            {live_view(move || match command.get() {
                Ok(line) => {
                    view! {
                        <div class="popover-row">
                            <input
                                class="text-field mono"
                                node_ref=field
                                readonly
                                aria-label="The docker command for what is shown"
                                prop:value=line
                            />
                            <button type="button" class="button" on:click=copy>
                                "Copy"
                            </button>
                        </div>
                    }
                        .into_any()
                }
                Err(refused) => {
                    view! { <p class="field-note is-bad">{format!("Not copied: {refused}.")}</p> }.into_any()
                }
            })}
            <h2>"As a file"</h2>
            <p class="quiet">
                {live(move || match count() {
                    1 => "1 event or gap matches, of those that this page has.".to_owned(),
                    count => {
                        format!(
                            "{} events and gaps match, of those that this page has.",
                            format::thousands(count),
                        )
                    }
                })}
            </p>
            <div class="popover-row">
                <button type="button" class="button" on:click=move |_| save("ndjson")>
                    "NDJSON, as docker prints it"
                </button>
                <button type="button" class="button" on:click=move |_| save("csv")>
                    "CSV, for spreadsheets"
                </button>
            </div>
            <p class="quiet" role="status">
                {said}
            </p>
        </div>
    }
}
