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
    id: &'a str,
    name: &'a str,
    version: &'a str,
    api_version: &'a str,
    api_version_max: &'a str,
    api_version_min: &'a str,
    components: Vec<Part<'a>>,
    operating_system: &'a str,
    os_type: &'a str,
    architecture: &'a str,
    kernel: &'a str,
    storage_driver: &'a str,
    logging_driver: &'a str,
    cgroup_driver: &'a str,
    cgroup_version: &'a str,
    root_dir: &'a str,
    cpus: u32,
    memory_bytes: u64,
    containers: u64,
    containers_running: u64,
    containers_paused: u64,
    containers_stopped: u64,
    images: u64,
    debug: bool,
    goroutines: Option<u64>,
    file_descriptors: Option<u64>,
    event_listeners: Option<u64>,
    swarm: &'a str,
    warnings: &'a [String],
    read_at: Seconds,
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
        engine: picture.engine.as_deref().map(Engine::of),
        bridge: Bridge {
            version: env!("CARGO_PKG_VERSION"),
            epoch: picture.epoch,
            viewers: picture.viewers,
        },
    };
    Ok(Json(body).into_response())
}

impl<'a> Engine<'a> {
    fn of(info: &'a EngineInfo) -> Self {
        Self {
            id: &info.id,
            name: &info.name,
            version: &info.version,
            api_version: &info.api_version,
            api_version_max: &info.api_version_max,
            api_version_min: &info.api_version_min,
            components: info.components.iter().map(Part::of).collect(),
            operating_system: &info.operating_system,
            os_type: &info.os_type,
            architecture: &info.architecture,
            kernel: &info.kernel,
            storage_driver: &info.storage_driver,
            logging_driver: &info.logging_driver,
            cgroup_driver: &info.cgroup_driver,
            cgroup_version: &info.cgroup_version,
            root_dir: &info.root_dir,
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
            swarm: &info.swarm,
            warnings: &info.warnings,
            read_at: Seconds(info.read_at_millis),
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
