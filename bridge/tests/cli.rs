//! The binary from outside: what it says, and how it ends.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod running;

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

use running::{Running, daemonscope, refusal};

const SOCKET: &str = "unix:///nowhere/docker.sock";

#[test]
fn bad_input_costs_one_sentence_that_says_what_to_do() {
    for (args, needle) in [
        (&["--frobnicate"][..], "--help"),
        (&["stray"], "--help"),
        (&["--listen"], "--help"),
        (&["--host", "ssh://me@nas"], "--host"),
        (
            &["--host", "/var/run/docker.sock"],
            "unix:///var/run/docker.sock",
        ),
        (&["-H", "gopher://nas"], "tcp://"),
        (&["--listen", "0.0.0.0:8375"], "--listen 127.0.0.1:8375"),
        (
            &["healthcheck", "--listen", "127.0.0.1:0"],
            "--listen 127.0.0.1:8375",
        ),
        (&["healthcheck", "stray"], "--help"),
        (&["--listen", "nonsense"], "--listen 127.0.0.1:8375"),
        (&["--log", "a=b=c"], "--log"),
        (&["--data-size", "8"], "--data-dir"),
        (&["--data-dir", "x", "--data-size", "3"], "--data-size"),
        (&["--data-dir", "x", "--data-days", "0"], "--data-days"),
    ] {
        let (said, code) = refusal(&mut daemonscope(args));
        assert_eq!(code, Some(2), "{args:?}: {said}");
        assert!(said.starts_with("daemonscope: "), "{said}");
        assert!(said.contains(needle), "{args:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn the_environment_is_read_as_the_options_are() {
    for (name, value) in [
        ("DOCKER_HOST", "ssh://me@nas"),
        ("DAEMONSCOPE_LISTEN", "0.0.0.0:1"),
        ("RUST_LOG", "a=b=c"),
    ] {
        let (said, code) = refusal(daemonscope(&[]).env(name, value));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(name) || said.contains("--listen"), "{said}");
    }
    let mut unverified = daemonscope(&["--host", "tcp://127.0.0.1:2376"]);
    let (said, code) = refusal(unverified.env("DOCKER_TLS", "1"));
    assert_eq!(code, Some(2));
    assert!(said.contains("DOCKER_TLS_VERIFY=1"), "{said}");
}

#[test]
fn a_busy_port_is_named_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (said, code) = refusal(&mut daemonscope(&["--host", SOCKET, "--listen", &address]));
    assert_eq!(code, Some(1));
    assert!(
        said.contains(&address) && said.contains("--listen 127.0.0.1:PORT"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn the_help_explains_each_option_with_its_default_and_variable() {
    let output = daemonscope(&["--help"]).output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for needle in [
        "--host",
        "DOCKER_HOST",
        "unix:///var/run/docker.sock",
        "--listen",
        "DAEMONSCOPE_LISTEN",
        "127.0.0.1:8375",
        "--log",
        "RUST_LOG",
        "warn",
        "--data-dir",
        "DAEMONSCOPE_DATA_DIR",
        "--data-days",
        "--data-size",
        "--version",
        "healthcheck",
    ] {
        assert!(help.contains(needle), "{needle} is missing in:\n{help}");
    }
    let output = daemonscope(&["--version"]).output().unwrap();
    let version = format!("daemonscope {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), version);
}

#[test]
fn it_ends_cleanly_within_two_seconds_with_sockets_open_and_quiet_ones_too() {
    for signal in ["TERM", "INT"] {
        let mut running = Running::start(&mut daemonscope(&[
            "--host",
            SOCKET,
            "--listen",
            "127.0.0.1:0",
        ]));
        let address = running.address.clone();
        let mut live = TcpStream::connect(&address).unwrap();
        write!(
            live,
            "GET /api/v1/live HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: daemonscope.v1.json\r\n\r\n"
        )
        .unwrap();
        let mut begin = [0; 12];
        live.read_exact(&mut begin).unwrap();
        assert_eq!(&begin, b"HTTP/1.1 101");
        let _silent = TcpStream::connect(&address).unwrap();

        running.signal(signal);
        let status = running
            .end(Duration::from_secs(2))
            .expect("it ends in time");
        assert!(status.success(), "{signal}: {status}");
        let mut said = String::new();
        running
            .child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert_eq!(said, "", "it is quiet");
        let mut rest = Vec::new();
        live.read_to_end(&mut rest).unwrap();
        let close = [0x03, 0xe9];
        assert!(rest.windows(2).any(|two| two == close), "1001 is told");
    }
}

#[test]
fn a_socket_that_is_not_there_is_a_state_and_no_error() {
    let running = Running::start(&mut daemonscope(&[
        "--host",
        SOCKET,
        "--listen",
        "localhost:0",
    ]));
    let mut stream = TcpStream::connect(&running.address).unwrap();
    let host = &running.address;
    write!(
        stream,
        "GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// What it prints on either output, and its code.
fn healthcheck(listen: &str) -> (String, Option<i32>) {
    let mut command = daemonscope(&["healthcheck"]);
    // What else is in the surroundings is no matter of it.
    command.env("DOCKER_HOST", "ssh://me@nas");
    command.env("DAEMONSCOPE_LISTEN", listen);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).unwrap(), output.status.code())
}

#[test]
fn a_health_check_says_in_one_sentence_whether_the_bridge_serves() {
    let running = Running::start(&mut daemonscope(&[
        "--host",
        SOCKET,
        "--listen",
        "127.0.0.1:0",
    ]));
    let port = running.address.rsplit(':').next().unwrap();
    for listen in [
        running.address.clone(),
        format!("0.0.0.0:{port}"),
        format!("localhost:{port}"),
    ] {
        let (said, code) = healthcheck(&listen);
        assert_eq!(code, Some(0), "{listen}: {said}");
        assert!(said.contains("serves"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let listen = running.address.clone();
    drop(running);
    let (said, code) = healthcheck(&listen);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains(&listen) && said.contains("--listen"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn what_is_no_bridge_is_not_taken_for_one() {
    for (answer, needle) in [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK",
            "not a daemonscope",
        ),
        ("SSH-2.0-OpenSSH\r\n", "not a daemonscope"),
        ("", "not a daemonscope"),
    ] {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = other.local_addr().unwrap().to_string();
        let served = std::thread::spawn(move || {
            let (mut stream, _) = other.accept().unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).unwrap();
            assert!(request[..read].starts_with(b"GET /healthz HTTP/1.1\r\n"));
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let (said, code) = healthcheck(&listen);
        served.join().unwrap();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(needle), "{answer}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}
