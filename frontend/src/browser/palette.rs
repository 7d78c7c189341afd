//! The page's colours for canvases, read from the tokens of the style sheet.

use model::{chart::Quantity, events::Class};
use wasm_bindgen::{JsCast as _, prelude::Closure};
use web_sys::{CssStyleDeclaration, MutationObserver, MutationObserverInit};

/// Colours as the browser writes them, and the face of the words.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    pub panel: String,
    pub line: String,
    edge: String,
    pub ink: String,
    pub ink_quiet: String,
    pub accent: String,
    pub bad: String,
    pub face: String,
    cpu: String,
    memory: String,
    network: String,
    block: String,
}

impl Palette {
    /// As it is now. Reading is cheap beside drawing, so it is read for every pass and never out of date.
    pub fn read() -> Self {
        style().map_or_else(Self::default, |style| {
            let token = |name| style.get_property_value(name).unwrap_or_default();
            Self {
                panel: token("--panel"),
                line: token("--line"),
                edge: token("--edge"),
                ink: token("--ink"),
                ink_quiet: token("--ink-quiet"),
                accent: token("--accent"),
                bad: token("--bad"),
                face: token("font-family"),
                cpu: token("--cpu"),
                memory: token("--memory"),
                network: token("--network"),
                block: token("--block"),
            }
        })
    }

    /// One hue for one metric.
    pub fn series(&self, quantity: Quantity) -> &str {
        match quantity {
            Quantity::Cpu => &self.cpu,
            Quantity::Memory => &self.memory,
            Quantity::Network => &self.network,
            Quantity::Block => &self.block,
            Quantity::Pids => &self.ink_quiet,
        }
    }

    /// One hue for one class of events.
    pub fn class(&self, class: Class) -> &str {
        match class {
            Class::Container => &self.cpu,
            Class::Image => &self.memory,
            Class::Volume => &self.block,
            Class::Network => &self.network,
            Class::Other => &self.ink_quiet,
            Class::Exec => &self.edge,
        }
    }
}

fn style() -> Option<CssStyleDeclaration> {
    let window = web_sys::window()?;
    let root = window.document()?.document_element()?;
    window.get_computed_style(&root).ok()?
}

/// Calls `changed` whenever the theme or the wished contrast changes, for as long as the page lives.
pub fn on_change(changed: fn()) -> Option<()> {
    let window = web_sys::window()?;
    let listener = Closure::<dyn Fn()>::new(changed).into_js_value();
    for query in ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"] {
        if let Ok(Some(list)) = window.match_media(query) {
            list.set_onchange(Some(listener.unchecked_ref()));
            // an event target that nobody holds forgets its listener
            std::mem::forget(list);
        }
    }
    let observer = MutationObserver::new(listener.unchecked_ref()).ok()?;
    let options = MutationObserverInit::new();
    options.set_attributes(true);
    observer
        .observe_with_options(&window.document()?.document_element()?.into(), &options)
        .ok()
}
