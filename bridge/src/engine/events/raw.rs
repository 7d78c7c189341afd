use serde::Deserialize;
use serde_json::{Map, Value};

use protocol::Event;

use crate::engine::{redact, value};

/// An event as any daemon may write it: every field may be missing, and no word is unknown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawEvent {
    #[serde(rename = "Type")]
    kind: Value,
    #[serde(rename = "Action")]
    action: Value,
    #[serde(rename = "Actor")]
    actor: Value,
    scope: Value,
    time: Value,
    #[serde(rename = "timeNano")]
    time_nano: Value,
    // before API 1.22, and still beside the others up to 1.51
    status: Value,
    id: Value,
}

/// One line of the stream. The error is what is wrong with it.
pub fn parse(line: &[u8]) -> Result<Event, String> {
    let raw: RawEvent = serde_json::from_slice(line).map_err(|error| value::fault(&error))?;
    let actor = match raw.actor {
        Value::Object(actor) => actor,
        _ => Map::new(),
    };
    let action = text(raw.action).or_else(|| text(raw.status));
    let kind = text(raw.kind);
    if action.is_none() && kind.is_none() {
        return Err("it has neither type nor action".to_owned());
    }
    let time_nano = value::integer(&raw.time_nano)
        .filter(|nano| *nano != 0)
        .or_else(|| value::integer(&raw.time)?.checked_mul(1_000_000_000))
        .ok_or_else(|| "it has no time".to_owned())?;

    let mut redacted = false;
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut actor_id = None;
    for (key, value) in actor {
        match (key.as_str(), value) {
            ("ID", value) => actor_id = text(value),
            ("Attributes", Value::Object(values)) => {
                attributes = values
                    .into_iter()
                    .map(|(name, value)| {
                        let value = text(value).unwrap_or_default();
                        let shown = redact::value(&name, &value).into_owned();
                        redacted |= shown != value;
                        (name, shown)
                    })
                    .collect();
            }
            _ => {}
        }
    }
    attributes.sort();
    let action = action.unwrap_or_default();
    let shown_action = redact_action(&action);
    redacted |= shown_action != action;
    Ok(Event {
        time_nano,
        kind: kind.unwrap_or_else(|| "container".to_owned()),
        action: shown_action,
        scope: text(raw.scope).unwrap_or_else(|| "local".to_owned()),
        actor_id: actor_id.or_else(|| text(raw.id)).unwrap_or_default(),
        attributes,
        redacted,
    })
}

/// The command of `exec_create: COMMAND`, by itself, so that it stays equal to the health check's own.
fn redact_action(action: &str) -> String {
    match action.split_once(": ") {
        Some((verb, command)) => format!("{verb}: {}", redact::text(command)),
        None => action.to_owned(),
    }
}

/// A text, or what else is there as the daemon wrote it; `None` for nothing.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then_some(text),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_captured_event() {
        for (lines, count) in [
            (
                include_str!("../../../tests/captures/v20/events.ndjson"),
                224,
            ),
            (
                include_str!("../../../tests/captures/v28/events.ndjson"),
                222,
            ),
        ] {
            let events: Vec<Event> = lines
                .lines()
                .map(|line| parse(line.as_bytes()).unwrap())
                .collect();
            assert_eq!(events.len(), count);
            for event in &events {
                assert!(
                    !event.kind.is_empty() && !event.action.is_empty(),
                    "{event:?}"
                );
                assert!(event.time_nano > 1_795_502_000_000_000_000, "{event:?}");
                assert!(event.attributes.is_sorted(), "{event:?}");
                assert!(!event.redacted, "{event:?}");
            }
        }
    }

    #[test]
    fn takes_what_no_daemon_should_send() {
        for (line, expected) in [
            (
                r#"{"Type":"pod","Action":"start","Actor":{"ID":"p","Attributes":{"n":1,"a":null}},"scope":"local","timeNano":7}"#,
                Event {
                    time_nano: 7,
                    kind: "pod".to_owned(),
                    action: "start".to_owned(),
                    scope: "local".to_owned(),
                    actor_id: "p".to_owned(),
                    attributes: vec![
                        ("a".to_owned(), String::new()),
                        ("n".to_owned(), "1".to_owned()),
                    ],
                    redacted: false,
                },
            ),
            (
                r#"{"status":"start","id":"c","from":"i","time":3}"#,
                Event {
                    time_nano: 3_000_000_000,
                    kind: "container".to_owned(),
                    action: "start".to_owned(),
                    scope: "local".to_owned(),
                    actor_id: "c".to_owned(),
                    ..Event::default()
                },
            ),
            (
                r#"{"Type":"image","Action":null,"Actor":null,"scope":null,"time":3,"timeNano":4}"#,
                Event {
                    time_nano: 4,
                    kind: "image".to_owned(),
                    scope: "local".to_owned(),
                    ..Event::default()
                },
            ),
            (
                r#"{"Type":"container","Action":"exec_create: app --token abc","Actor":{"ID":"c","Attributes":{"x.password":"p"}},"timeNano":1}"#,
                Event {
                    time_nano: 1,
                    kind: "container".to_owned(),
                    action: "exec_create: app --token •••".to_owned(),
                    scope: "local".to_owned(),
                    actor_id: "c".to_owned(),
                    attributes: vec![("x.password".to_owned(), "•••".to_owned())],
                    redacted: true,
                },
            ),
        ] {
            assert_eq!(parse(line.as_bytes()), Ok(expected), "{line}");
        }
    }

    #[test]
    fn says_what_it_cannot_read() {
        for line in [
            "{",
            "[]",
            "1",
            "{}",
            r#"{"Type":"container","Action":"start"}"#,
            r#"{"timeNano":5}"#,
            "\u{0}",
        ] {
            assert!(parse(line.as_bytes()).is_err(), "{line}");
        }
    }
}
