//! A bridge that keeps its timeline in a folder, and what it says of it.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

use crate::{
    running::{self, Running},
    support::{A, Daemon, PATIENCE, event, inspection, item, now_nano},
};

/// How long ago the first event was: the daemon is asked for those of the last hour.
const AGE_NANO: i64 = 20 * 60 * 1_000_000_000;
pub const APART_NANO: i64 = 1_000_000;
/// Fewer than the daemon's ring holds, so that a stream that is read gets all of them.
const AT_ONCE: u64 = 200;

pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("daemonscope-kept-{}-{number}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A daemon whose events are counted, and a folder for what a bridge keeps of them.
pub struct Scene {
    pub daemon: Daemon,
    pub folder: Folder,
    begin_nano: i64,
    emitted: u64,
}

impl Scene {
    pub fn new() -> Self {
        let daemon = Daemon::started();
        daemon.list([item(A, "web", "running")]);
        daemon.inspection(A, inspection(A, "web", "running"));
        Self {
            daemon,
            folder: Folder::new(),
            begin_nano: now_nano() - AGE_NANO,
            emitted: 0,
        }
    }

    pub fn command(&self, more: &[&str]) -> Command {
        let (endpoint, folder) = (self.daemon.endpoint(), self.folder.0.display().to_string());
        let mut args = vec![
            "--host",
            &endpoint,
            "--listen=127.0.0.1:0",
            "--data-dir",
            &folder,
        ];
        args.extend(more);
        running::daemonscope(&args)
    }

    pub fn start(&self) -> Running {
        Running::start(&mut self.command(&[]))
    }

    pub fn nano(&self, number: u64) -> i64 {
        self.begin_nano + i64::try_from(number).unwrap() * APART_NANO
    }

    /// So many events happen at once.
    pub fn happen(&mut self, count: u64) {
        let numbers = self.emitted..self.emitted + count;
        self.emitted += count;
        let lines = numbers.map(|number| event(self.nano(number), "exec_start: true", A));
        self.daemon.emit_all(lines);
    }

    /// One happens, which is told so.
    pub fn happen_as(&mut self, line: String) {
        self.emitted += 1;
        self.daemon.emit(line);
    }

    /// So many happen, no faster than the bridge reads them.
    pub async fn happen_before(&mut self, bridge: &Running, count: u64) {
        let end = self.emitted + count;
        while self.emitted < end {
            self.happen(AT_ONCE.min(end - self.emitted));
            self.told(bridge).await;
        }
    }

    /// Until the bridge tells of the last event.
    pub async fn told(&self, bridge: &Running) {
        let last = self.nano(self.emitted - 1);
        let target = format!(
            "/api/v1/events?since={}.{:09}",
            last / 1_000_000_000,
            last % 1_000_000_000
        );
        until("the last event is told", || async {
            let told = times(&lines(bridge, &target).await);
            told.contains(&last)
        })
        .await;
    }

    /// Until all that the bridge tells is on the disk.
    pub async fn written(&self, bridge: &Running) {
        self.told(bridge).await;
        until("all is on the disk", || async {
            let told = lines(bridge, "/api/v1/events").await.len();
            metric(bridge, "daemonscope_store_entries").await == told as u64
        })
        .await;
    }

    /// The numbers of all events so far, as times.
    pub fn all(&self) -> Vec<i64> {
        (0..self.emitted).map(|number| self.nano(number)).collect()
    }
}

pub async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// The body of what is at `target`.
pub async fn get(bridge: &Running, target: &str) -> String {
    let mut stream = TcpStream::connect(&bridge.address).await.unwrap();
    let request = format!("GET {target} HTTP/1.0\r\nHost: {}\r\n\r\n", bridge.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.0 200"), "{target}: {answer}");
    body.to_owned()
}

pub async fn lines(bridge: &Running, target: &str) -> Vec<Value> {
    let body = get(bridge, target).await;
    body.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub async fn metric(bridge: &Running, name: &str) -> u64 {
    let text = get(bridge, "/metrics?statistics=0").await;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let value = line.unwrap_or_else(|| panic!("{name} in {text}")).trim();
    value.parse().unwrap()
}

/// What it wrote to its log, once it has ended by this signal.
pub fn said(mut bridge: Running, signal: &str) -> String {
    let log = bridge.child.stderr.take().unwrap();
    bridge.signal(signal);
    bridge.end(PATIENCE).unwrap();
    std::io::read_to_string(log).unwrap()
}

pub async fn state(bridge: &Running) -> String {
    let health: Value = serde_json::from_str(&get(bridge, "/healthz").await).unwrap();
    health["store"].as_str().unwrap().to_owned()
}

/// The times of the events among the lines.
pub fn times(lines: &[Value]) -> Vec<i64> {
    lines
        .iter()
        .filter_map(|line| line["time_nano"].as_i64())
        .collect()
}

/// From, to and reason of the gaps among the lines.
pub fn gaps(lines: &[Value]) -> Vec<(Option<i64>, i64, String)> {
    lines
        .iter()
        .filter_map(|line| {
            let gap = line.get("gap")?;
            Some((
                gap["from_nano"].as_i64(),
                gap["to_nano"].as_i64().unwrap(),
                gap["reason"].as_str().unwrap().to_owned(),
            ))
        })
        .collect()
}
