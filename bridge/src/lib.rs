//! The bridge: reads a Docker daemon's streams once and relays them to any number of viewers.
//!
//! `engine` knows the daemon, `hub` owns what is known, `store` keeps its timeline on disk, `web` serves it; here they are put
//! together.

pub mod config;
#[cfg(feature = "demo")]
mod demo_engine;
pub mod engine;
pub mod healthcheck;
pub mod hub;
pub mod log;
pub mod store;
pub mod web;

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

pub use config::{Config, Source};

/// How many updates of the engine's side wait for the hub.
const UPDATES: usize = 1024;
/// How long everything may take to end.
const LAST_WORDS: Duration = Duration::from_millis(1500);

/// A bridge that runs.
pub struct Bridge {
    address: SocketAddr,
    endpoint: String,
    demo: bool,
    cancel: CancellationToken,
    sockets: tokio_util::task::TaskTracker,
    server: JoinHandle<io::Result<()>>,
    engine: engine::Handle,
    hub: hub::Hub,
    keeper: Option<hub::Keeper>,
    #[cfg(feature = "demo")]
    demo_engine: Option<demo_engine::DemoEngine>,
}

/// Why a bridge does not start; its `Display` says what to do.
#[derive(Debug)]
pub enum StartError {
    Listen(SocketAddr, io::Error),
    Store(store::OpenError),
    #[cfg(feature = "demo")]
    Demo(io::Error),
}

/// Starts a bridge; it runs until [`Bridge::stop`].
pub async fn start(config: Config) -> Result<Bridge, StartError> {
    start_with(config, web::Site::embedded()).await
}

/// As [`start`], with other files for the page.
pub async fn start_with(config: Config, site: web::Site) -> Result<Bridge, StartError> {
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| StartError::Listen(config.listen, error))?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::Listen(config.listen, error))?;

    let cancel = CancellationToken::new();
    #[cfg(feature = "demo")]
    let mut demo_engine = None;
    let (endpoint, demo) = match config.source {
        Source::Engine(endpoint) => (endpoint, false),
        #[cfg(feature = "demo")]
        Source::Demo(options) => {
            let running = demo_engine::DemoEngine::start(options)
                .await
                .map_err(StartError::Demo)?;
            let endpoint = running.endpoint();
            demo_engine = Some(running);
            (endpoint, true)
        }
    };
    let shown = endpoint.to_string();
    let past = match config.data {
        Some(options) => {
            // The demo's socket has another name each time.
            let subject = if demo { "the demo engine" } else { &shown };
            Some(past(options, subject.to_owned()).await?)
        }
        None => None,
    };
    let stored = past.as_ref().map_or_else(Vec::new, hub::Past::last_events);

    let (updates, inbox) = mpsc::channel(UPDATES);
    let (demand, wanted) = watch::channel(engine::Demand::default());
    let engine = engine::spawn(
        engine::Config {
            endpoint,
            stored,
            ..engine::Config::default()
        },
        wanted,
        updates,
        cancel.child_token(),
    );
    let hub_config = hub::Config {
        endpoint: shown.clone(),
        demo,
        clock: Box::new(hub::wall_clock),
        past,
    };
    let hub = hub::spawn(hub_config, inbox, demand, cancel.child_token());
    let keeper = hub::Keeper::spawn(&hub);
    let guard = web::Guard {
        port: address.port(),
    };
    let app = web::App::new(
        hub.clone(),
        engine.counts().clone(),
        site,
        guard,
        cancel.child_token(),
    );
    let server = axum::serve(listener, app.router())
        .with_graceful_shutdown(cancel.clone().cancelled_owned());
    Ok(Bridge {
        address,
        endpoint: shown,
        demo,
        sockets: app.sockets().clone(),
        server: tokio::spawn(server.into_future()),
        engine,
        hub,
        keeper,
        cancel,
        #[cfg(feature = "demo")]
        demo_engine,
    })
}

/// Opens the store, and reads what the ring is to begin with. What is wrong with what is stored costs the past alone.
async fn past(options: store::Options, subject: String) -> Result<hub::Past, StartError> {
    let opened = spawn_blocking(move || {
        let store = match store::Store::open(options.clone(), &subject, hub::wall_clock()) {
            Err(error) if !error.is_of_the_command() => {
                tracing::error!("the timeline is not kept on disk until the next start: {error}");
                store::Store::refused(options, &subject)
            }
            opened => opened?,
        };
        let tail = store.tail(hub::RING);
        Ok((Arc::new(store), tail))
    });
    let opened = match opened.await {
        Ok(opened) => opened,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    };
    let (store, tail) = opened.map_err(StartError::Store)?;
    let first = tail.first().map_or(store.next(), |first| first.seq);
    let newest_nano = store.newest_before(first).await;
    Ok(hub::Past {
        store,
        tail,
        newest_nano,
    })
}

impl Bridge {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Once a part that all others need has panicked. What it knew is lost, and with it what the others made of it, so
    /// the program is to end: whoever keeps it running starts it anew, and pages that are open go on from there.
    pub async fn broken(&self) {
        tokio::select! {
            () = self.engine.broken() => {}
            () = self.hub.ended() => {}
        }
    }

    /// Ends: viewers are told so, connections to the daemon are closed.
    pub async fn stop(self) {
        if let Some(keeper) = self.keeper {
            keeper.finish().await;
        }
        self.cancel.cancel();
        self.sockets.close();
        let all = async {
            self.sockets.wait().await;
            self.engine.ended().await;
            // Whatever the server said, it ends.
            let _ = self.server.await;
        };
        if timeout(LAST_WORDS, all).await.is_err() {
            tracing::debug!("not all connections ended in time");
        }
        #[cfg(feature = "demo")]
        if let Some(demo_engine) = self.demo_engine {
            demo_engine.stop().await;
        }
    }
}

impl fmt::Display for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, endpoint) = (self.address, &self.endpoint);
        if self.demo {
            write!(
                f,
                "http://{address} showing the demo engine, whose containers are made up"
            )
        } else {
            write!(f, "http://{address} watching {endpoint}")
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => match error.kind() {
                io::ErrorKind::AddrInUse => write!(
                    f,
                    "another program listens on {address}, maybe another daemonscope; choose a free port with \
                     `--listen {}:PORT`",
                    address.ip()
                ),
                io::ErrorKind::PermissionDenied => write!(
                    f,
                    "this user may not listen on {address}; choose a port from 1024 up with `--listen {}:PORT`",
                    address.ip()
                ),
                io::ErrorKind::AddrNotAvailable => write!(
                    f,
                    "this machine has no address {}; `--listen 127.0.0.1:{}` works everywhere",
                    address.ip(),
                    address.port()
                ),
                _ => write!(
                    f,
                    "cannot listen on {address} ({error}); choose another address with `--listen`"
                ),
            },
            Self::Store(error) => error.fmt(f),
            #[cfg(feature = "demo")]
            Self::Demo(error) => write!(
                f,
                "the demo engine cannot open its socket ({error}); TMPDIR must name a folder that can be written to"
            ),
        }
    }
}

impl std::error::Error for StartError {}
