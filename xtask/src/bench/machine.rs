//! Where it was measured: the host, and the programs of it that take part.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::host::{Host, first_line};
use crate::tool;

#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    #[serde(flatten)]
    pub host: Host,
    pub engine: String,
    pub chromium: String,
    /// Of the last minute, before anything was started.
    pub load: f64,
}

impl Machine {
    /// Read before the measuring begins, when the engine runs.
    pub fn read(engine: &Path, load: f64) -> Result<Self> {
        let chromium = tool::find("chromium").context("chromium is missing")?;
        Ok(Self {
            host: Host::read()?,
            engine: first_line(Command::new(engine.join("docker")).args([
                "version",
                "--format",
                "{{.Server.Version}}",
            ]))?,
            chromium: first_line(Command::new(chromium).arg("--version"))?
                .trim_start_matches("Chromium ")
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned(),
            load,
        })
    }
}
