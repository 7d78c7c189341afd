//! `cargo xtask soak --faults`: the long form of the tests that hold the timeline against what `docker events` printed while
//! the daemon, or what lies before it, is cut, killed, stopped and swallowed (`e2e/browser/faults/timeline.spec.js`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::host::{self, Host};
use crate::number::thousands;
use crate::packages;
use crate::steps::{note, step};
use crate::{bridge, engine, npm, page, performance, tool, workspace};

/// The newest that the tests know.
const RELEASE: &str = "28";
const SPEC: &str = "browser/faults/timeline.spec.js";

/// Builds what it needs; an error when an event was lost or told twice. `short` is the form that is part of the tests.
pub fn run(program: Option<&Path>, short: bool, record: bool) -> Result<()> {
    ensure!(
        packages::is_root(),
        "not run as root, which a Docker engine of its own needs"
    );
    packages::ensure(&[packages::BROWSER, packages::ENGINE].concat())?;
    let folder = npm::folder()?;
    let program = match program {
        Some(program) => {
            fs::canonicalize(program).with_context(|| program.display().to_string())?
        }
        None => bridge::build(true, &page::build()?)?,
    };
    let docker = step("docker command: fetch", || engine::docker_command(RELEASE))?;
    let load = host::load()?;
    let (told, outcome) = play(&folder, &program, short)?;
    let docker = host::first_line(Command::new(docker).arg("--version"))?;
    let form = if short {
        " **The short form of the tests.**"
    } else {
        ""
    };
    let section = format!(
        "Ended {} UTC, revision {}, Docker {}. {}, load {load:.1} before the run.{form}\n\n{}",
        host::now()?,
        host::revision(),
        host::docker_version(&docker),
        Host::read()?,
        table(&told)?
    );
    println!("\n{section}");
    if record {
        performance::record("soak --faults", &section)?;
        note("recorded in docs/performance.md");
    }
    outcome
}

/// What the tests told of themselves, and whether all passed.
fn play(folder: &Path, program: &Path, short: bool) -> Result<(Suite, Result<()>)> {
    let told = json()?;
    // nothing of an earlier run
    let _ = fs::remove_file(&told);
    let mut tests = Command::new("node");
    tests
        .arg(folder.join("node_modules/@playwright/test/cli.js"))
        .args(["test", "--project=faults", "--reporter=list,json", SPEC])
        .current_dir(folder)
        .env("DAEMONSCOPE_BIN", program)
        .env("ENGINE_RELEASE", RELEASE)
        .env("ENGINE_CACHE", workspace::target().join("engines"))
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &told);
    if !short {
        tests.env("DAEMONSCOPE_LONG", "1");
    }
    let outcome = tool::run(&mut tests);
    let text = fs::read_to_string(&told).with_context(|| format!("{}", told.display()));
    match (text, outcome) {
        // why the tests did not begin is what they said
        (Err(_), Err(error)) => Err(error),
        (text, outcome) => Ok((serde_json::from_str(&text?)?, outcome)),
    }
}

fn json() -> Result<PathBuf> {
    let folder = workspace::target().join("soak");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder.join("faults.json"))
}

/// Of Playwright's report in JSON what is wanted here.
#[derive(Debug, Deserialize)]
struct Suite {
    #[serde(default)]
    suites: Vec<Suite>,
    #[serde(default)]
    specs: Vec<Spec>,
}

#[derive(Debug, Deserialize)]
struct Spec {
    title: String,
    ok: bool,
    tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
struct Test {
    annotations: Vec<Annotation>,
}

#[derive(Debug, Deserialize)]
struct Annotation {
    r#type: String,
    description: Option<String>,
}

/// As the tests write it down.
#[derive(Debug, Deserialize)]
struct Compared {
    printed: u64,
    missing: u64,
    twice: u64,
    gaps: Vec<Gap>,
}

#[derive(Debug, Deserialize)]
struct Gap {
    reason: String,
    seconds: f64,
}

impl Suite {
    fn all(&self) -> Vec<&Spec> {
        let within = self.suites.iter().flat_map(Self::all);
        self.specs.iter().chain(within).collect()
    }
}

impl Spec {
    fn annotation(&self, kind: &str) -> Option<&str> {
        let mut all = self.tests.iter().flat_map(|test| &test.annotations);
        let found = all.find(|annotation| annotation.r#type == kind)?;
        found.description.as_deref()
    }
}

fn table(told: &Suite) -> Result<String> {
    let specs = told.all();
    if specs.is_empty() {
        bail!("no test of {SPEC} ran");
    }
    let mut lines = vec![
        "| | | printed by `docker events` | missing outside of gaps | told twice | gaps | |"
            .to_owned(),
        "| --- | --- | --: | --: | --: | --- | --- |".to_owned(),
    ];
    for spec in specs {
        let how = spec.annotation("how").unwrap_or_default();
        let result = if spec.ok { "" } else { "failed" };
        let figures = match spec.annotation("timeline") {
            Some(text) => {
                let compared: Compared =
                    serde_json::from_str(text).with_context(|| format!("{:?}", spec.title))?;
                figures(&compared)
            }
            // it came no further
            None => "? | ? | ? | ?".to_owned(),
        };
        lines.push(format!("| {} | {how} | {figures} | {result} |", spec.title));
    }
    Ok(lines.join("\n"))
}

fn figures(compared: &Compared) -> String {
    let gaps: Vec<_> = compared
        .gaps
        .iter()
        .map(|gap| format!("{}, {:.1} s", gap.reason.replace('_', " "), gap.seconds))
        .collect();
    let gaps = if gaps.is_empty() {
        "none".to_owned()
    } else {
        gaps.join("; ")
    };
    format!(
        "{} | {} | {} | {gaps}",
        thousands(compared.printed),
        thousands(compared.missing),
        thousands(compared.twice),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Playwright writes it, less what is not read.
    const REPORT: &str = r#"{"config": {}, "suites": [{"title": "faults/timeline.spec.js", "specs": [
        {"title": "a stream that is cut", "ok": true, "tests": [{"status": "expected", "annotations": [
            {"type": "how", "description": "100 times"},
            {"type": "timeline", "description": "{\"printed\": 12348, \"told\": 12350, \"missing\": 0, \"twice\": 0, \"gaps\": []}"}
        ]}]},
        {"title": "a daemon that is killed", "ok": false, "tests": [{"annotations": [
            {"type": "timeline", "description": "{\"printed\": 86, \"told\": 80, \"missing\": 5, \"twice\": 1, \"gaps\": [{\"reason\": \"daemon_restarted\", \"seconds\": 1.25}]}"}
        ]}]}
    ], "suites": [{"title": "within", "specs": [{"title": "another", "ok": false, "tests": [{"annotations": []}]}]}]}]}"#;

    #[test]
    fn each_test_is_a_line() {
        let table = table(&serde_json::from_str(REPORT).unwrap()).unwrap();
        let lines: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| a stream that is cut | 100 times | 12,348 | 0 | 0 | none |  |",
                "| a daemon that is killed |  | 86 | 5 | 1 | daemon restarted, 1.2 s | failed |",
                "| another |  | ? | ? | ? | ? | failed |",
            ]
        );
    }

    #[test]
    fn a_report_without_tests_is_no_result() {
        assert!(table(&serde_json::from_str(r#"{"suites": []}"#).unwrap()).is_err());
    }
}
