//! `cargo xtask run`: from nothing to a page of the daemon that is there, or of the demo engine.

use std::env;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::steps::{note, seconds};
use crate::{bridge, page};

const DEFAULT_HOST: &str = "unix:///var/run/docker.sock";
const DEFAULT_TLS_HOST: &str = "tcp://localhost:2376";
const DEFAULT_PORT: u16 = 2375;
/// A daemon that is there answers in milliseconds; one that hangs must not hold up the start.
const PATIENCE: Duration = Duration::from_secs(3);

/// Builds and starts the bridge in this process's place, so that Ctrl-C reaches it and nothing else.
pub fn run(release: bool, args: &[String]) -> Result<()> {
    let start = Instant::now();
    let page = page::build()?;
    let binary = bridge::build(release, &page)?;
    let mut command = Command::new(&binary);
    command.args(args);
    if !names_a_daemon(args) {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let tls = set("DOCKER_TLS_VERIFY").is_some();
        let default = if tls { DEFAULT_TLS_HOST } else { DEFAULT_HOST };
        let host = set("DOCKER_HOST").unwrap_or_else(|| default.into());
        match ping(&host, tls) {
            Ok(()) => note(&format!("daemon: {host} answers")),
            Err(reason) => {
                println!(
                    "! daemon: {host} does not answer ({reason:#}): showing the demo engine, with made-up containers."
                );
                println!(
                    "  DOCKER_HOST names the daemon to watch: DOCKER_HOST=unix:///path/to/docker.sock cargo xtask run"
                );
                command.arg("--demo");
            }
        }
    }
    note(&format!(
        "ready after {}; Ctrl-C ends it",
        seconds(start.elapsed())
    ));
    Err(command.exec()).with_context(|| format!("cannot start {}", binary.display()))
}

/// Whether the options say what to watch; then nothing is chosen here.
fn names_a_daemon(args: &[String]) -> bool {
    args.iter().any(|arg| {
        matches!(
            arg.as_str(),
            "--demo"
                | "--docker-cert-path"
                | "--host"
                | "-H"
                | "--help"
                | "-h"
                | "--version"
                | "-V"
                | "healthcheck"
        ) || arg.starts_with("-H")
            || arg.starts_with("--host=")
            || arg.starts_with("--docker-cert-path=")
    })
}

/// Asks the daemon for a sign of life. By TLS, a connection is one: for the rest the bridge's own word counts.
fn ping(host: &str, tls: bool) -> Result<()> {
    if let Some(path) = host.strip_prefix("unix://") {
        let stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        return answers(stream);
    }
    if let Some(address) = host.strip_prefix("tcp://") {
        let address = socket_address(address.trim_end_matches('/'))?;
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        if tls {
            return Ok(());
        }
        stream.set_read_timeout(Some(PATIENCE))?;
        return answers(stream);
    }
    Ok(())
}

/// The port may be left out, as for the docker command.
fn socket_address(text: &str) -> Result<SocketAddr> {
    let mut addresses = text
        .to_socket_addrs()
        .or_else(|_| format!("{text}:{DEFAULT_PORT}").to_socket_addrs())?;
    addresses.next().context("the name has no address")
}

fn answers(mut stream: impl Read + Write) -> Result<()> {
    stream.write_all(b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).context("no answer")?;
    let head = String::from_utf8_lossy(&head);
    anyhow::ensure!(
        head.starts_with("HTTP/1.") && head.ends_with(" 200"),
        "it answers {head:?}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn options_that_choose_a_daemon_are_left_alone() {
        let words = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>();
        assert!(names_a_daemon(&words(&[
            "--listen",
            "127.0.0.1:1",
            "--host=tcp://x:1"
        ])));
        assert!(names_a_daemon(&words(&["--demo"])));
        assert!(names_a_daemon(&words(&["-Htcp://x:1"])));
        assert!(!names_a_daemon(&words(&["--listen", "127.0.0.1:1"])));
    }

    #[test]
    fn a_port_may_be_left_out() {
        for (text, expected) in [
            ("127.0.0.1:2376", "127.0.0.1:2376"),
            ("127.0.0.1", "127.0.0.1:2375"),
            ("[::1]", "[::1]:2375"),
            ("[::1]:2376", "[::1]:2376"),
        ] {
            assert_eq!(socket_address(text).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn a_daemon_is_what_answers_a_ping() {
        for (answer, is_daemon) in [
            ("HTTP/1.1 200 OK\r\n\r\nOK", true),
            ("HTTP/1.1 403 Forbidden\r\n\r\n", false),
            ("SSH-2.0-OpenSSH_9.2\r\n", false),
            ("", false),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let host = format!("tcp://{}", listener.local_addr().unwrap());
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 512];
                let read = stream.read(&mut request).unwrap();
                assert!(request[..read].starts_with(b"GET /_ping "));
                stream.write_all(answer.as_bytes()).unwrap();
            });
            assert_eq!(ping(&host, false).is_ok(), is_daemon, "{answer:?}");
            server.join().unwrap();
        }
        assert!(ping("unix:///nowhere/docker.sock", false).is_err());
    }
}
