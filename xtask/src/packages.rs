//! Debian packages: installed where we may, otherwise the line to type.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::steps::step;
use crate::tool;

/// A program or a file, and the package that has it. A machine that has the program from elsewhere needs no package.
#[derive(Clone, Copy)]
pub struct Need {
    thing: &'static str,
    package: &'static str,
}

impl Need {
    pub const fn program(name: &'static str, package: &'static str) -> Self {
        Self {
            thing: name,
            package,
        }
    }

    pub const fn file(path: &'static str, package: &'static str) -> Self {
        Self {
            thing: path,
            package,
        }
    }

    fn is_met(self) -> bool {
        if self.thing.starts_with('/') {
            Path::new(self.thing).exists()
        } else {
            tool::find(self.thing).is_some()
        }
    }
}

/// What the scripts in `e2e` need that drive a browser.
pub const BROWSER: &[Need] = &[
    Need::program("chromium", "chromium"),
    Need::program("node", "nodejs"),
    Need::program("npm", "npm"),
];

/// What a Docker engine of one's own needs, with its containers.
pub const ENGINE: &[Need] = &[
    Need::program("dockerd", "docker.io"),
    Need::program("iptables", "iptables"),
    Need::program("busybox", "busybox-static"),
    Need::program("ip", "iproute2"),
    Need::program("nsenter", "util-linux"),
    Need::program("curl", "curl"),
];

/// The packages whose programs are not there.
pub fn missing(needs: &[Need]) -> Vec<&'static str> {
    let mut packages: Vec<_> = needs
        .iter()
        .filter(|need| !need.is_met())
        .map(|need| need.package)
        .collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

/// What to type to install packages.
pub fn line(packages: &[&str]) -> String {
    format!(
        "apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    )
}

/// Installs packages, or says the line that does.
pub fn install(packages: &[&str]) -> Result<()> {
    let line = line(packages);
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

/// Installs what is missing, or says the line that does.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    step(&format!("packages: {}", missing.join(" ")), || {
        install(&missing)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_missing() {
        let needs = [
            Need::program("sh", "dash"),
            Need::file("/proc/self/status", "linux"),
            Need::program("no-such-program", "zeta"),
            Need::file("/no/such/file", "alpha"),
            Need::program("no-such-program-either", "alpha"),
        ];
        let missing = missing(&needs);
        assert_eq!(missing, ["alpha", "zeta"]);
        assert_eq!(
            line(&missing),
            "apt-get install -y --no-install-recommends alpha zeta"
        );
    }
}
