//! The packages of the browser tests.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::steps::step;
use crate::tool;

/// What package-lock.json names, unless it is there already. The browser is Debian's, so none is downloaded.
pub fn install(dir: &Path) -> Result<()> {
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
