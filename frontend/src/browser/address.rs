//! The page's address: the place that is shown, and what it is asked for. Links to places, and the browser's way back and
//! forward, change it without loading anything.
//!
//! A library's router would be a tenth of what every viewer downloads; the page has six places.

use leptos::{ev, prelude::*};
use model::{Place, container_in};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, Url, UrlSearchParams};

use super::{location, readers::kept};

#[derive(Clone, Copy)]
pub struct Address {
    /// Below the page's base, from the slash on, as the browser writes it.
    path: ReadSignal<String>,
    /// From the question mark on.
    query: ReadSignal<String>,
    set_path: WriteSignal<String>,
    set_query: WriteSignal<String>,
    /// `None`: it leads nowhere.
    pub place: Memo<Option<Place>>,
}

impl Address {
    /// The address of this page, which from now on its links change; for as long as the part that calls this is mounted.
    pub fn provide() -> Self {
        let (path, set_path) = signal(String::new());
        let (query, set_query) = signal(String::new());
        let address = Self {
            path: kept(path),
            query: kept(query),
            set_path,
            set_query,
            place: Memo::new(move |_| Place::of(&path.read())),
        };
        address.follow();
        let clicks = window_event_listener(ev::click, move |event| address.clicked(&event));
        let moves = window_event_listener(ev::popstate, move |_| address.follow());
        on_cleanup(move || {
            clicks.remove();
            moves.remove();
        });
        provide_context(address);
        address
    }

    pub fn expect() -> Self {
        expect_context()
    }

    /// How the container is called that it leads to.
    pub fn container(self) -> Option<String> {
        let path = self.path.read();
        let name = container_in(&path)?;
        // a name that is not encoded right is none of a container, and shown as it is
        let plain = js_sys::decode_uri_component(name).ok().map(String::from);
        Some(plain.unwrap_or_else(|| name.to_owned()))
    }

    /// Whether it still leads where `path` did.
    pub fn is_at(self, path: &str) -> bool {
        self.path.with_untracked(|here| here == path)
    }

    pub fn path_untracked(self) -> String {
        self.path.get_untracked()
    }

    /// What the place is asked for.
    pub fn fields(self) -> Fields {
        Fields(UrlSearchParams::new_with_str(&self.query.read()).ok())
    }

    /// Asks the same place for something else, without a step that leads back.
    pub fn ask(self, fields: &[(&str, String)]) {
        let mut query = String::new();
        for (name, value) in fields {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            query.push_str(&String::from(js_sys::encode_uri_component(value)));
        }
        let url = format!("{}{}{query}", location::base_path(), self.path_untracked());
        if let Ok(history) = window().history() {
            // browsers refuse it where it happens too often; the next change is written again
            _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
        }
        self.set_query.set(query);
    }

    /// Leads to a place below the page's base, from the slash on, as its link would.
    pub fn go(self, path: &str) {
        let url = format!("{}{path}", location::base_path());
        if let Ok(history) = window().history()
            && history
                .push_state_with_url(&JsValue::NULL, "", Some(&url))
                .is_ok()
        {
            self.lead(path, String::new());
        }
    }

    /// Reads where the browser is.
    fn follow(self) {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let below = path.strip_prefix(&location::base_path()).unwrap_or(&path);
        self.lead(below, location.search().unwrap_or_default());
    }

    fn lead(self, path: &str, query: String) {
        self.set_query.set(query);
        if !self.is_at(path) {
            self.set_path.set(path.to_owned());
        }
    }

    /// Follows a link to a place by itself, as a click means it that neither asks for a new tab nor was taken otherwise.
    fn clicked(self, event: &MouseEvent) {
        let plain = event.button() == 0
            && !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key());
        if !plain || event.default_prevented() {
            return;
        }
        let Some(url) = link(event).and_then(|link| ours(&link)) else {
            return;
        };
        let pathname = url.pathname();
        let Some(path) = pathname.strip_prefix(&location::base_path()) else {
            return;
        };
        let Ok(history) = window().history() else {
            return;
        };
        if Place::of(path).is_none()
            || history
                .push_state_with_url(&JsValue::NULL, "", Some(&url.href()))
                .is_err()
        {
            // the browser loads it
            return;
        }
        event.prevent_default();
        self.lead(path, url.search());
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// The link that was clicked.
fn link(event: &MouseEvent) -> Option<HtmlAnchorElement> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("a[href]").ok()??.dyn_into().ok()
}

/// Where a link leads that means this tab and this page.
fn ours(link: &HtmlAnchorElement) -> Option<Url> {
    let url = Url::new(&link.href()).ok()?;
    let is_ours = link.target().is_empty()
        && !link.has_attribute("download")
        && url.hash().is_empty()
        && Ok(url.origin()) == window().location().origin();
    is_ours.then_some(url)
}

/// What a place is asked for.
pub struct Fields(Option<UrlSearchParams>);

impl Fields {
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.as_ref()?.get(name)
    }
}
