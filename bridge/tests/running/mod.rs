//! The binary, started and ended by a test.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

pub fn daemonscope(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_daemonscope"));
    for name in [
        "DAEMONSCOPE_DEMO",
        "DOCKER_HOST",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "DOCKER_CERT_PATH",
        "RUST_LOG",
        "DAEMONSCOPE_LISTEN",
        "DAEMONSCOPE_DATA_DIR",
        "DAEMONSCOPE_DATA_DAYS",
        "DAEMONSCOPE_DATA_SIZE",
    ] {
        command.env_remove(name);
    }
    command.args(args);
    command
}

/// What it says on standard error, and its code.
pub fn refusal(command: &mut Command) -> (String, Option<i32>) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    (
        String::from_utf8(output.stderr).unwrap(),
        output.status.code(),
    )
}

/// A bridge that runs, and the address that it prints.
pub struct Running {
    pub child: Child,
    pub address: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .strip_prefix("daemonscope: http://")
            .and_then(|rest| rest.split_once(' '))
            .unwrap_or_else(|| panic!("not the expected line: {line}"))
            .0
            .to_owned();
        Self { child, address }
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    pub fn end(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
