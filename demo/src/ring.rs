//! Events as the daemon keeps them: the last 256, and everyone who listens.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde::Serialize;

use crate::time::Time;

/// The daemon forgets older events (`daemon/events/events.go`).
pub const KEPT: usize = 256;

pub type Attributes = BTreeMap<String, String>;

#[derive(Debug)]
pub struct Event {
    /// The daemon's `Type`: `container`, `image`, …
    pub kind: Cow<'static, str>,
    pub action: String,
    pub id: String,
    pub attributes: Attributes,
    pub at: Time,
    legacy: OnceLock<Bytes>,
    modern: OnceLock<Bytes>,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(rename = "Type")]
    kind: &'a str,
    #[serde(rename = "Action")]
    action: &'a str,
    #[serde(rename = "Actor")]
    actor: Actor<'a>,
    scope: &'a str,
    time: i64,
    #[serde(rename = "timeNano")]
    time_nano: i64,
}

#[derive(Serialize)]
struct Actor<'a> {
    #[serde(rename = "ID")]
    id: &'a str,
    #[serde(rename = "Attributes")]
    attributes: &'a Attributes,
}

impl Event {
    pub fn new(
        kind: impl Into<Cow<'static, str>>,
        action: String,
        id: String,
        attributes: Attributes,
        at: Time,
    ) -> Self {
        Self {
            kind: kind.into(),
            action,
            id,
            attributes,
            at,
            legacy: OnceLock::new(),
            modern: OnceLock::new(),
        }
    }

    /// The line for API versions before 1.52, which repeat id and image in old fields.
    /// Written once for all who listen, and not at all when nobody does.
    pub fn legacy(&self) -> Bytes {
        self.legacy.get_or_init(|| self.line(true)).clone()
    }

    pub fn modern(&self) -> Bytes {
        self.modern.get_or_init(|| self.line(false)).clone()
    }

    fn line(&self, legacy: bool) -> Bytes {
        let old = legacy && matches!(&*self.kind, "container" | "image");
        let image = self.attributes.get("image").map(String::as_str);
        let line = Line {
            status: old.then_some(self.action.as_str()),
            id: (old && !self.id.is_empty()).then_some(self.id.as_str()),
            from: image.filter(|_| old && self.kind == "container"),
            kind: &self.kind,
            action: &self.action,
            actor: Actor {
                id: &self.id,
                attributes: &self.attributes,
            },
            scope: "local",
            time: self.at.seconds(),
            time_nano: self.at.nanos(),
        };
        let mut bytes = serde_json::to_vec(&line).unwrap_or_default();
        bytes.push(b'\n');
        Bytes::from(bytes)
    }
}

/// The last events, oldest first.
#[derive(Debug, Default)]
pub struct Ring(VecDeque<Arc<Event>>);

impl Ring {
    pub fn push(&mut self, event: Arc<Event>) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(event);
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: i64) -> Event {
        let attributes = Attributes::from([
            ("image".into(), "web:1".into()),
            ("name".into(), "web".into()),
        ]);
        Event::new(
            "container",
            "start".into(),
            "ab12".into(),
            attributes,
            Time::from_nanos(number),
        )
    }

    #[test]
    fn old_fields_only_before_1_52() {
        let event = event(1_795_502_662_866_767_375);
        assert_eq!(
            event.legacy(),
            concat!(
                r#"{"status":"start","id":"ab12","from":"web:1","Type":"container","Action":"start","#,
                r#""Actor":{"ID":"ab12","Attributes":{"image":"web:1","name":"web"}},"#,
                r#""scope":"local","time":1795502662,"timeNano":1795502662866767375}"#,
                "\n"
            )
        );
        assert!(event.modern().starts_with(br#"{"Type":"container","#));
    }

    #[test]
    fn the_ring_forgets_the_oldest() {
        let mut ring = Ring::default();
        for number in 1..=300 {
            ring.push(Arc::new(event(number)));
        }
        assert_eq!(ring.iter().count(), KEPT);
        assert_eq!(ring.iter().next().map(|event| event.at.nanos()), Some(45));
    }
}
