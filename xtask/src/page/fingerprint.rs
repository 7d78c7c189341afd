//! What a build of the page is called: a hash of everything it is made from.
//!
//! Page and bridge must carry the same name before either is compiled, so it comes from the sources.
//! git is not asked: an archive of the sources builds the same page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::workspace;

/// The folders and files that the page is made from.
const SOURCES: [&str; 8] = [
    // how the page is compiled
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "frontend",
    "protocol",
    "static",
    "timeline",
    "xtask/src/page",
];

/// The first 16 hex digits of the hash of all sources of the page.
pub fn of_sources() -> Result<String> {
    of(workspace::root(), &SOURCES)
}

fn of(root: &Path, sources: &[&str]) -> Result<String> {
    let mut files = Vec::new();
    for source in sources {
        collect(&root.join(source), &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for path in files {
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.strip_prefix(root)?.to_string_lossy();
        // the lengths keep a byte that moves from one field to the next from going unseen
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name.as_bytes());
        hash.update((content.len() as u64).to_le_bytes());
        hash.update(&content);
    }
    Ok(short(&hash.finalize()))
}

/// The hash of one file's content, as it stands in the file's name.
pub fn of_content(content: &[u8]) -> String {
    short(&Sha256::digest(content))
}

fn short(digest: &[u8]) -> String {
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() && !is_test_code(path) {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}

/// Tests are not in the page: changing one gives no new page.
fn is_test_code(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_counts_and_tests_do_not() {
        let root = crate::test_support::temp_dir("fingerprint");
        let write = |name: &str, content: &str| {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        write("a/x.rs", "one");
        write("lock", "1");
        let first = of(&root, &["a", "lock"]).unwrap();
        assert_eq!(first.len(), 16);
        assert_eq!(
            of(&root, &["a", "lock"]).unwrap(),
            first,
            "the same sources have the same name"
        );

        write("a/tests/t.rs", "a test");
        write("b/other.rs", "elsewhere");
        assert_eq!(
            of(&root, &["a", "lock"]).unwrap(),
            first,
            "neither tests nor other folders count"
        );

        write("a/x.rs", "two");
        let changed = of(&root, &["a", "lock"]).unwrap();
        assert_ne!(changed, first, "a changed file");
        fs::rename(root.join("a/x.rs"), root.join("a/y.rs")).unwrap();
        assert_ne!(
            of(&root, &["a", "lock"]).unwrap(),
            changed,
            "a renamed file"
        );
        fs::remove_dir_all(root).unwrap();
    }
}
