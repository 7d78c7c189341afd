//! The parts of the tests, in their order: what is quick and what others build on comes first.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::Skip;
use crate::engine::{self, Engine};
use crate::packages::{self, Need};
use crate::steps::step;
use crate::wasm::Toolchain;
use crate::{npm, page, soak, tool, workspace};

/// One thing that is proved, under the name that the report has for it.
pub struct Part {
    pub name: &'static str,
    pub about: &'static str,
    pub run: fn() -> Result<()>,
}

pub const PARTS: &[Part] = &[
    Part {
        name: "format",
        about: "rustfmt",
        run: format,
    },
    Part {
        name: "page",
        about: "the page as it is delivered",
        run: build_page,
    },
    Part {
        name: "clippy",
        about: "clippy on all that is native",
        run: clippy,
    },
    Part {
        name: "clippy-wasm",
        about: "clippy on the page",
        run: clippy_wasm,
    },
    Part {
        name: "native",
        about: "native tests",
        run: native,
    },
    Part {
        name: "docker",
        about: "the docker commands of 20.10 and 28.5 print our figures, and understand the demo engine",
        run: docker_command,
    },
    Part {
        name: "browser",
        about: "the page's tests, in Chromium",
        run: browser,
    },
    Part {
        name: "e2e-20",
        about: "Docker 20.10, the bridge and Chromium, end to end",
        run: || end_to_end("20", &["engine", "faults"]),
    },
    Part {
        name: "e2e-28",
        about: "Docker 28.5, the bridge and Chromium, end to end",
        // the pages show the demo engine, whatever the release
        run: || end_to_end("28", &["engine", "faults", "pages"]),
    },
    Part {
        name: "soak",
        about: "two minutes of faults and load with the demo engine, after which nothing has grown",
        run: soak_shortly,
    },
];

/// All that is native but this program, whose dependencies are built already with features of their own.
const NATIVE: [&str; 9] = [
    "--workspace",
    "--exclude",
    "daemonscope-page",
    "--exclude",
    "wasm-test-runner",
    "--exclude",
    "xtask",
    "--features",
    "daemonscope/demo",
];

/// The tests that need a docker command.
const DOCKER_COMMAND: &str = "e2e/replay,daemonscope-demo/docker-command";

const CHROMIUM: [Need; 2] = [
    Need::program("chromium", "chromium"),
    Need::program("chromedriver", "chromium-driver"),
];

const DOCKER: Need = Need::program("docker", "docker.io");

/// Beside those of a browser and of an engine.
const END_TO_END: &[Need] = &[
    DOCKER,
    Need::program("docker-registry", "docker-registry"),
    Need::program("openssl", "openssl"),
    // container names and labels are in any script
    Need::file(
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "fonts-noto-cjk",
    ),
];

fn format() -> Result<()> {
    tool::run(tool::cargo().args(["fmt", "--all", "--check"]))
}

fn build_page() -> Result<()> {
    page::build().map(drop)
}

/// Every cargo call that compiles the bridge says the same build id, or each would undo the other's work.
fn cargo() -> Result<Command> {
    let mut command = tool::cargo();
    command.env("DAEMONSCOPE_BUILD", page::build_id()?);
    Ok(command)
}

fn clippy() -> Result<()> {
    let all = [
        "--workspace",
        "--exclude",
        "daemonscope-page",
        "--features",
        "daemonscope/demo",
        "--features",
        DOCKER_COMMAND,
    ];
    tool::run(
        cargo()?
            .arg("clippy")
            .args(all)
            .args(["--all-targets", "--", "-D", "warnings"]),
    )
}

fn clippy_wasm() -> Result<()> {
    let toolchain = Toolchain::set_up()?;
    if toolchain == Toolchain::Debian {
        return Err(Skip("Debian's wasm32 compiler comes without clippy".into()).into());
    }
    tool::run(
        toolchain
            .cargo("clippy")
            .env("DAEMONSCOPE_BUILD", page::build_id()?)
            .args([
                "--package",
                "daemonscope-page",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]),
    )
}

fn native() -> Result<()> {
    tool::run(tool::cargo().args(["test", "--package", "xtask", "--no-fail-fast"]))?;
    tool::run(cargo()?.arg("test").args(NATIVE).arg("--no-fail-fast"))
}

fn docker_command() -> Result<()> {
    need(&[DOCKER])?;
    let mut paths = Vec::new();
    for release in ["20", "28"] {
        paths.push(engine::fetch(release).map_err(|error| {
            Skip(format!(
                "the docker command of release {release} cannot be had: {error:#}"
            ))
        })?);
    }
    tool::run(
        cargo()?
            .arg("test")
            .args(NATIVE)
            .args(["--features", DOCKER_COMMAND])
            .args(["--test", "replay", "--test", "command"])
            .arg("--no-fail-fast")
            .env("MORE_DOCKER_PATH", paths.join(":")),
    )
}

fn browser() -> Result<()> {
    need(&CHROMIUM)?;
    let toolchain = Toolchain::set_up()?;
    step("wasm-test-runner: compile", || {
        tool::run(tool::cargo().args(["build", "--package", "wasm-test-runner"]))
    })?;
    let driver =
        tool::find("chromedriver").context("chromedriver is installed, but not on the PATH")?;
    tool::run(
        toolchain
            .cargo("test")
            .args([
                "--package",
                "daemonscope-page",
                "--lib",
                "--tests",
                "--no-fail-fast",
            ])
            // cargo would hand it on to the runner, which does not know the word
            .env_remove("CARGO_TERM_QUIET")
            .env("DAEMONSCOPE_BUILD", page::build_id()?)
            .env("CHROMEDRIVER", driver)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
            // built once, where the default would ask cargo anew for each test binary
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                workspace::target().join("debug/wasm-test-runner"),
            ),
    )
}

fn end_to_end(release: &str, projects: &[&str]) -> Result<()> {
    if !packages::is_root() {
        return Err(Skip("not run as root, which a Docker engine of its own needs".into()).into());
    }
    need(&[packages::BROWSER, packages::ENGINE, END_TO_END].concat())?;
    let bridge = bridge()?;
    let dir = npm::folder()?;
    let engine = step("engine: start, with a container in each state", || {
        Engine::start(release)
    })?;
    tool::run(
        Command::new("node")
            .arg(dir.join("node_modules/@playwright/test/cli.js"))
            .arg("test")
            .args(
                projects
                    .iter()
                    .map(|project| format!("--project={project}")),
            )
            .current_dir(&dir)
            .env("DAEMONSCOPE_BIN", bridge)
            .env("ENGINE_DIR", engine.dir())
            .env("ENGINE_RELEASE", release)
            .env("ENGINE_CACHE", workspace::target().join("engines")),
    )
}

/// An hour of it is `cargo xtask soak`.
fn soak_shortly() -> Result<()> {
    need(&[packages::BROWSER, soak::NEEDS].concat())?;
    soak::short(bridge()?)
}

/// The bridge as the native tests have built it, around the page.
fn bridge() -> Result<PathBuf> {
    page::build()?;
    step("bridge: compile", || {
        tool::run(cargo()?.args(["test", "--no-run"]).args(NATIVE))
    })?;
    Ok(workspace::target().join("debug/daemonscope"))
}

/// Installs what is missing; where that may not be done the part is skipped, with the line that does it.
fn need(needs: &[Need]) -> Result<()> {
    let missing = packages::missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    if !packages::is_root() {
        return Err(Skip(format!(
            "packages are missing: sudo {}",
            packages::line(&missing)
        ))
        .into());
    }
    packages::ensure(needs)
}
