//! The theme that a person chose, kept for the next visit. `static/theme.js` sets it before the first paint.

const STORED_AS: &str = "theme";
const ATTRIBUTE: &str = "data-theme";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// The one that holds now.
    pub fn chosen() -> Self {
        let attribute = root().and_then(|root| root.get_attribute(ATTRIBUTE));
        match attribute.as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// What comes after it when a person switches.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Shows the page in it, and remembers it where the browser lets us.
    pub fn choose(self) {
        let Some(root) = root() else { return };
        let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        // without a storage the choice holds as long as the page; that is no reason to refuse it
        if self == Self::System {
            root.remove_attribute(ATTRIBUTE).ok();
            storage.and_then(|storage| storage.remove_item(STORED_AS).ok());
        } else {
            root.set_attribute(ATTRIBUTE, self.word()).ok();
            storage.and_then(|storage| storage.set_item(STORED_AS, self.word()).ok());
        }
    }
}

fn root() -> Option<web_sys::Element> {
    web_sys::window()?.document()?.document_element()
}
