//! What became of each part, for the end of a long output.

use std::fmt;
use std::time::{Duration, Instant};

use crate::steps::seconds;

#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

#[derive(Default)]
pub struct Report {
    parts: Vec<(&'static str, Outcome, Duration)>,
}

impl Report {
    pub fn time(&mut self, name: &'static str, run: impl FnOnce() -> Outcome) {
        let start = Instant::now();
        let outcome = run();
        self.parts.push((name, outcome, start.elapsed()));
    }

    pub fn has_failures(&self) -> bool {
        self.parts
            .iter()
            .any(|(_, outcome, _)| matches!(outcome, Outcome::Failed(_)))
    }
}

impl fmt::Display for Report {
    /// A line for each part, then one that counts them, in the words that other test runners use.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        for (name, outcome, took) in &self.parts {
            let (word, reason) = match outcome {
                Outcome::Passed => {
                    passed += 1;
                    ("passed", "")
                }
                Outcome::Failed(reason) => {
                    failed += 1;
                    ("FAILED", reason.as_str())
                }
                Outcome::Skipped(reason) => {
                    skipped += 1;
                    ("skipped", reason.as_str())
                }
            };
            let line = format!("{name:<12} {word:<8} {:>12}  {reason}", seconds(*took));
            writeln!(f, "{}", line.trim_end())?;
        }
        writeln!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_says_all() {
        let report = Report {
            parts: vec![
                ("format", Outcome::Passed, Duration::from_millis(400)),
                (
                    "native",
                    Outcome::Failed("`cargo test` failed".into()),
                    Duration::from_secs(75),
                ),
                ("e2e-20", Outcome::Skipped("no root".into()), Duration::ZERO),
            ],
        };
        assert_eq!(
            report.to_string(),
            "format       passed          0.4 s\n\
             native       FAILED     1 min 15 s  `cargo test` failed\n\
             e2e-20       skipped         0.0 s  no root\n\
             1 passed, 1 failed, 1 skipped\n"
        );
        assert!(report.has_failures());
    }
}
