//! A real Docker engine for the tests, by the scripts in `e2e/engine`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::{packages, tool, workspace};

/// An engine that lives as long as this value. However this process ends, it is taken down: a guard in a session of its
/// own waits for the other end of a pipe to close.
pub struct Engine {
    dir: PathBuf,
    guard: Child,
}

impl Engine {
    /// Starts an engine of a release, with a registry, images and a container in each state.
    pub fn start(release: &str) -> Result<Self> {
        let engine = Self::empty(release, &["-r"])?;
        tool::run(Command::new(script("fixtures.sh")).arg(&engine.dir))?;
        Ok(engine)
    }

    /// Starts an engine of a release that has nothing yet; `options` are those of `up.sh`.
    pub fn empty(release: &str, options: &[&str]) -> Result<Self> {
        let dir = std::env::temp_dir().join(format!(
            "daemonscope-engine-{release}-{}",
            std::process::id()
        ));
        let guard = Command::new("setsid")
            .arg(script("guard.sh"))
            .arg(&dir)
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot start the engine's guard")?;
        let engine = Self { dir, guard };
        up(&[&["-e", release], options].concat(), &engine.dir)?;
        Ok(engine)
    }

    /// Makes its fleet one of `count` running containers; those that are there stay.
    pub fn fleet(&self, count: usize) -> Result<()> {
        tool::run(
            Command::new(script("fleet.sh"))
                .arg(&self.dir)
                .arg(count.to_string()),
        )
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        if let Err(error) = self.guard.wait() {
            eprintln!(
                "the engine in {} may still run: {error}",
                self.dir.display()
            );
        }
    }
}

/// Starts an engine that stays.
pub fn up(options: &[&str], dir: &Path) -> Result<()> {
    tool::run(
        Command::new(script("up.sh"))
            .args(options)
            .arg("-c")
            .arg(workspace::target().join("engines"))
            .arg(dir),
    )
}

/// Makes sure of a release, and says the folders that its programs are in, in the form of a `PATH`.
pub fn fetch(release: &str) -> Result<String> {
    let path = tool::output(
        Command::new(script("fetch.sh"))
            .arg(release)
            .arg(workspace::target().join("engines")),
    )?;
    Ok(path.trim().to_owned())
}

/// The docker command of a release.
pub fn docker_command(release: &str) -> Result<PathBuf> {
    let path = fetch(release)?;
    env::split_paths(&path)
        .map(|folder| folder.join("docker"))
        .find(|program| program.is_file())
        .with_context(|| format!("there is no docker command in {path}"))
}

/// Any of the scripts, for a person: `cargo xtask engine up DIR`.
pub fn by_hand(name: &str, args: &[String]) -> Result<()> {
    if name == "up" {
        packages::ensure(packages::ENGINE)?;
    }
    tool::run(Command::new(script(&format!("{name}.sh"))).args(args))
}

fn script(name: &str) -> PathBuf {
    workspace::root().join("e2e/engine").join(name)
}
