//! Streams that real engines sent (`bridge/tests/captures/README.md` says how), as entries of a timeline.

use std::sync::Arc;

use protocol::{Entry, Event, Item};
use serde_json::Value;

pub fn event(line: &str) -> Event {
    let raw: Value = serde_json::from_str(line).expect("an event");
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let mut attributes: Vec<(String, String)> = raw["Actor"]["Attributes"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    attributes.sort();
    Event {
        time_nano: raw["timeNano"].as_i64().expect("a time"),
        kind: text(&raw["Type"]),
        action: text(&raw["Action"]),
        scope: text(&raw["scope"]),
        actor_id: text(&raw["Actor"]["ID"]),
        attributes,
        redacted: false,
    }
}

/// Numbered from 1, as their lines are.
pub fn entries(lines: &str) -> Vec<Arc<Entry>> {
    lines
        .lines()
        .map(event)
        .zip(1..)
        .map(|(event, seq)| {
            Arc::new(Entry {
                seq,
                item: Item::Event(event),
            })
        })
        .collect()
}
