//! What ARCHITECTURE.md promises: its invariants have tests, and the dependencies point the way it draws them.
//!
//! The format that is read here. Under the heading "Invariants" stands a table with the head `| invariant | test |`. The second
//! cell of each row names one or more tests, each between backticks, in one of two forms:
//! - a Rust test: `path/to/file.rs::name_of_the_test`;
//! - a browser test: `e2e/browser/folder/file.spec.js › title of the test`.
//!
//! Anything else in that cell is words. A row that names no test, and a test that is not there, fail.

#![allow(clippy::unwrap_used)] // clippy takes helpers of a test for no test

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of the table: an invariant and the tests that it names.
fn invariants(document: &str) -> Vec<(String, Vec<String>)> {
    document
        .lines()
        .skip_while(|line| line.replace(' ', "") != "|invariant|test|")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let line = line.trim().trim_start_matches('|').trim_end_matches('|');
            let (invariant, tests) = line
                .rsplit_once('|')
                .unwrap_or_else(|| panic!("a row of two cells: {line}"));
            let names = tests.split('`').skip(1).step_by(2).map(str::to_owned);
            (
                invariant.trim().to_owned(),
                names
                    .filter(|name| name.contains("::") || name.contains(" › "))
                    .collect(),
            )
        })
        .collect()
}

/// Why a named test is none.
fn objection(name: &str) -> Option<String> {
    let (path, test) = name.split_once("::").or_else(|| name.split_once(" › "))?;
    let Ok(source) = fs::read_to_string(root().join(path)) else {
        return Some(format!("there is no file {path}"));
    };
    let there = if path.ends_with(".rs") {
        has_rust_test(&source, test)
    } else {
        has_browser_test(&source, test)
    };
    (!there).then(|| format!("{path} has no test {test}"))
}

/// A function of this name with a test attribute over it.
fn has_rust_test(source: &str, test: &str) -> bool {
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let is_function = line.starts_with(&format!("fn {test}("))
            || line.starts_with(&format!("async fn {test}("));
        let above = lines[..at]
            .iter()
            .rev()
            .take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        is_function
            && above
                .into_iter()
                .any(|line| line.starts_with("#[") && line.contains("test"))
    })
}

/// `test("title"`, or a title that is made from a list: then the literal has a `${` in it, and what stands before counts.
fn has_browser_test(source: &str, title: &str) -> bool {
    ["test(\"", "test(`", "test('"].iter().any(|start| {
        source.split(start).skip(1).any(|rest| {
            let quote = start.chars().last().unwrap();
            let literal = rest.split(quote).next().unwrap_or_default();
            match literal.split_once("${") {
                Some((before, _)) => !before.is_empty() && title.starts_with(before),
                None => literal == title,
            }
        })
    })
}

#[test]
fn every_invariant_names_tests_that_are_there() {
    let invariants = invariants(&read("ARCHITECTURE.md"));
    assert!(
        !invariants.is_empty(),
        "ARCHITECTURE.md has no table with the head `| invariant | test |`"
    );
    let mut objections = Vec::new();
    for (invariant, tests) in invariants {
        if tests.is_empty() {
            objections.push(format!("no test is named for: {invariant}"));
        }
        objections.extend(tests.iter().filter_map(|test| objection(test)));
    }
    assert!(objections.is_empty(), "{}", objections.join("\n"));
}

#[test]
fn the_check_of_names_can_fail() {
    let rust = "#[tokio::test]\n// why\nasync fn holds() {}\nfn helper() {}\n";
    assert!(has_rust_test(rust, "holds"));
    assert!(!has_rust_test(rust, "helper"), "a function that is no test");
    assert!(!has_rust_test(rust, "hold"), "a part of a name");
    let browser = "test(\"a row appears\", async () => {});\ntest(`${page} fits`, f);\ntest(`width ${n}`, f);\n";
    assert!(has_browser_test(browser, "a row appears"));
    assert!(has_browser_test(browser, "width 360"));
    assert!(!has_browser_test(browser, "a row"));
    let table = "text\n\n| invariant | test |\n| --- | --- |\n| 1. a \\| b | `a.rs::x`, with `words` and `b.ts › t` |\n| 2. c | later |\n\nend";
    assert_eq!(
        invariants(table),
        [
            (
                "1. a \\| b".to_owned(),
                vec!["a.rs::x".to_owned(), "b.ts › t".to_owned()]
            ),
            ("2. c".to_owned(), vec![]),
        ]
    );
    assert_eq!(
        objection("no/file.rs::x"),
        Some("there is no file no/file.rs".into())
    );
    let own = "e2e/tests/architecture.rs::";
    assert_eq!(
        objection(&format!("{own}the_check_of_names_can_fail")),
        None
    );
    assert!(objection(&format!("{own}read")).is_some());
}

/// What each of our crates may build on. `demo` is started by the bridge and known to nothing else.
const DIRECTIONS: [(&str, &[&str]); 9] = [
    ("daemonscope-protocol", &[]),
    ("daemonscope-timeline", &["daemonscope-protocol"]),
    (
        "daemonscope-model",
        &["daemonscope-protocol", "daemonscope-timeline"],
    ),
    (
        "daemonscope-page",
        &[
            "daemonscope-protocol",
            "daemonscope-timeline",
            "daemonscope-model",
        ],
    ),
    (
        "daemonscope",
        &[
            "daemonscope-protocol",
            "daemonscope-timeline",
            "daemonscope-demo?",
        ],
    ),
    ("daemonscope-demo", &[]),
    ("e2e", &["daemonscope-protocol"]),
    ("xtask", &[]),
    ("wasm-test-runner", &[]),
];

/// The crates that know no I/O, no clock and no browser may name only crates of which that is true.
const PURE: [&str; 3] = [
    "daemonscope-protocol",
    "daemonscope-timeline",
    "daemonscope-model",
];
const PURE_DEPENDENCIES: [&str; 5] = [
    "daemonscope-protocol",
    "daemonscope-timeline",
    "postcard",
    "serde",
    "serde_json?",
];

/// The dependencies of each crate of the workspace, tests aside; an optional one ends in `?`.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let names = dependencies
                .filter(|dependency| dependency["kind"] != "dev")
                .map(|dependency| {
                    let optional = if dependency["optional"] == true {
                        "?"
                    } else {
                        ""
                    };
                    format!("{}{optional}", dependency["name"].as_str().unwrap())
                });
            (
                package["name"].as_str().unwrap().to_owned(),
                names.collect(),
            )
        })
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let dependencies = dependencies();
    let allowed: BTreeMap<_, _> = DIRECTIONS.into_iter().collect();
    for (name, dependencies) in &dependencies {
        let allowed = allowed
            .get(name.as_str())
            .unwrap_or_else(|| panic!("{name} is not in the table of directions"));
        for dependency in dependencies {
            let is_ours = our_crates().contains(dependency.trim_end_matches('?'));
            assert!(
                !is_ours || allowed.contains(&dependency.as_str()),
                "{name} must not depend on {dependency}"
            );
        }
    }
    assert_eq!(
        dependencies.len(),
        DIRECTIONS.len(),
        "a crate is gone; the table of directions still has it"
    );
}

fn our_crates() -> BTreeSet<&'static str> {
    DIRECTIONS.iter().map(|(name, _)| *name).collect()
}

#[test]
fn pure_crates_name_only_pure_crates() {
    let dependencies = dependencies();
    for name in PURE {
        for dependency in &dependencies[name] {
            assert!(
                PURE_DEPENDENCIES.contains(&dependency.as_str()),
                "{name} knows no I/O, no clock and no browser; does {dependency}?"
            );
        }
    }
}

/// All Rust sources below a folder.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

/// The lines of the sources below `folder` that have one of `words`, comments aside.
fn lines_with(folder: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in sources(folder) {
        let source = fs::read_to_string(&path).unwrap();
        for line in source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!(
                    "{}: {}",
                    path.strip_prefix(root()).unwrap().display(),
                    line.trim()
                ));
            }
        }
    }
    found
}

#[test]
fn pure_crates_ask_nothing_of_the_system() {
    for folder in ["protocol/src", "timeline/src", "frontend/model/src"] {
        let found = lines_with(
            folder,
            &[
                "std::fs",
                "std::net",
                "std::env",
                "std::process",
                "std::thread",
                "std::io",
                "SystemTime",
                "Instant::now",
            ],
        );
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn only_the_engine_side_names_the_engine_api() {
    let words = [
        "bollard",
        "/containers/",
        "\"/events",
        "/system/df",
        "/_ping",
        "docker.sock\"",
    ];
    let outside: Vec<_> = lines_with("bridge/src", &words)
        .into_iter()
        .filter(|line| !line.starts_with("bridge/src/engine/"))
        // our own routes are named after the same things
        .filter(|line| !(line.starts_with("bridge/src/web/") && line.contains(".route(")))
        // the options name the default socket and hold bollard's log level down
        .filter(|line| !(line.contains("docker.sock") || line.contains("bollard=warn")))
        .collect();
    assert!(outside.is_empty(), "{}", outside.join("\n"));
}

#[test]
fn wire_types_stop_at_the_edge_of_the_page() {
    let words = ["postcard", "ServerMsg", "ClientMsg"];
    let (edge, outside): (Vec<_>, Vec<_>) = lines_with("frontend/src", &words)
        .into_iter()
        .partition(|line| line.starts_with("frontend/src/net/"));
    assert!(!edge.is_empty(), "the edge is elsewhere");
    assert!(outside.is_empty(), "{}", outside.join("\n"));
}
