//! Streams that real engines sent (`bridge/tests/captures/README.md` says how), as entries of a timeline.

// not every test needs all of it
#![allow(dead_code)]

use std::sync::Arc;

use daemonscope_timeline::{
    english,
    story::{Piece, Stories},
    text,
};
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

/// Whom, what, and how many raw events.
pub fn told(stories: &Stories) -> Vec<(String, usize)> {
    stories
        .pieces()
        .map(|(_, piece)| {
            let whom = english::subject(&piece.subject);
            let what = english::sentence(piece).unwrap_or_else(|| raw(stories, piece));
            (format!("{whom}: {what}"), piece.count())
        })
        .collect()
}

pub fn raw(stories: &Stories, piece: &Piece) -> String {
    let entries = stories.events(piece).map(|(_, entry)| match &entry.item {
        Item::Event(event) => format!("raw {}", text::action(event)),
        Item::Gap(_) => "a gap".to_owned(),
    });
    entries.collect()
}
