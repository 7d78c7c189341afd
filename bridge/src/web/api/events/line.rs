use std::collections::BTreeMap;

use protocol::{Entry, Item};
use serde::Serialize;

use crate::web::codes;

/// An entry of the timeline as programs get it.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Line<'a> {
    Event {
        epoch: u64,
        seq: u64,
        time_nano: i64,
        #[serde(rename = "type")]
        kind: &'a str,
        action: &'a str,
        scope: &'a str,
        actor: Actor<'a>,
        /// Something that looks like a credential was replaced in it.
        redacted: bool,
    },
    Gap {
        epoch: u64,
        seq: u64,
        gap: Span,
    },
}

#[derive(Serialize)]
pub struct Actor<'a> {
    id: &'a str,
    attributes: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
pub struct Span {
    from_nano: Option<i64>,
    to_nano: i64,
    reason: &'static str,
}

impl<'a> Line<'a> {
    pub fn of(epoch: u64, entry: &'a Entry) -> Self {
        let seq = entry.seq;
        match &entry.item {
            Item::Event(event) => Self::Event {
                epoch,
                seq,
                time_nano: event.time_nano,
                kind: &event.kind,
                action: &event.action,
                scope: &event.scope,
                actor: Actor {
                    id: &event.actor_id,
                    attributes: event
                        .attributes
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_str()))
                        .collect(),
                },
                redacted: event.redacted,
            },
            Item::Gap(gap) => Self::Gap {
                epoch,
                seq,
                gap: Span {
                    from_nano: gap.from_nano,
                    to_nano: gap.to_nano,
                    reason: codes::gap(gap.reason),
                },
            },
        }
    }
}

pub fn write(epoch: u64, entry: &Entry, to: &mut Vec<u8>) {
    // It can fail only for types that ours are not (maps with odd keys).
    if serde_json::to_writer(&mut *to, &Line::of(epoch, entry)).is_ok() {
        to.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Event, Gap, GapReason};

    use super::*;

    #[test]
    fn events_and_gaps_are_a_line_each() {
        let event = Event {
            time_nano: 1_795_502_560_123_456_789,
            kind: "container".to_owned(),
            action: "exec_create: sh\n-c".to_owned(),
            scope: "local".to_owned(),
            actor_id: "ab".to_owned(),
            attributes: vec![("name".to_owned(), "\u{202e}web".to_owned())],
            redacted: false,
        };
        let gap = Gap {
            from_nano: None,
            to_nano: 5,
            reason: GapReason::BridgeStarted,
        };
        let mut lines = Vec::new();
        for (seq, item) in [(1, Item::Gap(gap)), (2, Item::Event(event))] {
            write(7, &Entry { seq, item }, &mut lines);
        }
        assert_eq!(
            String::from_utf8(lines).unwrap(),
            concat!(
                r#"{"epoch":7,"seq":1,"gap":{"from_nano":null,"to_nano":5,"reason":"bridge_started"}}"#,
                "\n",
                r#"{"epoch":7,"seq":2,"time_nano":1795502560123456789,"type":"container","#,
                r#""action":"exec_create: sh\n-c","scope":"local","#,
                "\"actor\":{\"id\":\"ab\",\"attributes\":{\"name\":\"\u{202e}web\"}},\"redacted\":false}\n",
            )
        );
    }
}
