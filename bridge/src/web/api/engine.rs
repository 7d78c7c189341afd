use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use protocol::{Component, EngineInfo, StatsWanted};
use serde::Serialize;

use super::{ask, daemon::Daemon, unix::Seconds};
use crate::{
    hub::Look,
    web::{App, answer::Refused},
};

#[derive(Serialize)]
struct Body<'a> {
    endpoint: &'a str,
    demo: bool,
    daemon: Daemon,
    /// `None` until the daemon told it.
    engine: Option<Engine<'a>>,
    bridge: Bridge,
}

#[derive(Serialize)]
struct Bridge {
    version: &'static str,
    epoch: u64,
    viewers: usize,
}

#[derive(Serialize)]
struct Engine<'a> {
    id: Option<&'a str>,
    name: Option<&'a str>,
    version: &'a str,
    api_version: &'a str,
    api_version_max: &'a str,
    api_version_min: &'a str,
    components: Vec<Part<'a>>,
    operating_system: Option<&'a str>,
    os_type: Option<&'a str>,
    architecture: Option<&'a str>,
    kernel: Option<&'a str>,
    storage_driver: Option<&'a str>,
    logging_driver: Option<&'a str>,
    cgroup_driver: Option<&'a str>,
    cgroup_version: Option<&'a str>,
    root_dir: Option<&'a str>,
    cpus: Option<u32>,
    memory_bytes: Option<u64>,
    containers: Option<u64>,
    containers_running: Option<u64>,
    containers_paused: Option<u64>,
    containers_stopped: Option<u64>,
    images: Option<u64>,
    debug: Option<bool>,
    goroutines: Option<u64>,
    file_descriptors: Option<u64>,
    event_listeners: Option<u64>,
    swarm: Option<&'a str>,
    warnings: Option<&'a [String]>,
    read_at: Seconds,
    /// The status with which `/info` was refused; then all is null but what `/version` tells.
    info_refused: Option<u16>,
}

#[derive(Serialize)]
struct Part<'a> {
    name: &'a str,
    version: &'a str,
}

/// Always answered: that the daemon is away is told, with what it was when it was last there.
pub async fn engine(State(app): State<App>) -> Result<Response, Refused> {
    let look = Look {
        stats: StatsWanted::None,
        usage: false,
    };
    let picture = app.hub.look(look, ask::PATIENCE).await?;
    let body = Body {
        endpoint: &picture.endpoint,
        demo: picture.demo,
        daemon: Daemon::of(&picture.daemon),
        engine: picture
            .engine
            .as_deref()
            .map(|info| Engine::of(info, picture.info_refused)),
        bridge: Bridge {
            version: env!("CARGO_PKG_VERSION"),
            epoch: picture.epoch,
            viewers: picture.viewers,
        },
    };
    Ok(Json(body).into_response())
}

impl<'a> Engine<'a> {
    fn of(info: &'a EngineInfo, info_refused: Option<u16>) -> Self {
        // no fact of these is empty: it was not told, or could not be read
        let word = |word: &'a str| Some(word).filter(|word| !word.is_empty());
        Self {
            id: word(&info.id),
            name: word(&info.name),
            version: &info.version,
            api_version: &info.api_version,
            api_version_max: &info.api_version_max,
            api_version_min: &info.api_version_min,
            components: info.components.iter().map(Part::of).collect(),
            operating_system: word(&info.operating_system),
            os_type: word(&info.os_type),
            architecture: word(&info.architecture),
            kernel: word(&info.kernel),
            storage_driver: word(&info.storage_driver),
            logging_driver: word(&info.logging_driver),
            cgroup_driver: word(&info.cgroup_driver),
            cgroup_version: word(&info.cgroup_version),
            root_dir: word(&info.root_dir),
            cpus: info.cpus,
            memory_bytes: info.memory_bytes,
            containers: info.containers,
            containers_running: info.containers_running,
            containers_paused: info.containers_paused,
            containers_stopped: info.containers_stopped,
            images: info.images,
            debug: info.debug,
            goroutines: info.goroutines,
            file_descriptors: info.file_descriptors,
            event_listeners: info.event_listeners,
            swarm: word(&info.swarm),
            warnings: info_refused.is_none().then_some(&info.warnings),
            read_at: Seconds(info.read_at_millis),
            info_refused,
        }
    }
}

impl<'a> Part<'a> {
    fn of(component: &'a Component) -> Self {
        Self {
            name: &component.name,
            version: &component.version,
        }
    }
}
