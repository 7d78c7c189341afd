//! The page in Chromium, and beside it a wall display that nobody touches, driven by `e2e/browser/soak/page.js`: a line of words goes in, a line of JSON comes back.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::figures::{Figure, Sample};
use crate::{npm, tool};

pub struct Page {
    child: Child,
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Steps from place to place, and those that did not find what they were to click.
    steps: (u64, u64),
    /// How often the wall display has connected.
    kiosk_connections: u64,
}

impl Page {
    pub fn open(address: &str, logs: &Path) -> Result<Self> {
        let script = npm::folder()?.join("browser/soak/page.js");
        // Told by this signal, the driver closes the browser.
        let mut child = tool::bound("TERM", "node")
            .arg(script)
            .arg(format!("http://{address}/"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(logs.join("page.log"))?)
            .spawn()
            .context("cannot start node")?;
        let words = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("node's output")?);
        let mut page = Self {
            child,
            words,
            answers,
            steps: (0, 0),
            kiosk_connections: 0,
        };
        page.hear().context("the page does not open")?;
        Ok(page)
    }

    /// Opens a place and stays there.
    pub fn go(&mut self, place: &str) -> Result<()> {
        self.ask(&format!("go {place}")).map(drop)
    }

    /// Moves from place to place from now on.
    pub fn roam(&mut self) -> Result<()> {
        self.ask("roam").map(drop)
    }

    /// Stops moving, and shows the list of containers.
    pub fn rest(&mut self) -> Result<()> {
        let answer = self.ask("rest")?;
        let count = |name: &str| answer[name].as_u64().unwrap_or(0);
        self.steps = (count("steps"), count("missed"));
        Ok(())
    }

    /// An error unless it shows a live daemon's containers whose figures change.
    pub fn shows_life(&mut self) -> Result<()> {
        self.ask("life").map(drop)
    }

    /// After a collection of garbage.
    pub fn figures(&mut self) -> Result<Sample> {
        let answer = self.ask("figures")?;
        let figures = [
            Figure::Heap,
            Figure::Code,
            Figure::WasmMemory,
            Figure::Nodes,
            Figure::Listeners,
            Figure::KioskHeap,
            Figure::KioskWasmMemory,
            Figure::KioskNodes,
        ];
        self.kiosk_connections = answer["kiosk_connections"]
            .as_u64()
            .context("no kiosk_connections")?;
        figures
            .into_iter()
            .map(|figure| {
                let value = answer[figure.key()].as_u64();
                Ok((
                    figure,
                    value.with_context(|| format!("no {}", figure.key()))?,
                ))
            })
            .collect()
    }

    pub fn steps(&self) -> (u64, u64) {
        self.steps
    }

    pub fn kiosk_connections(&self) -> u64 {
        self.kiosk_connections
    }

    fn ask(&mut self, words: &str) -> Result<Value> {
        let to = self.words.as_mut().context("the page is closed")?;
        writeln!(to, "{words}").context("the page's driver has ended")?;
        self.hear().with_context(|| format!("the page: {words}"))
    }

    fn hear(&mut self) -> Result<Value> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("its driver has ended; see page.log");
        }
        let answer: Value = serde_json::from_str(&line)?;
        match answer["error"].as_str() {
            Some(error) => bail!("{error}"),
            None => Ok(answer),
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // The driver closes the browser when nobody speaks to it any more.
        drop(self.words.take());
        let _ = self.child.wait();
    }
}
