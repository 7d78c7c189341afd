//! Who watches the engine while it is measured.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::daemon;
use crate::tool;

/// How long a program may take until it runs as it will go on.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Contender {
    /// The bridge, while nobody looks at it. What the engine spends meanwhile is what the others' is measured from.
    BridgeAlone,
    BridgeOneViewer,
    BridgeFiftyViewers,
    /// `docker stats` of the engine's release in a terminal, as a person has it.
    DockerStats,
}

impl Contender {
    pub const ALL: [Self; 4] = [
        Self::BridgeAlone,
        Self::BridgeOneViewer,
        Self::BridgeFiftyViewers,
        Self::DockerStats,
    ];

    fn viewers(self) -> usize {
        match self {
            Self::BridgeAlone | Self::DockerStats => 0,
            Self::BridgeOneViewer => 1,
            Self::BridgeFiftyViewers => 50,
        }
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BridgeAlone => "bridge, nobody watching",
            Self::BridgeOneViewer => "bridge, 1 viewer",
            Self::BridgeFiftyViewers => "bridge, 50 viewers",
            Self::DockerStats => "docker stats",
        })
    }
}

/// The programs that are measured, or measure.
pub struct Programs {
    pub bridge: PathBuf,
    pub viewers: PathBuf,
    /// The engine's folder.
    pub engine: PathBuf,
}

/// A contender at work; it ends with this value.
pub enum Running {
    Bridge {
        // first, so that they leave before it ends
        viewers: Option<Viewers>,
        bridge: Bridge,
    },
    DockerStats(InTerminal),
}

impl Contender {
    /// Starts it, and waits until it has the figures of every container.
    pub fn start(self, programs: &Programs) -> Result<Running> {
        if self == Self::DockerStats {
            return docker_stats(&programs.engine).map(Running::DockerStats);
        }
        let bridge = Bridge::start(&programs.bridge, &programs.engine)?;
        let viewers = match self.viewers() {
            0 => None,
            count => Some(Viewers::start(&programs.viewers, &bridge.address, count)?),
        };
        Ok(Running::Bridge { bridge, viewers })
    }
}

impl Running {
    pub fn pid(&self) -> u32 {
        match self {
            Self::Bridge { bridge, .. } => bridge.process.0.id(),
            Self::DockerStats(command) => command.pid,
        }
    }

    /// What each of its viewers has received so far, on average.
    pub fn received(&mut self) -> Result<Option<Received>> {
        match self {
            Self::Bridge {
                viewers: Some(viewers),
                ..
            } => viewers.received().map(Some),
            _ => Ok(None),
        }
    }
}

/// A process that ends with this value.
pub struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // one that ended by itself cannot be ended
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program in a terminal of its own.
pub struct InTerminal {
    terminal: Ended,
    /// The program's, not the terminal's.
    pid: u32,
}

impl Drop for InTerminal {
    /// A program whose terminal ends goes on where hanging up is ignored, as `nohup` has it. `docker stats` would keep the
    /// engine at work for whoever is measured next.
    fn drop(&mut self) {
        let ended = tool::run(Command::new("kill").args(["-s", "KILL", &self.pid.to_string()]));
        match ended {
            // the terminal ends by itself when nothing runs in it any more
            Ok(()) => drop(self.terminal.0.wait()),
            Err(error) => eprintln!("process {} may still run: {error}", self.pid),
        }
    }
}

pub struct Bridge {
    process: Ended,
    /// Host and port.
    pub address: String,
}

impl Bridge {
    pub fn start(binary: &Path, engine: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command
            .args(["--listen", "127.0.0.1:0", "--host"])
            .arg(format!("unix://{}/docker.sock", engine.display()))
            .env_remove("DAEMONSCOPE_LISTEN");
        let (process, mut out) = spawn(&mut command, Stdio::null())?;
        let mut line = String::new();
        out.read_line(&mut line)?;
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split_ascii_whitespace().next())
            .with_context(|| format!("the bridge says {line:?} instead of its address"))?
            .to_owned();
        Ok(Self { process, address })
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

pub struct Viewers {
    _process: Ended,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    count: usize,
}

/// What came over live sockets, the heads of WebSocket's frames included.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Received {
    pub frames: f64,
    pub bytes: f64,
}

impl Viewers {
    pub fn start(binary: &Path, address: &str, count: usize) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg(address).arg(count.to_string());
        let (mut process, mut answers) = spawn(&mut command, Stdio::piped())?;
        let questions = process.0.stdin.take().context("no pipe to the viewers")?;
        let mut line = String::new();
        answers.read_line(&mut line)?;
        if line.trim() != "ready" {
            bail!("the viewers say {line:?} instead of being ready");
        }
        Ok(Self {
            _process: process,
            questions,
            answers,
            count,
        })
    }

    /// By each of them so far, on average.
    pub fn received(&mut self) -> Result<Received> {
        writeln!(self.questions)?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let all: Received =
            serde_json::from_str(&line).with_context(|| format!("the viewers say {line:?}"))?;
        Ok(Received {
            frames: all.frames / self.count as f64,
            bytes: all.bytes / self.count as f64,
        })
    }
}

fn spawn(command: &mut Command, stdin: Stdio) -> Result<(Ended, BufReader<ChildStdout>)> {
    let shown = tool::shown(command);
    let child = command.stdin(stdin).stdout(Stdio::piped()).spawn();
    let mut process = Ended(child.with_context(|| format!("cannot start `{shown}`"))?);
    let out = process.0.stdout.take().context("no pipe from a program")?;
    Ok((process, BufReader::new(out)))
}

/// As a person has it.
fn docker_stats(engine: &Path) -> Result<InTerminal> {
    in_terminal(&format!("exec {}/docker stats", engine.display()), "docker")
}

/// In a pseudo terminal, whose other end throws everything away. The terminal's own cost is not counted. `program` is what
/// the command becomes.
fn in_terminal(command: &str, program: &str) -> Result<InTerminal> {
    let terminal = Command::new("script")
        .args(["--quiet", "--command", command, "/dev/null"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .context("cannot start `script` (Debian: bsdutils)")?;
    let terminal = Ended(terminal);
    let patient_until = Instant::now() + PATIENCE;
    loop {
        if let Some(pid) = child_named(terminal.0.id(), program)? {
            return Ok(InTerminal { terminal, pid });
        }
        if Instant::now() > patient_until {
            bail!("`{command}` did not start within {} s", PATIENCE.as_secs());
        }
        sleep(Duration::from_millis(20));
    }
}

/// The child of a process that runs a program of this name.
fn child_named(parent: u32, name: &str) -> Result<Option<u32>> {
    Ok(daemon::pids()?.into_iter().find(|pid| {
        let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) else {
            return false;
        };
        let says = |field: &str, value: &str| {
            let mut lines = status.lines().filter_map(|line| line.strip_prefix(field));
            lines.next().is_some_and(|found| found.trim() == value)
        };
        says("Name:", name) && says("PPid:", &parent.to_string())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_ignores_the_end_of_its_terminal_ends_with_it() {
        let running = in_terminal("trap '' HUP; exec sleep 1000", "sleep").unwrap();
        let process = format!("/proc/{}", running.pid);
        assert!(Path::new(&process).exists());
        drop(running);
        assert!(!Path::new(&process).exists());
    }
}
