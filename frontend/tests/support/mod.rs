//! The whole page in a browser, with the test as the bridge at the other end of its live socket.

use std::{cell::Cell, future::Future};

use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use leptos::{IntoView, mount::mount_to, prelude::Owner};
use protocol::{
    BUILD, ClientMsg, Column, Container, ContainerKey, DaemonState, Encoding, Hello, PROTOCOL,
    ServerMsg, Snapshot, State, StatsFrame, UsageState,
};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{Element, HtmlElement, HtmlInputElement};

#[wasm_bindgen(module = "/tests/support/browser.js")]
extern "C" {
    fn install();
    fn uninstall();
    fn count() -> usize;
    fn protocol(index: usize) -> String;
    fn open(index: usize);
    fn tell(index: usize, bytes: &[u8]);
    fn take_sent(index: usize) -> Option<Uint8Array>;
    fn lose(index: usize);
    /// Counts from now on what changes in the document below an element.
    pub fn watch(element: &Element);
    /// How many changes there were in what the selector names, or below it.
    pub fn changed(selector: &str) -> usize;
    /// How many elements were put into what the selector names, or taken out of it; one that was moved counts twice.
    pub fn moved(selector: &str) -> usize;
}

/// Longer than any wait of the page that a test meets.
const PATIENCE_MILLIS: u32 = 8_000;
const STEP_MILLIS: u32 = 10;

/// Waits until `met`; what it said last is the failure.
pub async fn until(what: &str, met: impl Fn() -> bool) {
    for _ in 0..PATIENCE_MILLIS / STEP_MILLIS {
        if met() {
            return;
        }
        TimeoutFuture::new(STEP_MILLIS).await;
    }
    panic!("waited in vain for: {what}\n{}", page_text());
}

fn document() -> web_sys::Document {
    web_sys::window().unwrap().document().unwrap()
}

/// As the bridge writes it into the document.
fn set_base() {
    let document = document();
    if document.query_selector("base").unwrap().is_none() {
        let base = document.create_element("base").unwrap();
        base.set_attribute("href", "/").unwrap();
        document.head().unwrap().append_child(&base).unwrap();
    }
}

/// Gives the document this address. Chromium takes 200 in ten seconds and then ignores them for a while, so that a test after
/// one that went to and fro a lot may have to ask again.
fn address_is(path: &str) -> bool {
    let window = web_sys::window().unwrap();
    window
        .history()
        .unwrap()
        .push_state_with_url(&JsValue::NULL, "", Some(path))
        .unwrap();
    let location = window.location();
    location.pathname().unwrap() + &location.search().unwrap() == path
}

fn page_text() -> String {
    document().body().unwrap().inner_text()
}

/// The page at one address, for one test.
pub struct Page {
    root: HtmlElement,
    owner: Owner,
    _mounted: Box<dyn std::any::Any>,
}

impl Drop for Page {
    fn drop(&mut self) {
        // tasks of the page hold its owner, so that dropping it would end nothing
        self.owner.cleanup();
        self.root.remove();
        uninstall();
    }
}

thread_local! {
    /// Sockets of pages before this one.
    static SOCKETS: Cell<usize> = const { Cell::new(0) };
}

impl Page {
    /// Opens the page at `path`; nothing answers it yet.
    pub async fn open(path: &str) -> Self {
        install();
        SOCKETS.set(count());
        set_base();
        until(path, || address_is(path)).await;
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let (tell_owner, owner) = std::sync::mpsc::channel();
        let mounted = mount_to(root.clone(), move || {
            tell_owner.send(Owner::current().unwrap()).unwrap();
            page::App().into_view()
        });
        Self {
            root,
            owner: owner.recv().unwrap(),
            _mounted: Box::new(mounted),
        }
    }

    /// Everything that is there.
    pub fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length())
            .filter_map(|index| found.get(index))
            .map(JsCast::unchecked_into)
            .collect()
    }

    pub fn one(&self, selector: &str) -> HtmlElement {
        self.all(selector)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("there is no {selector}\n{}", page_text()))
    }

    pub fn text(&self) -> String {
        self.root.inner_text()
    }

    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// The line of the table that is about the container of this name.
    pub fn row(&self, name: &str) -> Option<Element> {
        self.all("tbody tr")
            .into_iter()
            .find(|row| {
                row.query_selector("th[scope=row] a")
                    .unwrap()
                    .is_some_and(|link| link.text_content().as_deref() == Some(name))
            })
            .map(Into::into)
    }

    /// The words of that line's cell in the column with this head.
    pub fn cell(&self, name: &str, column: &str) -> String {
        let place = self
            .all("thead th")
            .iter()
            .position(|head| head.text_content().unwrap_or_default() == column)
            .unwrap_or_else(|| panic!("there is no column {column}"));
        self.row(name)
            .unwrap_or_else(|| panic!("there is no row {name}"))
            .children()
            .item(u32::try_from(place).unwrap())
            .and_then(|cell| cell.text_content())
            .unwrap_or_default()
    }

    /// The names of the containers, in the order of their lines.
    pub fn names(&self) -> Vec<String> {
        self.all("tbody th[scope=row] a")
            .iter()
            .map(|link| link.text_content().unwrap_or_default())
            .collect()
    }

    pub fn button(&self, words: &str) -> HtmlElement {
        self.all("button")
            .into_iter()
            .find(|button| button.text_content().unwrap_or_default().trim() == words)
            .unwrap_or_else(|| panic!("there is no button {words}"))
    }

    pub fn type_into(&self, selector: &str, text: &str) {
        let input: HtmlInputElement = self.one(selector).unchecked_into();
        input.set_value(text);
        let event = web_sys::Event::new_with_event_init_dict("input", &bubbling()).unwrap();
        input.dispatch_event(&event).unwrap();
    }
}

pub fn bubbling() -> web_sys::EventInit {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    init
}

/// The end of a live socket that is the bridge's.
#[derive(Clone, Copy)]
pub struct Bridge {
    socket: usize,
}

impl Bridge {
    /// Waits for the page's connection number `nth`, counted from 0, and lets it in.
    pub async fn accept(nth: usize) -> Self {
        let socket = SOCKETS.get() + nth;
        until("a connection", || count() > socket).await;
        open(socket);
        Self { socket }
    }

    /// Lets the page in and tells it `snapshot`.
    pub async fn serve(nth: usize, snapshot: Snapshot) -> Self {
        let bridge = Self::accept(nth).await;
        bridge.tell(&hello(BUILD));
        bridge.hear("its interest").await;
        bridge.tell(&ServerMsg::Snapshot(Box::new(snapshot)));
        bridge
    }

    pub fn address(self) -> String {
        protocol(self.socket)
    }

    pub fn tell(self, message: &ServerMsg) {
        tell(self.socket, &Encoding::Postcard.encode(message));
    }

    /// Whatever bytes, as one message.
    pub fn tell_bytes(self, bytes: &[u8]) {
        tell(self.socket, bytes);
    }

    /// What the page says next.
    pub async fn hear(self, what: &str) -> ClientMsg {
        for _ in 0..PATIENCE_MILLIS / STEP_MILLIS {
            if let Some(bytes) = take_sent(self.socket) {
                return Encoding::Postcard.decode(&bytes.to_vec()).unwrap();
            }
            TimeoutFuture::new(STEP_MILLIS).await;
        }
        panic!("the page did not say {what}");
    }

    /// What of the things that the page says next `wanted` picks.
    pub async fn hear_of<T>(self, what: &str, wanted: impl Fn(ClientMsg) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.hear(what).await) {
                return found;
            }
        }
    }

    pub fn lose(self) {
        lose(self.socket);
    }
}

pub fn hello(build: &str) -> ServerMsg {
    ServerMsg::Hello(Hello {
        protocol: PROTOCOL,
        build: build.to_owned(),
    })
}

pub fn container(key: u32, name: &str, state: State) -> Container {
    Container {
        key: ContainerKey(key),
        id: format!("{key:064x}"),
        name: name.to_owned(),
        image: "nginx:1.29".to_owned(),
        state,
        ..Container::default()
    }
}

pub fn snapshot(containers: Vec<Container>) -> Snapshot {
    Snapshot {
        epoch: 7,
        at_millis: js_sys::Date::now() as u64,
        demo: false,
        endpoint: "unix:///var/run/docker.sock".to_owned(),
        daemon: DaemonState::Live { since_millis: 1 },
        engine: None,
        containers,
        usage: UsageState::default(),
    }
}

/// A frame with the CPU's hundredths of these containers.
pub fn cpu(rows: &[(u32, u64)]) -> ServerMsg {
    let mut column = Column::default();
    for (key, hundredths) in rows {
        column.push(ContainerKey(*key), *hundredths);
    }
    ServerMsg::Stats(StatsFrame {
        at_millis: js_sys::Date::now() as u64,
        cpu_hundredths: column,
        ..StatsFrame::default()
    })
}

/// Runs `act` with a page at `path` that knows these containers.
pub async fn with_page<F: Future>(
    path: &str,
    containers: Vec<Container>,
    act: impl FnOnce(Page, Bridge) -> F,
) -> F::Output {
    let page = Page::open(path).await;
    let bridge = Bridge::serve(0, snapshot(containers)).await;
    act(page, bridge).await
}
