//! `cargo xtask pictures`: how every page looks in each of its states, by the scripts in `e2e/pictures`.

use std::process::Command;

use anyhow::Result;

use crate::packages::{self, Need};
use crate::steps::step;
use crate::{bridge, npm, page, tool, workspace};

const NEEDS: [Need; 5] = [
    Need::program("chromium", "chromium"),
    Need::program("node", "nodejs"),
    Need::program("npm", "npm"),
    // names are in any script, and have pictures in them
    Need::file(
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "fonts-noto-cjk",
    ),
    Need::file(
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
        "fonts-noto-color-emoji",
    ),
];

/// Where the README looks for its picture.
const README: &str = "docs/pictures/overview.webp";

/// Builds what is pictured and takes the pictures: all, those of scenes called like `only`, or the README's.
pub fn take(only: Option<&str>, readme: bool) -> Result<()> {
    let missing = packages::missing(&NEEDS);
    if !missing.is_empty() {
        step(&format!("packages: {}", missing.join(" ")), || {
            packages::install(&missing)
        })?;
    }
    let page = page::build()?;
    let bridge = bridge::build(false, &page)?;
    step("wire: compile", || {
        tool::run(tool::cargo().args([
            "build",
            "--package",
            "daemonscope-protocol",
            "--features",
            "json",
            "--example",
            "wire",
        ]))
    })?;
    let mut camera = Command::new("node");
    camera
        .arg(npm::folder()?.join("pictures/main.js"))
        .env("DAEMONSCOPE_BIN", bridge)
        .env("DAEMONSCOPE_BUILD", &page.build)
        .env("WIRE", workspace::target().join("debug/examples/wire"))
        .env("PICTURES", workspace::target().join("pictures"));
    if let Some(only) = only {
        camera.args(["--only", only]);
    }
    if readme {
        camera.arg("--readme").arg(workspace::root().join(README));
    }
    tool::run(&mut camera)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of a repository is in every clone for ever.
    const SMALL_BYTES: u64 = 200_000;

    #[test]
    fn the_readme_has_its_picture_and_it_is_small() {
        let readme = std::fs::read_to_string(workspace::root().join("README.md")).unwrap();
        assert!(readme.contains(&format!("]({README})")), "{README}");
        let picture = workspace::root().join(README).metadata().unwrap();
        assert!(picture.len() < SMALL_BYTES, "{} bytes", picture.len());
    }
}
