//! The result as `docs/performance.md` has it.

use anyhow::Result;

use super::verdict::Verdict;
use crate::host::{self, Host};

/// `load` is that of the machine before anything was started.
pub fn section(verdict: &Verdict, load: f64) -> Result<String> {
    let mut lines = vec![
        format!(
            "Ended {} UTC, revision {}. {}, load {load:.1} before the run; {} containers.",
            host::now()?,
            host::revision(),
            Host::read()?,
            verdict.plan.containers
        ),
        String::new(),
    ];
    for (number, row) in verdict.table().iter().enumerate() {
        lines.push(format!("| {} |", row.join(" | ")));
        if number == 0 {
            lines.push(format!("| --- |{}", " ---: |".repeat(row.len() - 1)));
        }
    }
    lines.push(String::new());
    lines.extend(verdict.notes.iter().map(|note| format!("- {note}")));
    lines.push(format!("- {}", verdict.measure()));
    Ok(lines.join("\n"))
}
