//! The page's files: from Rust and `static/` to `target/page`, which the bridge embeds.
//!
//! What lies there is the contract between this and `bridge/src/web`:
//! - `index.html`, to which the bridge adds the base path for each request;
//! - `assets/NAME-HASH.EXT`: named by what is in it, so it may be kept for ever;
//! - any other file of `static/` under its own name;
//! - beside each file that becomes smaller by it, the same with `.br` and `.gz`.

mod bindgen;
mod fingerprint;
mod site;
mod slim;
mod stylesheet;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::steps::{note, step};
use crate::wasm::Toolchain;
use crate::{tool, workspace};

/// A page that is built.
pub struct Page {
    pub dir: PathBuf,
    /// What page and bridge call this build.
    pub build: String,
}

/// What page and bridge of these sources are called.
pub fn build_id() -> Result<String> {
    fingerprint::of_sources()
}

/// Builds the page, unless it is there already from the same sources.
pub fn build() -> Result<Page> {
    let toolchain = Toolchain::set_up()?;
    let dir = workspace::page();
    let sources = fingerprint::of_sources()?;
    let page = Page {
        build: sources.clone(),
        dir,
    };
    // not in the folder itself: everything there is embedded
    let stamp_path = page.dir.with_extension("stamp");
    let stamp = format!(
        "{sources} {} wasm-opt={}",
        toolchain.version()?.trim(),
        wasm_opt().is_some()
    );
    if page.dir.join("index.html").exists()
        && fs::read_to_string(&stamp_path).is_ok_and(|old| old == stamp)
    {
        note("page: unchanged");
        return Ok(page);
    }

    let wasm = step("page: compile to wasm32", || {
        compile(toolchain, &page.build)
    })?;
    let glued = step("page: bindings for the browser", || {
        bindgen::run(&wasm, wasm_opt().as_deref())
    })?;
    step("page: names and compression", || {
        let files = site::collect(&workspace::root().join("static"), glued)?.publish()?;
        replace(&page.dir, &files)
    })?;
    fs::write(&stamp_path, stamp)?;
    note(&format!("page: {}", sizes(&page.dir)?));
    Ok(page)
}

fn compile(toolchain: Toolchain, build: &str) -> Result<PathBuf> {
    tool::run(
        toolchain
            .cargo("build")
            .args([
                "--package",
                "daemonscope-page",
                "--bin",
                "daemonscope-page",
                "--profile",
                "wasm",
            ])
            .env("DAEMONSCOPE_BUILD", build),
    )?;
    Ok(toolchain
        .target_dir()
        .join(crate::wasm::TARGET)
        .join("wasm/daemonscope-page.wasm"))
}

/// Saves a percent or so after compression; not worth installing.
fn wasm_opt() -> Option<PathBuf> {
    tool::find("wasm-opt")
}

/// Puts the new files in the place of the old ones. A bridge that is being compiled meanwhile sees the one or the other.
fn replace(dir: &Path, files: &[site::File]) -> Result<()> {
    let new = dir.with_extension("new");
    let old = dir.with_extension("old");
    for leftover in [&new, &old] {
        if leftover.exists() {
            fs::remove_dir_all(leftover)?;
        }
    }
    for file in files {
        file.write(&new)
            .with_context(|| format!("cannot write {}", file.name))?;
    }
    if dir.exists() {
        fs::rename(dir, &old)?;
    }
    fs::rename(&new, dir)?;
    if old.exists() {
        fs::remove_dir_all(&old)?;
    }
    Ok(())
}

/// What a browser downloads of the program, by the encoding it accepts.
fn sizes(dir: &Path) -> Result<String> {
    let mut plain = 0;
    let mut br = 0;
    let mut gz = 0;
    for entry in fs::read_dir(dir.join("assets"))? {
        let entry = entry?;
        let size = entry.metadata()?.len();
        match entry
            .path()
            .extension()
            .and_then(|extension| extension.to_str())
        {
            Some("br") => br += size,
            Some("gz") => gz += size,
            _ => plain += size,
        }
    }
    Ok(format!(
        "{} kB; {} kB as brotli, {} kB as gzip",
        plain / 1000,
        br / 1000,
        gz / 1000
    ))
}
