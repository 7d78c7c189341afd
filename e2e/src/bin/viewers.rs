//! `viewers ADDRESS COUNT`: as many viewers of a bridge as are asked for, in one process. Each looks at what the overview looks
//! at, and only counts what it is told.
//!
//! Says `ready` when each of them has the figures of every running container. Then each line on its standard input is answered
//! with what came since the beginning, all viewers together: `{"frames":…,"bytes":…}`, bytes with the heads of WebSocket's
//! frames. It ends with its input.

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    io::{self, BufRead, Write},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{SinkExt, StreamExt, future::try_join_all};
use protocol::{
    ClientMsg, ContainerKey, Encoding, EventsWanted, Interest, LIVE_PATH, SUBPROTOCOL_POSTCARD,
    ServerMsg, StatsWanted,
};
use tokio::sync::mpsc;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

type Failure = Box<dyn Error + Send + Sync>;

/// So many of the newest events the overview asks for.
const RECENT_EVENTS: u32 = 200;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [address, count] = arguments.as_slice() else {
        eprintln!(
            "viewers: say where the bridge is and how many viewers there are: viewers 127.0.0.1:8375 50"
        );
        return ExitCode::from(2);
    };
    let Ok(count) = count.parse::<usize>() else {
        eprintln!("viewers: {count} is no number of viewers");
        return ExitCode::from(2);
    };
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(address, count)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("viewers: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(address: &str, count: usize) -> Result<(), Failure> {
    let received = Arc::new(Received::default());
    let viewers = try_join_all((0..count).map(|_| Viewer::ready(address, &received))).await?;
    answer("ready")?;
    let mut questions = questions();
    let mut ended = viewers
        .into_iter()
        .map(|viewer| tokio::spawn(viewer.count()))
        .collect::<futures_util::stream::FuturesUnordered<_>>();
    loop {
        tokio::select! {
            question = questions.recv() => match question {
                Some(()) => answer(&received.to_string())?,
                None => return Ok(()),
            },
            Some(end) = ended.next() => end??,
        }
    }
}

fn answer(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// One for each line of the input.
fn questions() -> mpsc::Receiver<()> {
    let (asked, questions) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            if line.is_err() || asked.blocking_send(()).is_err() {
                return;
            }
        }
    });
    questions
}

#[derive(Default)]
struct Received {
    frames: AtomicU64,
    bytes: AtomicU64,
}

impl Received {
    fn count(&self, payload: usize) {
        let head = match payload {
            0..126 => 2,
            126..65_536 => 4,
            _ => 10,
        };
        self.frames.fetch_add(1, Ordering::Relaxed);
        self.bytes
            .fetch_add((head + payload) as u64, Ordering::Relaxed);
    }
}

impl std::fmt::Display for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (frames, bytes) = (
            self.frames.load(Ordering::Relaxed),
            self.bytes.load(Ordering::Relaxed),
        );
        write!(f, r#"{{"frames":{frames},"bytes":{bytes}}}"#)
    }
}

struct Viewer {
    live: WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>,
    received: Arc<Received>,
}

impl Viewer {
    /// Opens a live socket and waits until it has told everything once.
    async fn ready(address: &str, received: &Arc<Received>) -> Result<Self, Failure> {
        let mut request = format!("ws://{address}/{LIVE_PATH}").into_client_request()?;
        request
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", SUBPROTOCOL_POSTCARD.parse()?);
        let (mut live, _) = connect_async(request).await?;
        let interest = ClientMsg::Interest(Interest {
            stats: StatsWanted::All,
            events: EventsWanted::Live {
                recent: RECENT_EVENTS,
                after: None,
            },
            usage: false,
        });
        let interest = Encoding::Postcard.encode(&interest);
        live.send(Message::binary(interest)).await?;

        let mut viewer = Self {
            live,
            received: received.clone(),
        };
        let mut running: Option<BTreeSet<ContainerKey>> = None;
        let mut with_figures = BTreeSet::new();
        while running
            .as_ref()
            .is_none_or(|all| !all.is_subset(&with_figures))
        {
            let message = viewer.next().await?;
            let Message::Binary(frame) = message else {
                continue;
            };
            match Encoding::Postcard.decode(&frame)? {
                ServerMsg::Snapshot(snapshot) => {
                    let all = snapshot.containers.iter();
                    let all = all.filter(|one| one.state.has_processes());
                    running = Some(all.map(|one| one.key).collect());
                }
                ServerMsg::Stats(frame) => with_figures.extend(frame.pids.keys),
                _ => {}
            }
        }
        Ok(viewer)
    }

    async fn count(mut self) -> Result<(), Failure> {
        loop {
            self.next().await?;
        }
    }

    async fn next(&mut self) -> Result<Message, Failure> {
        let message = self
            .live
            .next()
            .await
            .ok_or("the bridge ended a live socket")??;
        if let Message::Close(reason) = &message {
            return Err(format!("the bridge ended a live socket: {reason:?}").into());
        }
        self.received.count(message.len());
        Ok(message)
    }
}
