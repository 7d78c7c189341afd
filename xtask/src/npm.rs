//! What the scripts in `e2e` need of npm.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::steps::step;
use crate::{tool, workspace};

/// The folder of the scripts, with what package-lock.json names. The browser is Debian's, so none is downloaded.
pub fn folder() -> Result<PathBuf> {
    let dir = workspace::root().join("e2e");
    install(&dir)?;
    Ok(dir)
}

fn install(dir: &Path) -> Result<()> {
    let modified = |name: &str| {
        dir.join(name)
            .metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    if modified("node_modules/.package-lock.json") > modified("package-lock.json") {
        return Ok(());
    }
    step("npm packages", || {
        tool::output(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund"])
                .current_dir(dir)
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
        )
        .map(drop)
    })
}
