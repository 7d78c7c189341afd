//! What was aimed at, and whether it was met with each view.

use serde::Serialize;

use super::found::{Found, Held, View};

const MOST_TASK_MS: f64 = 50.0;
const MOST_LATENCY_MS: f64 = 50.0;
/// What memory may be more long after than before, in per cent.
const MOST_GROWTH: f64 = 10.0;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    pub what: &'static str,
    pub unit: &'static str,
    pub most: f64,
    /// By view, in the order of the views.
    pub measured: Vec<f64>,
    pub met: bool,
}

impl Target {
    pub fn is_met_by(&self, measured: f64) -> bool {
        measured <= self.most
    }

    /// `none`, `at most 50 ms`
    pub fn limit(&self) -> String {
        if self.most == 0.0 {
            "none".to_owned()
        } else {
            format!("at most {} {}", self.most, self.unit)
        }
    }
}

type Of = fn(&View) -> f64;

const TARGETS: [(&str, &str, f64, Of); 11] = [
    (
        "events that the bridge's API did not tell",
        "",
        0.0,
        |view| (view.api.read.missing + view.api.holes) as f64,
    ),
    ("gaps that the API told", "", 0.0, |view| {
        view.api.gaps as f64
    }),
    ("events that did not come to the page", "", 0.0, |view| {
        view.page.read.missing as f64
    }),
    (
        "events missing in what the page has at the end",
        "",
        0.0,
        |view| view.page.held_missing as f64,
    ),
    ("events that came twice, to either", "", 0.0, |view| {
        (view.api.read.twice + view.page.read.twice) as f64
    }),
    ("longest task of the page", "ms", MOST_TASK_MS, |view| {
        view.page.tasks.longest_task_ms
    }),
    (
        "from daemon to page, median",
        "ms",
        MOST_LATENCY_MS,
        |view| view.latency.page.median_ms,
    ),
    ("from daemon to page, p99", "ms", MOST_LATENCY_MS, |view| {
        view.latency.page.p99_ms
    }),
    ("growth of the bridge's memory", "%", MOST_GROWTH, |view| {
        growth(view, |held| held.bridge.rss)
    }),
    (
        "growth of the page's JavaScript heap",
        "%",
        MOST_GROWTH,
        |view| growth(view, |held| held.page.heap),
    ),
    (
        "growth of the page's WebAssembly memory",
        "%",
        MOST_GROWTH,
        |view| growth(view, |held| held.page.program),
    ),
];

pub fn targets(found: &Found) -> Vec<Target> {
    TARGETS
        .into_iter()
        .map(|(what, unit, most, of)| {
            let measured: Vec<f64> = found.views.iter().map(of).collect();
            let met = measured.iter().all(|measured| *measured <= most);
            Target {
                what,
                unit,
                most,
                measured,
                met,
            }
        })
        .collect()
}

/// From before to long after, in per cent.
pub fn growth(view: &View, of: fn(&Held) -> u64) -> f64 {
    let (before, later) = (
        of(&view.memory.before) as f64,
        of(&view.memory.later) as f64,
    );
    (later / before - 1.0) * 100.0
}

#[cfg(test)]
mod tests {
    use super::super::found::tests::PRINTED;
    use super::*;

    #[test]
    fn a_target_is_met_with_each_view_or_not_at_all() {
        let targets = targets(&serde_json::from_str(PRINTED).unwrap());
        let missed: Vec<_> = targets
            .iter()
            .filter(|target| !target.met)
            .map(|target| (target.what, target.measured[0], target.limit()))
            .collect();
        assert_eq!(
            missed,
            [
                (
                    "events that did not come to the page",
                    2.0,
                    "none".to_owned()
                ),
                ("longest task of the page", 51.5, "at most 50 ms".to_owned()),
                ("from daemon to page, p99", 80.0, "at most 50 ms".to_owned()),
                (
                    "growth of the page's JavaScript heap",
                    25.0,
                    "at most 10 %".to_owned()
                ),
            ]
        );
    }
}
