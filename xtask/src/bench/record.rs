//! Keeps the last result in `docs/performance.md`, between two marks.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace;

const FILE: &str = "docs/performance.md";
const BEGIN: &str = "<!-- written by `cargo xtask bench --record` -->\n";
const END: &str = "<!-- end of what bench wrote -->\n";

pub fn record(table: &str) -> Result<()> {
    let path = workspace::root().join(FILE);
    let document = fs::read_to_string(&path).with_context(|| FILE)?;
    let document = between_marks(&document, table).with_context(|| {
        format!("{FILE} lacks the lines {BEGIN:?} and {END:?}, between which the result stands")
    })?;
    fs::write(&path, document).with_context(|| FILE)
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
        let document = format!("# a\n\n{BEGIN}old\n{END}\n## soak\n");
        let once = between_marks(&document, "\nnew\n").unwrap();
        assert_eq!(once, format!("# a\n\n{BEGIN}\nnew\n\n{END}\n## soak\n"));
        assert_eq!(between_marks(&once, "new"), Some(once.clone()));
        assert_eq!(between_marks("# a\n", "new"), None);
    }

    #[test]
    fn the_document_has_the_marks() {
        let document = fs::read_to_string(workspace::root().join(FILE)).unwrap();
        assert!(between_marks(&document, "x").is_some());
    }
}
