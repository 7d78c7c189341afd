//! `docs/api.md` against a bridge that watches the demo engine: every address in it is asked, every documented field is
//! there with its type, and no other one is. Its examples have that shape too.

use std::collections::{BTreeMap, BTreeSet};

use daemonscope::Bridge;
use serde_json::Value;

use super::{
    client::{Answer, ask},
    demo_engine::DemoEngine,
    web_support::watching,
};

const HOST: &str = "http://127.0.0.1:8375";

/// A part of the document from one heading of the second level to the next.
#[derive(Debug, Default)]
struct Section {
    title: String,
    /// Of the table `| field | type | meaning |`.
    fields: BTreeMap<String, String>,
    headers: Vec<String>,
    examples: Vec<Example>,
}

#[derive(Debug)]
struct Example {
    /// What is asked, below the host.
    target: Option<String>,
    /// What is answered: JSON, or JSON in lines.
    answer: Option<Vec<Value>>,
}

fn sections(document: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut table = String::new();
    let mut block: Option<(&str, String)> = None;
    for line in document.lines() {
        let section = sections.last_mut().unwrap();
        if let Some((kind, text)) = &mut block {
            if line == "```" {
                take_block(section, kind, text);
                block = None;
            } else {
                *text += line;
                *text += "\n";
            }
        } else if let Some(kind) = line.strip_prefix("```") {
            block = Some((kind, String::new()));
        } else if let Some(title) = line.strip_prefix("## ") {
            sections.push(Section {
                title: title.to_owned(),
                ..Section::default()
            });
        } else if line.starts_with("| ") {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            if !cells[0].starts_with('`') {
                if cells[0] != "---" {
                    table = cells[0].to_owned();
                }
                continue;
            }
            let names = cells[0].split(", ").map(|name| name.trim_matches('`'));
            match table.as_str() {
                "field" => {
                    for name in names {
                        let known = section.fields.insert(name.to_owned(), cells[1].to_owned());
                        assert_eq!(known, None, "{name} stands there once");
                    }
                }
                "header" => section.headers.extend(names.map(str::to_owned)),
                _ => {}
            }
        }
    }
    assert!(block.is_none(), "a block is closed");
    sections
}

fn take_block(section: &mut Section, kind: &str, text: &str) {
    let values = || -> Vec<Value> {
        serde_json::Deserializer::from_str(text)
            .into_iter()
            .map(|value| value.unwrap_or_else(|error| panic!("{error} in {text}")))
            .collect()
    };
    match kind {
        "console" => {
            for line in text.lines().filter(|line| line.starts_with("$ ")) {
                let (_, rest) = line
                    .split_once(HOST)
                    .unwrap_or_else(|| panic!("an address of {HOST} in {line}"));
                let end = rest.find([' ', '\'']).unwrap_or(rest.len());
                section.examples.push(Example {
                    target: Some(rest[..end].to_owned()),
                    answer: None,
                });
            }
        }
        "json" | "ndjson" => match section.examples.last_mut() {
            Some(last) if last.answer.is_none() => last.answer = Some(values()),
            _ => section.examples.push(Example {
                target: None,
                answer: Some(values()),
            }),
        },
        _ => {}
    }
}

/// Whether a value has the documented shape; the fields that it showed go to `seen`.
fn check(
    value: &Value,
    path: &str,
    fields: &BTreeMap<String, String>,
    seen: &mut BTreeSet<String>,
) -> Result<(), String> {
    if let Some(kind) = fields.get(path) {
        seen.insert(path.to_owned());
        let (kind, nullable) = match kind.strip_suffix(" or null") {
            Some(kind) => (kind, true),
            None => (kind.as_str(), false),
        };
        let fits = match (kind, value) {
            (_, Value::Null) => nullable,
            ("string", value) => value.is_string(),
            ("boolean", value) => value.is_boolean(),
            ("number", value) => value.is_number(),
            ("integer", value) => value.is_i64() || value.is_u64(),
            ("[string]", Value::Array(items)) => items.iter().all(Value::is_string),
            ("map of string", Value::Object(items)) => items.values().all(Value::is_string),
            ("[boolean]", Value::Array(items)) => items.iter().all(Value::is_boolean),
            ("map of [integer]", Value::Object(items)) => items.values().all(|item| {
                item.as_array()
                    .is_some_and(|row| row.iter().all(Value::is_u64))
            }),
            // its fields follow
            ("object", Value::Object(_)) => true,
            _ => false,
        };
        if !fits {
            return Err(format!("{path} is {kind}, and not {value}"));
        }
        if kind != "object" || value.is_null() {
            return Ok(());
        }
    }
    match value {
        Value::Array(items) => {
            let path = format!("{path}[]");
            if !fields.keys().any(|field| field.starts_with(&path)) {
                return Err(format!("{path} is not documented"));
            }
            items
                .iter()
                .try_for_each(|item| check(item, &path, fields, seen))
        }
        Value::Object(items) => {
            let begin = if path.is_empty() {
                String::new()
            } else {
                format!("{path}.")
            };
            let documented: BTreeSet<&str> = fields
                .keys()
                .filter_map(|field| field.strip_prefix(&begin))
                .map(|rest| rest.split(['.', '[']).next().unwrap())
                .collect();
            let there: BTreeSet<&str> = items.keys().map(String::as_str).collect();
            if documented != there {
                return Err(format!(
                    "{path}: only documented {:?}, not documented {:?}",
                    documented.difference(&there),
                    there.difference(&documented)
                ));
            }
            items
                .iter()
                .try_for_each(|(name, item)| check(item, &format!("{begin}{name}"), fields, seen))
        }
        _ => Err(format!("{path} is not documented")),
    }
}

/// A bridge that knows all that is to know: all is inspected, and something has happened.
async fn ready(demo: &DemoEngine) -> Bridge {
    let bridge = watching(&demo.endpoint()).await;
    loop {
        let containers = ask(&bridge, "GET", "/api/v1/containers").await;
        let events = ask(&bridge, "GET", "/api/v1/events?filter=event=exec_die").await;
        let engine = ask(&bridge, "GET", "/api/v1/engine").await;
        if containers.status == 200
            && !engine.json()["engine"].is_null()
            && events.lines().len() > 1
            && containers
                .json()
                .as_array()
                .unwrap()
                .iter()
                .all(|one| !one["inspected_at"].is_null())
        {
            return bridge;
        }
    }
}

fn values(answer: &Answer) -> Vec<Value> {
    match answer.header("content-type") {
        Some("application/x-ndjson") => answer.lines(),
        _ => vec![answer.json()],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_documented_is_what_is_answered() {
    let sections = sections(include_str!("../../../docs/api.md"));
    let demo = DemoEngine::start();
    let bridge = ready(&demo).await;
    let of_containers = sections
        .iter()
        .find(|section| section.title == "GET /api/v1/containers")
        .unwrap();
    let mut asked = 0;
    for section in &sections {
        let title = &section.title;
        let mut seen = BTreeSet::new();
        for example in &section.examples {
            let gaps = |values: &mut Vec<Value>| {
                values.retain(|value| value.get("gap").is_none());
            };
            if let Some(target) = &example.target {
                let answer = ask(&bridge, "GET", target).await;
                asked += 1;
                if title == "Errors" {
                    assert!(answer.status >= 400);
                    assert_eq!(Some(&values(&answer)), example.answer.as_ref());
                    continue;
                }
                assert_eq!(answer.status, 200, "{target}");
                for header in &section.headers {
                    assert!(answer.header(header).is_some(), "{target}: {header}");
                }
                let mut answered = values(&answer);
                gaps(&mut answered);
                if title.contains('{') {
                    // one of those that are in the list
                    let one = Value::Array(answered);
                    check(&one, "", &of_containers.fields, &mut seen)
                        .unwrap_or_else(|error| panic!("{target}: {error}"));
                } else if !section.fields.is_empty() {
                    assert!(!answered.is_empty(), "{target}");
                    for value in &answered {
                        check(value, "", &section.fields, &mut seen)
                            .unwrap_or_else(|error| panic!("{target}: {error}"));
                    }
                }
            }
            if let Some(mut written) = example.answer.clone() {
                gaps(&mut written);
                for value in &written {
                    check(value, "", &section.fields, &mut BTreeSet::new())
                        .unwrap_or_else(|error| panic!("the example in {title}: {error}"));
                }
            }
        }
        if !section.fields.is_empty() {
            let documented: BTreeSet<_> = section.fields.keys().cloned().collect();
            let never: Vec<_> = documented.difference(&seen).collect();
            assert!(never.is_empty(), "{title}: never answered {never:?}");
        }
    }
    assert!(asked >= 11, "{asked} addresses are asked");
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_answered_as_it_is_documented() {
    let sections = sections(include_str!("../../../docs/api.md"));
    let documented = sections
        .iter()
        .flat_map(|section| &section.examples)
        .filter_map(|example| example.answer.as_ref())
        .flatten()
        .find(|value| value.get("gap").is_some())
        .unwrap();
    let demo = DemoEngine::start();
    let bridge = ready(&demo).await;
    let lines = ask(&bridge, "GET", "/api/v1/events").await.lines();
    let gap = lines.iter().find(|line| line.get("gap").is_some()).unwrap();
    let names = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(names(gap), names(documented));
    assert_eq!(names(&gap["gap"]), names(&documented["gap"]));
    assert_eq!(gap["gap"]["reason"], documented["gap"]["reason"]);
    bridge.stop().await;
}

#[test]
fn the_check_of_shapes_can_fail() {
    let fields: BTreeMap<_, _> = [
        ("[].id", "string"),
        ("[].size", "integer or null"),
        ("[].part", "object or null"),
        ("[].part.list[].x", "number"),
        ("[].labels", "map of string"),
    ]
    .into_iter()
    .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
    .collect();
    let good = r#"{"id":"a","size":null,"part":{"list":[{"x":1.5}]},"labels":{"any":"b"}}"#;
    let fits = |item: &str| {
        let value = serde_json::from_str(&format!("[{item}]")).unwrap();
        check(&value, "", &fields, &mut BTreeSet::new()).is_ok()
    };
    assert!(fits(good));
    assert!(fits(&good.replace(r#"{"list":[{"x":1.5}]}"#, "null")));
    for (from, to) in [
        ("null", "1.5"),
        ("null", "\"1\""),
        (r#""a""#, "null"),
        (r#""id""#, r#""identity""#),
        (r#""id":"a","#, ""),
        ("1.5", "null"),
        (r#"{"x":1.5}"#, "[]"),
        (r#""b""#, "1"),
        (r#"{"any":"b"}"#, "[]"),
        (r#""size""#, r#""more":1,"size""#),
    ] {
        assert!(!fits(&good.replacen(from, to, 1)), "{from} as {to}");
    }
}
