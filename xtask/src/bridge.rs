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

/// The same in release, and the program `demo-engine` beside it.
pub fn build_with_demo_engine(page: &Page) -> Result<PathBuf> {
    let bridge = build(true, page)?;
    step("demo engine: compile (release)", || {
        // Together with the bridge, whose dependencies are then its own.
        tool::run(tool::cargo().env("DAEMONSCOPE_BUILD", &page.build).args([
            "build",
            "--release",
            "--package",
            "daemonscope",
            "--package",
            "daemonscope-demo",
            "--features",
            "daemonscope/demo",
        ]))
    })?;
    Ok(bridge)
}
