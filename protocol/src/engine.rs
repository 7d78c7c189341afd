use serde::{Deserialize, Serialize};

use crate::TlsFault;

/// How the bridge stands with the daemon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DaemonState {
    /// The first attempt is under way.
    Connecting,
    Live {
        since_millis: u64,
    },
    Away(Away),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub reason: AwayReason,
    pub since_millis: u64,
    /// When the next attempt begins; `None` while one is under way.
    pub retry_at_millis: Option<u64>,
    /// Failed attempts since it was last live.
    pub attempts: u32,
}

/// A code for each thing that a person would do something else about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AwayReason {
    /// The socket's file is not there: no daemon, or another path.
    SocketMissing,
    /// Nobody listens there: the daemon is not running.
    Refused,
    /// The bridge may not open the socket.
    PermissionDenied,
    /// The host name has no address, or no route leads there.
    Unreachable(String),
    /// It accepts connections and answers nothing.
    Hung,
    /// It ended the connection: stopped, killed or restarting.
    Closed,
    /// It asks for TLS and the bridge was not told to speak it.
    TlsExpected,
    /// A certificate was refused. No bridge tells this any more: a [`Self::Tls`] says which, and why. It keeps its place on the wire.
    Certificate(String),
    /// Its newest API is older than the oldest that the bridge speaks.
    TooOld { api: String, needs: String },
    /// A proxy in between allows no call; the status it gave.
    Forbidden(u16),
    /// It answered something that is not the Engine API.
    NotAnEngine(String),
    /// The bridge speaks TLS, and the two do not agree.
    Tls(TlsFault),
    /// It takes connections and does not answer yet: it may be starting.
    Starting,
}

/// What `docker version` and `docker info` tell. Empty, or `None`: it was not told, or could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    pub id: String,
    pub name: String,
    pub version: String,
    /// The version in the path of the bridge's calls.
    pub api_version: String,
    /// The newest that the daemon speaks, and the oldest.
    pub api_version_max: String,
    pub api_version_min: String,
    pub components: Vec<Component>,
    pub operating_system: String,
    pub os_type: String,
    pub architecture: String,
    pub kernel: String,
    pub storage_driver: String,
    pub logging_driver: String,
    pub cgroup_driver: String,
    pub cgroup_version: String,
    pub root_dir: String,
    pub cpus: Option<u32>,
    pub memory_bytes: Option<u64>,
    pub containers: Option<u64>,
    pub containers_running: Option<u64>,
    pub containers_paused: Option<u64>,
    pub containers_stopped: Option<u64>,
    pub images: Option<u64>,
    pub debug: Option<bool>,
    pub goroutines: Option<u64>,
    pub file_descriptors: Option<u64>,
    pub event_listeners: Option<u64>,
    pub swarm: String,
    pub warnings: Vec<String>,
    pub read_at_millis: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    pub name: String,
    pub version: String,
}
