//! What was found, as JSON for programs and as tables for people.

use std::fmt::Write;

use serde::Serialize;

use super::super::browser::Millis;
use super::found::{Found, Held, View};
use super::targets::{Target, growth, targets};
use crate::host::{Host, docker_version};
use crate::number::thousands;

type Of = fn(&Held) -> u64;

const MEMORY: [(&str, Of); 5] = [
    ("bridge, RSS", |held| held.bridge.rss),
    ("bridge, PSS", |held| held.bridge.pss),
    ("page, JavaScript heap without code", |held| held.page.heap),
    ("page, code that V8 compiled", |held| held.page.code),
    ("page, WebAssembly", |held| held.page.program),
];

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// In UTC.
    measured_at: String,
    /// Of the sources.
    revision: String,
    host: Host,
    /// Before anything was started.
    load: f64,
    /// Shorter than figures to be quoted need.
    short: bool,
    targets: Vec<Target>,
    #[serde(flatten)]
    found: Found,
}

impl Report {
    pub fn new(
        measured_at: String,
        revision: String,
        host: Host,
        load: f64,
        short: bool,
        found: Found,
    ) -> Self {
        Self {
            measured_at,
            revision,
            host,
            load,
            short,
            targets: targets(&found),
            found,
        }
    }

    pub fn markdown(&self) -> String {
        [
            self.head(),
            self.targets(),
            self.latencies(),
            self.work(),
            self.memory(),
        ]
        .concat()
    }

    fn head(&self) -> String {
        let found = &self.found;
        let short = if self.short {
            " **A short run: its figures are not to be quoted.**"
        } else {
            ""
        };
        format!(
            "{} UTC, revision {}, Docker {}, Chromium {}, on {}. Load before it began: {:.2}.{short}\n\n\
             {} events a second for {} s, of the demo engine with {} containers.\n",
            self.measured_at,
            self.revision,
            docker_version(&found.docker),
            found.chromium,
            self.host,
            self.load,
            thousands(found.rate.into()),
            found.seconds,
            found.containers,
        )
    }

    /// The beginning of a table with a column for each view.
    fn table(&self, what: &str, more: &[&str]) -> String {
        let columns: Vec<_> = self
            .found
            .views
            .iter()
            .map(|view| format!("`{}`", view.path))
            .chain(more.iter().map(|&column| column.to_owned()))
            .collect();
        format!(
            "\n**{what}**\n\n| | {} |\n| --- |{}\n",
            columns.join(" | "),
            " --: |".repeat(columns.len())
        )
    }

    fn row(&self, what: &str, of: impl Fn(&View) -> String) -> String {
        let cells: Vec<_> = self.found.views.iter().map(of).collect();
        format!("| {what} | {} |\n", cells.join(" | "))
    }

    fn targets(&self) -> String {
        let mut text = self.table("Targets", &["target"]);
        for target in &self.targets {
            let _ = write!(text, "| {} |", target.what);
            for measured in &target.measured {
                let missed = if target.is_met_by(*measured) {
                    ""
                } else {
                    ", missed"
                };
                let digits = if target.unit.is_empty() { 0 } else { 1 };
                let figure = format!("{:.digits$} {}", rounded(*measured), target.unit);
                let _ = write!(text, " {}{missed} |", figure.trim_end());
            }
            let _ = writeln!(text, " {} |", target.limit());
        }
        text
    }

    fn latencies(&self) -> String {
        let both = |millis: &Millis| format!("{:.1}, {:.1}", millis.median_ms, millis.p99_ms);
        self.table("From the daemon's event, in milliseconds: median, p99", &[])
            + &self.row("until `docker events` has printed it", |view| {
                both(&view.latency.docker_events)
            })
            + &self.row("until the bridge's API has told it", |view| {
                both(&view.latency.api)
            })
            + &self.row("until the page shows it, or a later one", |view| {
                both(&view.latency.page)
            })
            + &self.row(
                "the machine's time that its host gave to others, %",
                |view| format!("{:.1}", view.latency.stolen_percent),
            )
    }

    fn work(&self) -> String {
        self.table("What became of them", &[])
            + &self.row("events that the engine made", |view| thousands(view.made))
            + &self.row("the same in a second", |view| {
                format!("{:.1}", view.made as f64 / view.made_seconds)
            })
            + &self.row("not printed by `docker events`", |view| {
                thousands(view.docker_events.missing)
            })
            + &self.row("with a line of their own in the page", |view| {
                thousands(view.page.lines)
            })
            + &self.row("that the page has at the end", |view| {
                thousands(view.page.held)
            })
            + &self.row("tasks of the page", |view| thousands(view.page.tasks.tasks))
            + &self.row("over 50 ms of these", |view| {
                thousands(view.page.tasks.tasks_over_50_ms)
            })
            + &self.row("main thread of the page, ms in a second", |view| {
                format!("{:.1}", view.page.tasks.ms_per_second)
            })
    }

    fn memory(&self) -> String {
        let mut text = format!(
            "\n**Memory in MiB**\n\n\
             | | | before | right after | {} s later | change |\n| --- | --- | --: | --: | --: | --: |\n",
            self.found.seconds
        );
        for view in &self.found.views {
            let memory = &view.memory;
            for (what, of) in MEMORY {
                let [before, right_after, later] =
                    [memory.before, memory.right_after, memory.later]
                        .map(|held| of(&held) as f64 / 1024.0 / 1024.0);
                let _ = writeln!(
                    text,
                    "| `{}` | {what} | {before:.1} | {right_after:.1} | {later:.1} | {:+.1} % |",
                    view.path,
                    rounded(growth(view, of)),
                );
            }
        }
        text
    }
}

/// To a tenth; what is nearly nothing has no sign.
fn rounded(figure: f64) -> f64 {
    (figure * 10.0).round() / 10.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::super::found::tests::PRINTED;
    use super::*;

    fn report() -> Report {
        Report::new(
            "2026-01-02 03:04".into(),
            "abc".into(),
            Host::read().unwrap(),
            0.25,
            false,
            serde_json::from_str(PRINTED).unwrap(),
        )
    }

    #[test]
    fn figures_stand_beside_their_targets() {
        let text = report().markdown();
        for line in [
            "1,000 events a second for 60 s, of the demo engine with 100 containers.",
            "| | `/events` | target |",
            "| gaps that the API told | 0 | none |",
            "| events that did not come to the page | 2, missed | none |",
            "| longest task of the page | 51.5 ms, missed | at most 50 ms |",
            "| from daemon to page, median | 40.0 ms | at most 50 ms |",
            "| growth of the bridge's memory | 0.0 % | at most 10 % |",
            "| until `docker events` has printed it | 1.2, 4.0 |",
            "| the machine's time that its host gave to others, % | 1.2 |",
            "| events that the engine made | 60,003 |",
            "| the same in a second | 999.9 |",
            "| `/events` | bridge, RSS | 20.0 | 21.0 | 20.0 | +0.0 % |",
            "| `/events` | page, JavaScript heap without code | 2.0 | 2.0 | 2.5 | +25.0 % |",
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "{line}\nin\n{text}"
            );
        }
    }

    #[test]
    fn programs_get_the_targets_too() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["views"][0]["made"], 60_003);
        let missed = json["targets"].as_array().unwrap().iter();
        assert_eq!(missed.filter(|target| target["met"] == false).count(), 4);
    }
}
