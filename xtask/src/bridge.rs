//! The bridge, with the page inside.

use std::path::PathBuf;

use anyhow::Result;

use crate::page::Page;
use crate::steps::step;
use crate::{tool, workspace};

/// Builds the binary `daemonscope` around the page.
pub fn build(release: bool, page: &Page) -> Result<PathBuf> {
    let (what, profile, folder) = if release {
        (
            "bridge: compile (release; some minutes)",
            "release",
            "release",
        )
    } else {
        ("bridge: compile", "dev", "debug")
    };
    step(what, || {
        tool::run(
            tool::cargo()
                .args([
                    "build",
                    "--package",
                    "daemonscope",
                    "--features",
                    "demo",
                    "--profile",
                    profile,
                ])
                .env("DAEMONSCOPE_BUILD", &page.build),
        )
    })?;
    Ok(workspace::target().join(folder).join("daemonscope"))
}
