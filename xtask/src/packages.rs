//! Debian packages: installed where we may, otherwise the line to type.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::tool;

/// Installs packages, or says the line that does.
pub fn install(packages: &[&str]) -> Result<()> {
    let line = format!(
        "apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    );
    if !is_root() {
        bail!("not run as root, so nothing can be installed; this line does it:\n    sudo {line}");
    }
    if tool::find("apt-get").is_none() {
        bail!(
            "there is no apt-get here; install what Debian calls {}",
            packages.join(", ")
        );
    }
    let _no_services = NoServices::begin()?;
    let mut apt = Command::new("apt-get");
    tool::output(apt.args(["update", "-q"]))?;
    tool::output(
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(packages)
            .stdin(Stdio::null()),
    )?;
    Ok(())
}

/// Whether this process may do what only root may: read from the kernel, as std has no call for it.
pub fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| {
        status
            .lines()
            .find_map(|line| line.strip_prefix("Uid:"))
            .and_then(|ids| ids.split_whitespace().nth(1))
            == Some("0")
    })
}

/// While this lives, a package that is installed starts no service: what the tests need of an engine they start
/// themselves, in a namespace of its own. A machine's own policy is left as it is.
struct NoServices {
    made: bool,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl NoServices {
    fn begin() -> Result<Self> {
        if Path::new(POLICY).exists() {
            return Ok(Self { made: false });
        }
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o755)
            .open(POLICY)?;
        file.write_all(b"#!/bin/sh\nexit 101\n")?;
        file.set_permissions(fs::Permissions::from_mode(0o755))?;
        Ok(Self { made: true })
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.made {
            let _ = fs::remove_file(POLICY);
        }
    }
}
