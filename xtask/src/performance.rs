//! Keeps the last result of each measurement in `docs/performance.md`, between two marks of its own.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

const FILE: &str = "docs/performance.md";

/// Writes what the command `name` found in place of what it found last.
pub fn record(name: &str, text: &str) -> Result<()> {
    let path = workspace::root().join(FILE);
    let document = fs::read_to_string(&path).with_context(|| FILE)?;
    let document = between_marks(&document, name, text).with_context(|| {
        let (begin, end) = marks(name);
        format!("{FILE} lacks the lines {begin:?} and {end:?}, between which the result stands")
    })?;
    fs::write(&path, document).with_context(|| FILE)
}

fn marks(name: &str) -> (String, String) {
    (
        format!("<!-- written by `cargo xtask {name} --record` -->\n"),
        format!("<!-- end of what {name} wrote -->\n"),
    )
}

/// The document with `text` in place of what stands between the marks.
fn between_marks(document: &str, name: &str, text: &str) -> Option<String> {
    let (begin, end) = marks(name);
    let (before, rest) = document.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{}\n\n{end}{after}", text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_written_anew() {
        let ((begin, end), (other, others_end)) = (marks("soak"), marks("bench"));
        let before = format!("# a\n\n{other}kept\n{others_end}\n{begin}");
        let document = format!("{before}old\n{end}\n## b\n");
        let once = between_marks(&document, "soak", "\nnew\n").unwrap();
        assert_eq!(once, format!("{before}\nnew\n\n{end}\n## b\n"));
        assert_eq!(between_marks(&once, "soak", "new"), Some(once.clone()));
        assert_eq!(between_marks("# a\n", "soak", "new"), None);
    }

    #[test]
    fn the_document_has_the_marks() {
        let document = fs::read_to_string(workspace::root().join(FILE)).unwrap();
        for name in ["bench", "bench --only events", "soak", "soak --faults"] {
            assert!(between_marks(&document, name, "x").is_some(), "{name}");
        }
    }
}
