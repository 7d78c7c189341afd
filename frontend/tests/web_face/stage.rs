//! A page on which one part stands, with the state that `net` would have filled.

use std::any::Any;

use leptos::{mount::mount_to, prelude::*};
use model::{DaemonState, Link};
use page::state::{self, Connection, Series, Timeline, UsageHandle};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Frames of the browser, far more than anything here needs.
const PATIENCE: u32 = 600;

/// The page's own, so that lines have their height and colours are there to draw with.
const STYLES: [&str; 5] = [
    include_str!("../../../static/css/tokens.css"),
    include_str!("../../../static/css/base.css"),
    include_str!("../../../static/css/layout.css"),
    include_str!("../../../static/css/components.css"),
    include_str!("../../../static/css/pages.css"),
];

pub struct Stage {
    root: HtmlElement,
    place: Element,
    pub connection: Connection,
    pub series: Series,
    pub timeline: Timeline,
    pub usage: UsageHandle,
    _mounted: Box<dyn Any>,
}

impl Stage {
    /// Shows a part, 800 pixels wide, on a page that is connected to a daemon.
    pub fn show<V: IntoView + 'static>(part: impl Fn() -> V + Send + 'static) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        root.style().set_property("width", "800px").unwrap();
        let style = document.create_element("style").unwrap();
        style.set_text_content(Some(&STYLES.concat()));
        root.append_child(&style).unwrap();
        let place = document.create_element("div").unwrap();
        root.append_child(&place).unwrap();
        document.body().unwrap().append_child(&root).unwrap();
        let handles = StoredHandles::default();
        let given = handles.clone();
        let mounted = mount_to(place.clone().unchecked_into(), move || {
            state::provide();
            page::components::paint_on_ticks();
            given.set((
                Connection::expect(),
                Series::expect(),
                Timeline::expect(),
                UsageHandle::expect(),
            ));
            page::browser::Address::provide();
            part()
        });
        let (connection, series, timeline, usage) = handles.get();
        connection.set_link(Link::Live);
        let now = js_sys::Date::now() as u64;
        connection.set_bridge(false, "unix:///run/docker.sock".to_owned(), now);
        connection.set_daemon(DaemonState::Live { since_millis: 0 });
        Self {
            root,
            place,
            connection,
            series,
            timeline,
            usage,
            _mounted: Box::new(mounted),
        }
    }

    /// With plain spaces.
    pub fn text(&self) -> String {
        let text = self.place.text_content().unwrap_or_default();
        text.replace('\u{a0}', " ")
    }

    pub fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.place.query_selector_all(selector).unwrap();
        (0..found.length())
            .map(|index| found.item(index).unwrap().unchecked_into())
            .collect()
    }

    pub fn one(&self, selector: &str) -> Element {
        self.place
            .query_selector(selector)
            .unwrap()
            .unwrap_or_else(|| panic!("there is no {selector} in {}", self.text()))
    }

    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector)
            .iter()
            .map(|element| element.text_content().unwrap_or_default().trim().to_owned())
            .collect()
    }

    /// Presses the button that says so.
    pub fn press(&self, words: &str) {
        let button = self
            .all("button, input[type=checkbox]")
            .into_iter()
            .find(|button| {
                let label = button.get_attribute("aria-label").unwrap_or_default();
                let shown = button.text_content().unwrap_or_default();
                let beside = button
                    .parent_element()
                    .filter(|parent| parent.tag_name() == "LABEL")
                    .and_then(|parent| parent.text_content())
                    .unwrap_or_default();
                label.contains(words) || shown.contains(words) || beside.contains(words)
            })
            .unwrap_or_else(|| panic!("nothing says {words} in {}", self.text()));
        button.unchecked_into::<HtmlElement>().click();
    }

    pub fn type_into(&self, selector: &str, text: &str) {
        let input: HtmlInputElement = self.one(selector).unchecked_into();
        input.set_value(text);
        let options = web_sys::EventInit::new();
        options.set_bubbles(true);
        let event = web_sys::Event::new_with_event_init_dict("input", &options).unwrap();
        input.dispatch_event(&event).unwrap();
    }

    /// Waits until what is on screen is so.
    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..PATIENCE {
            if holds(self) {
                return;
            }
            frame().await;
        }
        panic!("never: {what}; the page says: {}", self.text());
    }

    pub async fn until_says(&self, words: &str) {
        self.until(words, |stage| stage.text().contains(words))
            .await;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.root.remove();
    }
}

type Handles = (Connection, Series, Timeline, UsageHandle);

/// Carries the handles out of the mounting.
#[derive(Clone, Default)]
struct StoredHandles(std::sync::Arc<std::sync::Mutex<Option<Handles>>>);

impl StoredHandles {
    fn set(&self, handles: Handles) {
        *self.0.lock().unwrap() = Some(handles);
    }

    fn get(&self) -> Handles {
        self.0.lock().unwrap().expect("the part was mounted")
    }
}

async fn frame() {
    let frame = js_sys::Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .request_animation_frame(&resolve)
            .unwrap();
    });
    JsFuture::from(frame).await.unwrap_or(JsValue::NULL);
}
