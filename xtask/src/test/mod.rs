//! `cargo xtask test`: everything that is proved about this repository, part by part.

mod parts;
mod report;

use anyhow::Result;

use parts::{PARTS, Part};
use report::{Outcome, Report};

/// Why a part did not run. Not a failure where the machine cannot do it; in CI it is one.
#[derive(Debug)]
struct Skip(String);

impl std::fmt::Display for Skip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Skip {}

/// The parts and what each does.
pub fn list() {
    for part in PARTS {
        println!("{:<12} {}", part.name, part.about);
    }
}

/// Runs the parts, all or those named, each whatever became of those before it.
pub fn run(only: &[String]) -> Result<()> {
    for name in only {
        anyhow::ensure!(
            PARTS.iter().any(|part| part.name == *name),
            "there is no part {name}; `cargo xtask test --list` shows them"
        );
    }
    let mut report = Report::default();
    for part in PARTS {
        if only.is_empty() || only.iter().any(|name| name == part.name) {
            println!("\n── {}: {}", part.name, part.about);
            report.time(part.name, || outcome(part, in_ci()));
        }
    }
    print!("\n{report}");
    anyhow::ensure!(!report.has_failures(), "not everything passed");
    Ok(())
}

fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

fn outcome(part: &Part, in_ci: bool) -> Outcome {
    let Err(error) = (part.run)() else {
        return Outcome::Passed;
    };
    match error.downcast_ref::<Skip>() {
        Some(Skip(reason)) if in_ci => {
            Outcome::Failed(format!("in CI nothing is skipped: {reason}"))
        }
        Some(Skip(reason)) => Outcome::Skipped(reason.clone()),
        None => Outcome::Failed(format!("{error:#}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_part_is_a_failure_in_ci() {
        let part = Part {
            name: "x",
            about: "",
            run: || Err(Skip("no root".into()).into()),
        };
        assert_eq!(outcome(&part, false), Outcome::Skipped("no root".into()));
        assert_eq!(
            outcome(&part, true),
            Outcome::Failed("in CI nothing is skipped: no root".into())
        );
    }

    #[test]
    fn an_unknown_part_is_refused() {
        let error = run(&["nonsense".into()]).unwrap_err().to_string();
        assert!(error.starts_with("there is no part nonsense"), "{error}");
    }
}
