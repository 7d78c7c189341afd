//! The filter language of `docker events --filter`, matched as the daemon matches it (moby, `daemon/events/filter.go`).
//!
//! Values of one key are alternatives; keys, and the values of `label`, must all agree.

mod command;
mod key;
mod parse;
mod reference;

use protocol::Event;

pub use command::Unpastable;
pub use key::Key;
pub use parse::FilterError;

/// Read from a line by [`str::parse`]; its `Display` is the line again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    terms: Vec<(Key, String)>,
}

impl Filter {
    /// A term that is there already is not added again.
    pub fn add(&mut self, key: Key, value: String) {
        let term = (key, value);
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
    }

    pub fn remove(&mut self, key: Key, value: &str) {
        self.terms.retain(|term| term.0 != key || term.1 != value);
    }

    /// In the order in which they were written.
    pub fn terms(&self) -> impl Iterator<Item = (Key, &str)> {
        self.terms.iter().map(|(key, value)| (*key, value.as_str()))
    }

    /// Matches every event.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub fn matches(&self, event: &Event) -> bool {
        self.matches_action(event)
            && self.any_or_none(Key::Type, |value| value == event.kind)
            && self.any_or_none(Key::Scope, |value| value == event.scope)
            && Key::OBJECTS
                .into_iter()
                .all(|key| self.matches_object(key, event))
            && self.matches_image(event)
            && self.values(Key::Label).all(|value| has_label(event, value))
    }

    fn values(&self, key: Key) -> impl Iterator<Item = &str> {
        self.terms()
            .filter(move |(of, _)| *of == key)
            .map(|(_, value)| value)
    }

    /// Whether a value of the key fits, or it has no value at all.
    fn any_or_none(&self, key: Key, fits: impl Fn(&str) -> bool) -> bool {
        let mut values = self.values(key).peekable();
        values.peek().is_none() || values.any(fits)
    }

    /// The actions that carry more than their name are matched by their beginning; one such value makes all others
    /// match so too.
    fn matches_action(&self, event: &Event) -> bool {
        let by_beginning = self
            .values(Key::Event)
            .any(|value| matches!(value, "health_status" | "exec_create" | "exec_start"));
        self.any_or_none(Key::Event, |value| {
            if by_beginning {
                event.action.starts_with(value)
            } else {
                event.action == value
            }
        })
    }

    /// The type of the event is not looked at.
    fn matches_object(&self, key: Key, event: &Event) -> bool {
        self.any_or_none(key, |value| {
            event.actor_id.starts_with(value)
                || event.attribute("name").unwrap_or("").starts_with(value)
        })
    }

    /// An image's own events by its id or name, all others by the image they name.
    fn matches_image(&self, event: &Event) -> bool {
        let attribute = if event.kind == "image" {
            "name"
        } else {
            "image"
        };
        let name = event.attribute(attribute).unwrap_or("");
        self.any_or_none(Key::Image, |value| {
            value == event.actor_id
                || value == name
                || value == reference::strip_tag(&event.actor_id)
                || value == reference::strip_tag(name)
        })
    }
}

/// Any attribute counts as a label: `name` alone, or `name=value`.
fn has_label(event: &Event, label: &str) -> bool {
    let (name, value) = match label.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (label, None),
    };
    event
        .attribute(name)
        .is_some_and(|has| value.is_none_or(|value| value == has))
}
