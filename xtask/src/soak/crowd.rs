//! The viewers beside the page: some that stay, some that come and go, are slow, or read nothing, and a program that asks
//! by HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Error, Message, WebSocket};

/// Viewers that stay connected all the time.
const STEADY: usize = 3;

/// Everything there is to look at.
const INTEREST: &str =
    r#"{"Interest":{"stats":"All","events":{"Live":{"recent":200,"after":null}},"usage":true}}"#;

/// What is asked by HTTP, whether it is there or not.
const PATHS: [&str; 10] = [
    "/healthz",
    "/metrics",
    "/api/v1/engine",
    "/api/v1/containers",
    "/api/v1/containers/shop-web-1",
    "/api/v1/stats",
    "/api/v1/usage",
    "/api/v1/events?since=1",
    "/api/v1/summary",
    "/",
];

/// How long a read waits before it looks whether it is time to go.
const TURN: Duration = Duration::from_millis(250);

pub struct Crowd {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    address: String,
    over: AtomicBool,
    /// Those that do not stay may come.
    open: AtomicBool,
    /// Messages that the steady ones were sent.
    frames: [AtomicU64; STEADY],
}

impl Crowd {
    pub fn gather(address: &str) -> Self {
        let shared = Arc::new(Shared {
            address: address.to_owned(),
            over: AtomicBool::new(false),
            open: AtomicBool::new(false),
            frames: Default::default(),
        });
        let mut threads = Vec::new();
        let mut join = |life: fn(&Shared)| {
            let shared = Arc::clone(&shared);
            threads.push(thread::spawn(move || life(&shared)));
        };
        for life in [coming, coming, slow, slow, deaf, rude, caller] {
            join(life);
        }
        for number in 0..STEADY {
            let shared = Arc::clone(&shared);
            threads.push(thread::spawn(move || steady(&shared, number)));
        }
        Self { shared, threads }
    }

    /// Whether others than the steady ones may be there. Those that may not leave within a second.
    pub fn let_in(&self, open: bool) {
        self.shared.open.store(open, Ordering::Relaxed);
    }

    /// How many messages each steady viewer was sent.
    pub fn frames(&self) -> [u64; STEADY] {
        std::array::from_fn(|number| self.shared.frames[number].load(Ordering::Relaxed))
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A viewer that broke is missed by its frames.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed) && !self.is_over()
    }

    fn connect(&self) -> Result<WebSocket<TcpStream>> {
        let stream = TcpStream::connect(&self.address)?;
        // Long enough for a busy bridge to shake hands.
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut request = format!("ws://{}/api/v1/live", self.address).into_client_request()?;
        let json = "daemonscope.v1.json".parse()?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", json);
        let (mut socket, _) = tungstenite::client(request, stream)
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("no live socket")?;
        socket.get_ref().set_read_timeout(Some(TURN))?;
        socket.send(Message::text(INTEREST))?;
        Ok(socket)
    }

    /// Waits until it is open, or over.
    fn wait(&self) {
        while !self.is_open() && !self.is_over() {
            thread::sleep(TURN);
        }
    }
}

/// Reads one message, if one comes soon. False when the socket has ended.
fn read(socket: &mut WebSocket<TcpStream>, mut each: impl FnMut()) -> bool {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    match socket.read() {
        Ok(_) => {
            each();
            true
        }
        Err(Error::Io(error)) => matches!(error.kind(), WouldBlock | TimedOut),
        Err(_) => false,
    }
}

fn steady(shared: &Shared, number: usize) {
    while !shared.is_over() {
        let Ok(mut socket) = shared.connect() else {
            thread::sleep(TURN);
            continue;
        };
        let count = || {
            shared.frames[number].fetch_add(1, Ordering::Relaxed);
        };
        while !shared.is_over() && read(&mut socket, count) {}
    }
}

/// Comes for some seconds, and goes: with a word, or without.
fn coming(shared: &Shared) {
    for visit in 0_u64.. {
        shared.wait();
        if shared.is_over() {
            return;
        }
        let Ok(mut socket) = shared.connect() else {
            thread::sleep(TURN);
            continue;
        };
        let end = Instant::now() + Duration::from_millis(300 + visit * 7919 % 7000);
        while shared.is_open() && Instant::now() < end && read(&mut socket, || {}) {}
        if visit.is_multiple_of(2) {
            // Who goes does not care whether it was heard.
            let _ = socket.close(None);
            let _ = socket.flush();
        }
    }
}

/// Takes a few messages a second at most.
fn slow(shared: &Shared) {
    while !shared.is_over() {
        shared.wait();
        let Ok(mut socket) = shared.connect() else {
            thread::sleep(TURN);
            continue;
        };
        while shared.is_open() && read(&mut socket, || {}) {
            thread::sleep(TURN);
        }
    }
}

/// Says what it wants and reads nothing, for longer than the bridge has patience.
fn deaf(shared: &Shared) {
    const STAYS: Duration = Duration::from_secs(100);
    while !shared.is_over() {
        shared.wait();
        let Ok(socket) = shared.connect() else {
            thread::sleep(TURN);
            continue;
        };
        let end = Instant::now() + STAYS;
        while shared.is_open() && Instant::now() < end {
            thread::sleep(TURN);
        }
        drop(socket);
    }
}

/// Speaks nonsense, or begins a request and goes.
fn rude(shared: &Shared) {
    while !shared.is_over() {
        shared.wait();
        if let Ok(mut socket) = shared.connect() {
            for nonsense in ["{", "null", r#"{"Interest":{}}"#] {
                let _ = socket.send(Message::text(nonsense));
                read(&mut socket, || {});
            }
            let _ = socket.send(Message::binary(vec![0; 1 << 20]));
            while shared.is_open() && read(&mut socket, || {}) {}
        }
        if let Ok(mut stream) = TcpStream::connect(&shared.address) {
            let _ = stream.write_all(b"GET /api/v1/live HT");
        }
        thread::sleep(Duration::from_secs(1));
    }
}

/// Asks for one thing after another.
fn caller(shared: &Shared) {
    for path in PATHS.iter().cycle() {
        shared.wait();
        if shared.is_over() {
            return;
        }
        // What the answers are is proved elsewhere.
        let _ = get(&shared.address, path);
        thread::sleep(TURN);
    }
}

/// The body of an answer.
pub fn get(address: &str, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (_, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    Ok(body.to_owned())
}
