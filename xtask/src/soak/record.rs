//! Keeps the last result in `docs/performance.md`, between two marks.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::verdict::Verdict;
use crate::{tool, workspace};

const FILE: &str = "docs/performance.md";
const BEGIN: &str = "<!-- written by `cargo xtask soak --record` -->\n";
const END: &str = "<!-- end of what soak wrote -->\n";

pub fn record(verdict: &Verdict) -> Result<()> {
    let path = workspace::root().join(FILE);
    let document = fs::read_to_string(&path).with_context(|| FILE)?;
    let document = between_marks(&document, &section(verdict)?).with_context(|| {
        format!("{FILE} lacks the lines {BEGIN:?} and {END:?}, between which the result stands")
    })?;
    fs::write(&path, document).with_context(|| FILE)
}

fn section(verdict: &Verdict) -> Result<String> {
    let date = tool::output(Command::new("date").args(["--utc", "+%Y-%m-%d %H:%M"]))?;
    let mut lines = vec![
        format!(
            "{} UTC, {}; {} containers.",
            date.trim(),
            machine()?,
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

/// No name of the machine, only what it is.
fn machine() -> Result<String> {
    let read = |path: &str| fs::read_to_string(path).with_context(|| path.to_owned());
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = field(&read("/proc/cpuinfo")?, "model name");
    let cores = std::thread::available_parallelism()?;
    let memory = field(&read("/proc/meminfo")?, "MemTotal").unwrap_or_default();
    let kib: f64 = memory.trim_end_matches(" kB").parse().unwrap_or(0.0);
    let kernel = tool::output(Command::new("uname").arg("--kernel-release"))?;
    Ok(format!(
        "{}, {cores} cores, {:.0} GiB, Linux {}",
        processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
        kib / 1024.0 / 1024.0,
        kernel.trim()
    ))
}

/// The document with `text` in place of what stands between the marks.
fn between_marks(document: &str, text: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}\n\n{END}{after}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_written_anew() {
        let document = format!("# a\n\n{BEGIN}old\n{END}\n## b\n");
        let once = between_marks(&document, "\nnew\n").unwrap();
        assert_eq!(once, format!("# a\n\n{BEGIN}\nnew\n\n{END}\n## b\n"));
        assert_eq!(between_marks(&once, "new"), Some(once.clone()));
        assert_eq!(between_marks("# a\n", "new"), None);
    }

    #[test]
    fn the_document_has_the_marks() {
        let document = fs::read_to_string(workspace::root().join(FILE)).unwrap();
        assert!(between_marks(&document, "x").is_some());
    }
}
