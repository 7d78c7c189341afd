//! The programs that run: the demo engine and the bridge. Each ends with the value that stands for it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::tool;

/// Nothing here takes longer on the busiest machine.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Programs {
    pub engine: PathBuf,
    pub bridge: PathBuf,
}

impl Programs {
    /// They are built into one folder.
    pub fn beside(bridge: PathBuf) -> Self {
        Self {
            engine: bridge.with_file_name("demo-engine"),
            bridge,
        }
    }
}

/// What the engine speaks like unless a trouble says otherwise.
const USUAL_RELEASE: &str = "28";

pub struct Engine {
    program: PathBuf,
    containers: u32,
    log: PathBuf,
    /// Of the sockets: their paths must be short.
    folder: PathBuf,
    child: Option<Child>,
}

impl Engine {
    pub fn start(programs: &Programs, containers: u32, logs: &Path) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("daemonscope-soak-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut engine = Self {
            program: programs.engine.clone(),
            containers,
            log: logs.join("engine.log"),
            folder,
            child: None,
        };
        engine.start_again(USUAL_RELEASE)?;
        Ok(engine)
    }

    pub fn host(&self) -> String {
        format!("unix://{}", self.socket("docker").display())
    }

    /// One command, as demo/src/control.rs describes them.
    pub fn command(&self, command: &str) -> Result<()> {
        let mut hand = UnixStream::connect(self.socket("control"))
            .context("the demo engine takes no commands")?;
        hand.set_read_timeout(Some(PATIENCE))?;
        writeln!(hand, "{command}")?;
        let mut answer = String::new();
        BufReader::new(hand).read_line(&mut answer)?;
        anyhow::ensure!(answer.trim() == "{}", "{command}: {answer}");
        Ok(())
    }

    /// `STOP` and `CONT`, for instance.
    pub fn signal(&self, name: &str) -> Result<()> {
        let child = self
            .child
            .as_ref()
            .context("the demo engine is not there")?;
        signal(child, name)
    }

    /// Without a chance to say so.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// As a service manager ends it.
    pub fn terminate(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            signal(&child, "TERM")?;
            child.wait()?;
        }
        Ok(())
    }

    /// After its end: the same fleet, born anew.
    pub fn start_again(&mut self, release: &str) -> Result<()> {
        for name in ["docker", "control"] {
            // Left behind only by one that was killed.
            let _ = fs::remove_file(self.socket(name));
        }
        let child = tool::bound("KILL", &self.program)
            .arg("--socket")
            .arg(self.socket("docker"))
            .arg("--control")
            .arg(self.socket("control"))
            .args(["--containers", &self.containers.to_string()])
            .args(["--release", release])
            .stdin(Stdio::null())
            .stdout(log(&self.log)?)
            .stderr(log(&self.log)?)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        self.child = Some(child);
        self.listens()
    }

    pub fn restart_as_at_first(&mut self) -> Result<()> {
        self.kill()?;
        self.start_again(USUAL_RELEASE)
    }

    fn socket(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.sock"))
    }

    fn listens(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        let is_open = |path: PathBuf| UnixStream::connect(path).is_ok();
        while !(is_open(self.socket("docker")) && is_open(self.socket("control"))) {
            let status = self.child.as_mut().map(Child::try_wait).transpose()?;
            if let Some(status) = status.flatten() {
                anyhow::bail!(
                    "the demo engine ended at once ({status}); see {}",
                    self.log.display()
                );
            }
            anyhow::ensure!(
                Instant::now() < until,
                "the demo engine opens no socket in {}",
                self.folder.display()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It may have ended already, and the folder is one for temporary files.
        let _ = self.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

pub struct Bridge {
    child: Child,
    address: String,
}

/// Not each event that cannot be read: there are millions.
const LOG: &str = "warn,daemonscope::engine::link=info,daemonscope::engine::link::session=error";
impl Bridge {
    pub fn start(programs: &Programs, engine: &Engine, logs: &Path) -> Result<Self> {
        let path = logs.join("bridge.log");
        let _ = fs::remove_file(&path);
        let mut child = tool::bound("KILL", &programs.bridge)
            .args(["--listen", "127.0.0.1:0", "--host", &engine.host()])
            .args(["--log", LOG])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log(&path)?)
            .spawn()
            .with_context(|| format!("cannot start {}", programs.bridge.display()))?;
        let out = child.stdout.take().context("the bridge's output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let address = line
            .strip_prefix("daemonscope: http://")
            .and_then(|rest| rest.split_once(' '))
            .map(|(address, _)| address.to_owned());
        let Some(address) = address else {
            let _ = child.kill();
            anyhow::bail!("the bridge does not start; see {}", path.display());
        };
        Ok(Self { child, address })
    }

    /// `127.0.0.1:8375`
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, name: &str) -> Result<()> {
    tool::run(Command::new("kill").args(["-s", name, &child.id().to_string()]))
}

fn log(path: &Path) -> Result<File> {
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))
}
