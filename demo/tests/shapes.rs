//! The answers have the same fields as those of real engines.

mod common;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use common::{held, quick};
use daemonscope_demo::{Cgroup, Options, Release};
use serde_json::Value;

/// Fields whose keys are data and not shape.
const FREE: &[&str] = &[
    "Attributes",
    "Containers",
    "Data",
    "Details",
    "ExposedPorts",
    "IndexConfigs",
    "Labels",
    "Networks",
    "Options",
    "PortBindings",
    "Ports",
    "Runtimes",
    "networks",
    "status",
];

/// What is there only at times, or on purpose only on one side.
const OPTIONAL: &[&str] = &[
    // Init is there where `--init` was given, Mounts and Tmpfs where they were asked for by that name.
    "HostConfig.Init",
    "HostConfig.Mounts",
    "HostConfig.Tmpfs",
    // Left out when it is zero, and none of the captured containers had written anything.
    ".SizeRw",
    // There where `--pids-limit` was given.
    "pids_stats.limit",
    // Steps of a build that stand on others.
    "BuildCache[]. Parents",
];

fn captured(engine: &str, file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../bridge/tests/captures")
        .join(engine)
        .join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn all_captured(engine: &str, prefix: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../bridge/tests/captures")
        .join(engine);
    let names = std::fs::read_dir(folder)
        .expect("captures")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let names: Vec<String> = names
        .filter(|name| {
            name.starts_with(prefix) && name.ends_with(".json") && !name.contains("-size-")
        })
        .collect();
    assert!(!names.is_empty(), "no captures {prefix}*");
    names.iter().map(|name| captured(engine, name)).collect()
}

/// Every object's path with the names of its fields.
#[derive(Default, Debug)]
struct Shape(BTreeMap<String, BTreeSet<String>>);

impl Shape {
    fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut shape = Self::default();
        for value in values {
            shape.add("", value);
        }
        shape
    }

    fn add(&mut self, path: &str, value: &Value) {
        match value {
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.add(&format!("{path}[]"), item)),
            Value::Object(fields) => {
                let free = FREE
                    .iter()
                    .any(|name| path == *name || path.ends_with(&format!(".{name}")));
                for (name, value) in fields {
                    let name = if free { "*" } else { name };
                    self.0
                        .entry(path.to_owned())
                        .or_default()
                        .insert(name.to_owned());
                    let below = if path.is_empty() {
                        name.to_owned()
                    } else {
                        format!("{path}.{name}")
                    };
                    self.add(&below, value);
                }
            }
            _ => {}
        }
    }

    /// The fields that only one of two shapes has, in objects that both have.
    fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        for (path, fields) in &self.0 {
            let Some(others) = other.0.get(path) else {
                continue;
            };
            for field in fields.symmetric_difference(others) {
                let whole = format!("{path}.{field}");
                if !OPTIONAL.iter().any(|optional| whole.ends_with(optional)) {
                    let side = if fields.contains(field) {
                        "only the demo has"
                    } else {
                        "the demo lacks"
                    };
                    differences.push(format!("{side} {whole}"));
                }
            }
        }
        differences
    }
}

#[track_caller]
fn assert_same_shape<'a>(
    what: &str,
    demo: impl IntoIterator<Item = &'a Value>,
    real: impl IntoIterator<Item = &'a Value>,
) {
    let (demo, real) = (Shape::of(demo), Shape::of(real));
    assert!(
        !demo.0.is_empty() && !real.0.is_empty(),
        "{what}: nothing to compare"
    );
    let differences = demo.differences(&real);
    assert!(differences.is_empty(), "{what}: {differences:#?}");
}

async fn compare(release: Release, folder: &str) {
    let served = held(Options {
        release,
        cgroup: Cgroup::V1,
        ..quick()
    })
    .await;
    for (path, file) in [
        ("/version", "version.json"),
        ("/info", "info.json"),
        ("/containers/json?all=1&size=1", "containers.json"),
        ("/containers/json?all=1", "containers-nosize.json"),
        ("/system/df", "df.json"),
    ] {
        assert_same_shape(path, [&served.json(path).await], [&captured(folder, file)]);
    }
    let list = served.json("/containers/json?all=1").await;
    let (mut inspected, mut stats) = (Vec::new(), Vec::new());
    for container in list.as_array().expect("a list") {
        let id = container["Id"].as_str().expect("an id");
        inspected.push(served.json(&format!("/containers/{id}/json")).await);
        if container["State"] == "running" {
            stats.push(
                served
                    .json(&format!(
                        "/containers/{id}/stats?stream=false&one-shot=true"
                    ))
                    .await,
            );
        }
    }
    assert_same_shape("inspect", &inspected, &all_captured(folder, "inspect-"));
    assert_same_shape(
        "one-shot",
        &stats,
        [&captured(folder, "stats-oneshot-shop-db-1.json")],
    );
    served.stop().await;
}

#[tokio::test]
async fn answers_have_the_fields_of_docker_28() {
    compare(Release::V28, "v28").await;
}

#[tokio::test]
async fn answers_have_the_fields_of_docker_20() {
    compare(Release::V20, "v20").await;
}

#[tokio::test]
async fn events_have_the_fields_of_docker_28() {
    let served = held(quick()).await;
    let demo = served
        .open("/events?since=0&until=1795500000")
        .await
        .all()
        .await;
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../bridge/tests/captures/v28/events.ndjson");
    let text = std::fs::read_to_string(path).expect("captured events");
    let real: Vec<Value> = text
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    // Each kind of event by itself: old fields and attributes depend on it. Labels are free, the rest is not.
    let kinds = |events: &[Value]| {
        let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for event in events {
            let action = event["Action"]
                .as_str()
                .expect("an action")
                .split(':')
                .next()
                .unwrap_or_default()
                .to_owned();
            let kind = format!("{} {action}", event["Type"].as_str().expect("a type"));
            let mut event = event.clone();
            let attributes = event["Actor"]["Attributes"]
                .as_object_mut()
                .expect("attributes");
            attributes.retain(|name, _| !name.contains('.'));
            // So that their names are compared.
            event["Actor"]["attributes"] = event["Actor"]["Attributes"].take();
            kinds.entry(kind).or_default().push(event);
        }
        kinds
    };
    let (demo, real) = (kinds(&demo), kinds(&real));
    let mut compared = 0;
    for (kind, demo) in &demo {
        if kind == "container resize" {
            // Documented, but nobody resized a terminal while the captures were made.
            continue;
        }
        let Some(real) = real.get(kind) else {
            panic!("no engine was seen to send {kind:?}")
        };
        assert_same_shape(kind, demo, real);
        compared += 1;
    }
    assert!(compared > 12, "{compared} kinds only");
    served.stop().await;
}
