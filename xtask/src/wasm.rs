//! A compiler for wasm32: rustup's where it can be had, otherwise Debian's.
//!
//! rustup adds the target in seconds. Without rustup, or where its server cannot be reached, Debian's `rustc-web` (a newer
//! rustc, with its source) builds the standard library itself, which takes a minute or two more.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::steps::{note, step};
use crate::{tool, workspace};

pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_LINKER: &str = "wasm-ld-22";

/// Which compiler builds the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The one that builds the bridge.
    Own,
    /// `/usr/bin/cargo` and `/usr/bin/rustc` of Debian's packages, which build the standard library from source.
    Debian,
}

impl Toolchain {
    /// Finds a compiler for wasm32, or installs one.
    pub fn set_up() -> Result<Self> {
        if own_has_target() {
            note("wasm32 target: there");
            return Ok(Self::Own);
        }
        let refusal = match step("wasm32 target from rustup", add_with_rustup) {
            Ok(()) => return Ok(Self::Own),
            Err(refusal) => refusal,
        };
        println!("  {refusal:#}");
        if !debian_is_complete() {
            step("wasm32 compiler from Debian", install_from_debian)?;
        }
        note("wasm32 compiler: Debian's rustc-web, which builds the standard library too");
        Ok(Self::Debian)
    }

    /// A cargo command for the page: subcommand and flags, up to the profile.
    pub fn cargo(self, subcommand: &str) -> Command {
        match self {
            Self::Own => {
                let mut command = tool::cargo();
                command.args([subcommand, "--target", TARGET]);
                command
            }
            Self::Debian => {
                let mut command = Command::new(DEBIAN_CARGO);
                command.current_dir(workspace::root());
                tool::quiet_without_terminal(&mut command);
                // what the cargo that runs us set for its own compiler
                for inherited in [
                    "LD_LIBRARY_PATH",
                    "RUSTUP_TOOLCHAIN",
                    "RUSTUP_HOME",
                    "RUSTC_WRAPPER",
                    "RUSTDOC",
                ] {
                    command.env_remove(inherited);
                }
                command
                    .env("RUSTC", DEBIAN_RUSTC)
                    // -Z on a stable compiler: the distribution's way to build the standard library
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
                    .args([
                        subcommand,
                        "--target",
                        TARGET,
                        "-Z",
                        "build-std=std,panic_abort",
                    ])
                    .arg("--target-dir")
                    .arg(self.target_dir());
                command
            }
        }
    }

    /// Where this compiler's work lies. Two compilers in one folder would undo each other's.
    pub fn target_dir(self) -> PathBuf {
        match self {
            Self::Own => workspace::target(),
            Self::Debian => workspace::target().join("debian"),
        }
    }

    /// Says which compiler a page came from, so that another one builds it anew.
    pub fn version(self) -> Result<String> {
        match self {
            Self::Own => tool::output(rustc().arg("--version")),
            Self::Debian => tool::output(Command::new(DEBIAN_RUSTC).arg("--version")),
        }
    }
}

fn rustc() -> Command {
    let mut command = Command::new("rustc");
    command.current_dir(workspace::root());
    command
}

fn has_standard_library(target_libdir: &Path) -> bool {
    target_libdir.read_dir().is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

fn own_has_target() -> bool {
    tool::output(rustc().args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|dir| has_standard_library(Path::new(dir.trim())))
}

fn add_with_rustup() -> Result<()> {
    let rustup = tool::find("rustup").context("there is no rustup")?;
    tool::output(
        Command::new(rustup)
            .current_dir(workspace::root())
            .args(["target", "add", TARGET]),
    )?;
    if !own_has_target() {
        bail!("rustup has the target, but the rustc on the PATH is not rustup's");
    }
    Ok(())
}

fn debian_is_complete() -> bool {
    let source = tool::output(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]))
        .map(|sysroot| Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std"));
    Path::new(DEBIAN_CARGO).exists()
        && tool::find(DEBIAN_LINKER).is_some()
        && source.is_ok_and(|dir| dir.exists())
}

fn install_from_debian() -> Result<()> {
    crate::packages::install(&DEBIAN_PACKAGES)?;
    if !debian_is_complete() {
        bail!(
            "{} are installed, but have no standard library's source",
            DEBIAN_PACKAGES.join(", ")
        );
    }
    Ok(())
}
