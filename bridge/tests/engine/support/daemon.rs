mod serve;

use std::{
    collections::{HashMap, VecDeque},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, UnixListener},
    sync::watch,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// What the daemon's ring holds.
const RING: usize = 256;

pub struct Daemon {
    shared: Arc<Shared>,
    listener: Option<JoinHandle<()>>,
}

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    pub after: Duration,
}

impl Answer {
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            body: body.into(),
            after: Duration::ZERO,
        }
    }

    pub fn status(status: u16, message: &str) -> Self {
        Self {
            status,
            ..Self::ok(format!(r#"{{"message":"{message}"}}"#))
        }
    }

    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

struct Shared {
    folder: PathBuf,
    script: Mutex<Script>,
    tls: Mutex<Option<Arc<ServerConfig>>>,
    asked: Mutex<Vec<String>>,
    /// Raised to end every open connection.
    cut: watch::Sender<u64>,
    hung: watch::Sender<bool>,
    /// Raised with every new event.
    events: watch::Sender<u64>,
    stats_open: AtomicUsize,
    usage_open: AtomicUsize,
    usage_most: AtomicUsize,
    inspections_open: AtomicUsize,
    inspections_most: AtomicUsize,
}

struct Script {
    api: String,
    containers: Vec<String>,
    inspections: HashMap<String, String>,
    inspection_takes: Duration,
    /// Instead of the usual answer, by the path's end.
    instead: HashMap<String, Answer>,
    usage: VecDeque<Answer>,
    ring: VecDeque<(u64, String)>,
    next_event: u64,
    stats: Vec<String>,
    stats_period: Duration,
}

static COUNT: AtomicU64 = AtomicU64::new(0);

impl Daemon {
    /// Not there yet: [`Self::start`] makes its socket.
    pub fn absent() -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("scripted-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            shared: Arc::new(Shared {
                folder,
                script: Mutex::new(Script {
                    api: "1.41".to_owned(),
                    containers: Vec::new(),
                    inspections: HashMap::new(),
                    inspection_takes: Duration::ZERO,
                    instead: HashMap::new(),
                    usage: VecDeque::new(),
                    ring: VecDeque::new(),
                    next_event: 0,
                    stats: include_str!("../../captures/v28/stats-stream-shop-db-1.ndjson")
                        .lines()
                        .map(str::to_owned)
                        .collect(),
                    stats_period: Duration::from_millis(20),
                }),
                tls: Mutex::default(),
                asked: Mutex::default(),
                cut: watch::channel(0).0,
                hung: watch::channel(false).0,
                events: watch::channel(0).0,
                stats_open: AtomicUsize::new(0),
                usage_open: AtomicUsize::new(0),
                usage_most: AtomicUsize::new(0),
                inspections_open: AtomicUsize::new(0),
                inspections_most: AtomicUsize::new(0),
            }),
            listener: None,
        }
    }

    pub fn started() -> Self {
        let mut daemon = Self::absent();
        daemon.start();
        daemon
    }

    pub fn endpoint(&self) -> String {
        format!("unix://{}", self.shared.socket().display())
    }

    pub fn start(&mut self) {
        let _ = std::fs::remove_file(self.shared.socket());
        let listener = UnixListener::bind(self.shared.socket()).unwrap();
        let shared = self.shared.clone();
        self.listener = Some(tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(shared.clone().serve(stream));
            }
        }));
    }

    /// The endpoint that it listens on, beside its socket or instead.
    pub async fn start_tcp(&mut self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = self.shared.clone();
        self.listener = Some(tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(shared.clone().serve(stream));
            }
        }));
        format!("tcp://{address}")
    }

    /// As [`Self::start_tcp`], by TLS.
    pub async fn start_tls(&mut self, config: Arc<ServerConfig>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        self.certify(config);
        let shared = self.shared.clone();
        self.listener = Some(tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let shared = shared.clone();
                let config = shared.tls.lock().unwrap().clone().unwrap();
                tokio::spawn(async move {
                    if let Ok(stream) = TlsAcceptor::from(config).accept(stream).await {
                        shared.serve(stream).await;
                    }
                });
            }
        }));
        format!("tcp://{address}")
    }

    /// What it shows and asks for on connections to come.
    pub fn certify(&self, config: Arc<ServerConfig>) {
        *self.shared.tls.lock().unwrap() = Some(config);
    }

    /// As by SIGKILL: the socket's file stays.
    pub fn kill(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.abort();
        }
        self.cut();
        self.script().ring.clear();
    }

    /// As by SIGSTOP.
    pub fn hang(&self, hung: bool) {
        self.shared.hung.send_replace(hung);
    }

    /// Ends every connection, as a proxy may. New ones are taken.
    pub fn cut(&self) {
        self.shared.cut.send_modify(|count| *count += 1);
    }

    pub fn speak(&self, api: &str) {
        self.script().api = api.to_owned();
    }

    pub fn list(&self, items: impl IntoIterator<Item = String>) {
        self.script().containers = items.into_iter().collect();
    }

    pub fn inspection(&self, id: &str, answer: String) {
        self.script().inspections.insert(id.to_owned(), answer);
    }

    pub fn inspections_take(&self, takes: Duration) {
        self.script().inspection_takes = takes;
    }

    /// How many there were at once, at most.
    pub fn inspections_most(&self) -> usize {
        self.shared.inspections_most.load(Ordering::SeqCst)
    }

    /// `path`: how the path ends, before the query.
    pub fn answer_instead(&self, path: &str, answer: Answer) {
        self.script().instead.insert(path.to_owned(), answer);
    }

    pub fn answer_as_usual(&self, path: &str) {
        self.script().instead.remove(path);
    }

    /// The answers of `/system/df`, in their order; the last one is given again and again.
    pub fn usage(&self, answers: impl IntoIterator<Item = Answer>) {
        self.script().usage = answers.into_iter().collect();
    }

    pub fn stats(&self, frames: &[&str]) {
        self.script().stats = frames.iter().map(|frame| (*frame).to_owned()).collect();
    }

    pub fn emit(&self, line: impl Into<String>) {
        self.emit_all([line.into()]);
    }

    pub fn emit_all(&self, lines: impl IntoIterator<Item = String>) {
        self.remember(lines);
        self.shared.events.send_modify(|count| *count += 1);
    }

    fn remember(&self, lines: impl IntoIterator<Item = String>) {
        let mut script = self.script();
        for line in lines {
            let number = script.next_event;
            script.next_event += 1;
            script.ring.push_back((number, line));
            if script.ring.len() > RING {
                script.ring.pop_front();
            }
        }
    }

    /// These happen, and then every connection ends before a word of them is out.
    pub fn cut_before(&self, lines: impl IntoIterator<Item = String>) {
        self.remember(lines);
        self.cut();
    }

    /// `GET /v1.41/info` and the like, in their order.
    pub fn asked(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap().clone()
    }

    pub fn count(&self, part: &str) -> usize {
        self.asked()
            .iter()
            .filter(|line| line.contains(part))
            .count()
    }

    pub fn forget_asked(&self) {
        self.shared.asked.lock().unwrap().clear();
    }

    pub fn stats_open(&self) -> usize {
        self.shared.stats_open.load(Ordering::SeqCst)
    }

    /// How many readings of disk usage there were at once, at most.
    pub fn usage_most(&self) -> usize {
        self.shared.usage_most.load(Ordering::SeqCst)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.shared.script.lock().unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(listener) = self.listener.take() {
            listener.abort();
        }
        let _ = std::fs::remove_dir_all(&self.shared.folder);
    }
}
