//! Starting other programs: found or not, successful or not, each said in a sentence.

use std::env;
use std::ffi::OsStr;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The cargo that runs us, started in the workspace.
pub fn cargo() -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    quiet_without_terminal(&mut command);
    command
}

/// cargo's progress is for a person; in a log only its warnings and errors matter.
pub fn quiet_without_terminal(command: &mut Command) {
    if !std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_QUIET", "true");
    }
}

/// Runs a program to its end; anything but success is an error that shows the command.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed: {status}");
    }
    Ok(())
}

/// What a program prints, or an error that shows the command and what it complained of.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{shown}` failed: {}: {}", output.status, complaint.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program that gets the signal when this one ends, however it ends: a signal or a panic leaves nothing running. It is to
/// be started by the main thread, as the kernel counts the end of the thread that started it.
pub fn bound(signal: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", signal, "--"]).arg(program);
    command
}

/// Where a program is, if it can be run: on the PATH, or in the places that a non-root PATH lacks.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|dir| dir.join(program))
        .find(|candidate| candidate.is_file())
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::path::Path;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bound_program_ends_with_the_one_that_started_it() {
        // not INT: what a shell has started in the background passes on that it is not to be heard
        for end in ["TERM", "KILL"] {
            let mut sleep = bound("KILL", "sleep");
            sleep.arg("1000");
            let mut parent = Command::new("sh")
                .args(["-c", r#""$@" & echo $!; wait"#, "sh"])
                .arg(sleep.get_program())
                .args(sleep.get_args())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut pid = String::new();
            let mut lines = BufReader::new(parent.stdout.take().unwrap());
            lines.read_line(&mut pid).unwrap();
            let name = format!("/proc/{}/comm", pid.trim());
            // By then it is bound.
            while std::fs::read_to_string(&name).unwrap().trim() != "sleep" {
                thread::sleep(Duration::from_millis(5));
            }
            run(Command::new("kill").args(["-s", end, &parent.id().to_string()])).unwrap();
            parent.wait().unwrap();
            // The end of the file is the end of all that could write to it.
            lines.read_line(&mut pid).unwrap();
            let is_there =
                || std::fs::read_to_string(&name).is_ok_and(|name| name.trim() == "sleep");
            while is_there() {
                thread::sleep(Duration::from_millis(5));
            }
            assert!(!Path::new(&name).exists() || !is_there());
        }
    }
}
