use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

use crate::browser::focus;

/// What one goes through with the keyboard: containers and projects, events and stories, what needs attention.
const STOPS: &str =
    "main :is(tbody .is-name > a, tbody .fold, .event-row, .is-urgent .rows-main > a)";
const SEARCH: &str = "main input[type=search]";

const KEYS: [(&str, &str); 5] = [
    ("j  ↓", "the next line"),
    ("k  ↑", "the line before"),
    ("Enter", "open it"),
    ("/", "search or filter"),
    ("?", "these keys"),
];

/// What the keyboard does on every page, and the button that tells it.
#[component]
pub fn Keys() -> impl IntoView {
    let help = NodeRef::<html::Dialog>::new();
    let show = move || {
        if let Some(help) = help.get_untracked()
            && !help.open()
        {
            // one that is not in the document cannot be shown
            let _ = help.show_modal();
        }
    };
    let keys = window_event_listener(ev::keydown, move |event| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        let is_asked = help.get_untracked().is_some_and(|help| help.open());
        if !is_plain || is_asked || event.default_prevented() || is_typing(&event) {
            return;
        }
        let is_done = match event.key().as_str() {
            "/" => focus::search(SEARCH),
            "j" => focus::step(STOPS, true, true),
            "k" => focus::step(STOPS, false, true),
            // before one began they scroll
            "ArrowDown" => focus::step(STOPS, true, false),
            "ArrowUp" => focus::step(STOPS, false, false),
            "?" => {
                show();
                true
            }
            _ => false,
        };
        if is_done {
            event.prevent_default();
        }
    });
    on_cleanup(move || keys.remove());
    let lines = KEYS
        .map(|(key, what)| view! { <dt><kbd>{key}</kbd></dt> <dd>{what}</dd> })
        .collect_view();
    view! {
        <button
            type="button"
            class="button as-quiet as-icon keys-button"
            title="Keys"
            aria-label="Keys"
            aria-haspopup="dialog"
            on:click=move |_| show()
        >
            "?"
        </button>
        <dialog class="keys" node_ref=help aria-label="Keys">
            <dl class="key-value">{lines}</dl>
            <form method="dialog">
                <button class="button">"Close"</button>
            </form>
        </dialog>
    }
}

/// Whether the key went to a field that takes letters.
fn is_typing(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        })
}
