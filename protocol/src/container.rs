use serde::{Deserialize, Serialize};

/// A container's short name on the wire for one run of the bridge. A recreated container gets a new one.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct ContainerKey(pub u32);

impl ContainerKey {
    /// The sum of all containers, in statistics and series. Containers count from 1.
    pub const SUM: Self = Self(0);
}

/// What `docker ps -a` tells, and what `docker inspect` adds once it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    pub key: ContainerKey,
    /// 64 hexadecimal digits.
    pub id: String,
    /// Without the leading slash.
    pub name: String,
    pub image: String,
    pub image_id: String,
    pub command: String,
    pub created_secs: i64,
    pub state: State,
    /// The daemon's own sentence at the time of the last list ("Up 3 minutes (healthy)").
    pub status: String,
    pub health: Option<Health>,
    pub ports: Vec<PortMapping>,
    /// Sorted by name.
    pub labels: Vec<(String, String)>,
    /// Of the compose labels.
    pub project: Option<String>,
    pub service: Option<String>,
    pub network_mode: String,
    pub networks: Vec<NetworkLink>,
    pub mounts: Vec<Mount>,
    /// `None` until the container was inspected, which the first list does not wait for.
    pub details: Option<Box<Details>>,
}

/// The docker command's words; one it does not know is kept as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum State {
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    #[default]
    Exited,
    Dead,
    Other(String),
}

impl State {
    pub fn from_word(word: &str) -> Self {
        match word {
            "created" => Self::Created,
            "running" => Self::Running,
            "paused" => Self::Paused,
            "restarting" => Self::Restarting,
            "removing" => Self::Removing,
            "exited" => Self::Exited,
            "dead" => Self::Dead,
            other => Self::Other(other.to_owned()),
        }
    }

    pub fn word(&self) -> &str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Removing => "removing",
            Self::Exited => "exited",
            Self::Dead => "dead",
            Self::Other(word) => word,
        }
    }

    /// Whether it has processes, and so statistics.
    pub fn has_processes(&self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Health {
    Starting,
    Healthy,
    Unhealthy,
    Other(String),
}

impl Health {
    /// `None` where the daemon says that there is no health check.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "" | "none" => None,
            "starting" => Some(Self::Starting),
            "healthy" => Some(Self::Healthy),
            "unhealthy" => Some(Self::Unhealthy),
            other => Some(Self::Other(other.to_owned())),
        }
    }

    pub fn word(&self) -> &str {
        match self {
            Self::Starting => "starting",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Other(word) => word,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PortMapping {
    /// Empty when the port is exposed but not published.
    pub host_ip: String,
    pub host_port: Option<u16>,
    pub container_port: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkLink {
    pub name: String,
    pub network_id: String,
    pub ip_address: String,
    pub ipv6_address: String,
    pub gateway: String,
    pub mac_address: String,
    pub aliases: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, …
    pub kind: String,
    /// Of a volume.
    pub name: String,
    pub source: String,
    pub destination: String,
    pub mode: String,
    pub read_write: bool,
}

/// What only `docker inspect` tells. Values of environment variables never get here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// `None`, as in the next number: it cannot be read.
    pub exit_code: Option<i64>,
    pub oom_killed: bool,
    pub error: String,
    pub restart_count: Option<u64>,
    pub started_at_millis: Option<u64>,
    pub finished_at_millis: Option<u64>,
    pub pid: Option<u64>,
    pub restart_policy: RestartPolicy,
    pub health_check: Option<HealthCheck>,
    /// `None`: no limit.
    pub memory_limit_bytes: Option<u64>,
    /// In billionths of a CPU; `None`: no limit.
    pub nano_cpus: Option<u64>,
    pub pids_limit: Option<u64>,
    pub privileged: bool,
    pub tty: bool,
    pub user: String,
    pub working_dir: String,
    pub hostname: String,
    pub log_driver: String,
    pub platform: String,
    /// Names only.
    pub environment: Vec<String>,
    pub inspected_at_millis: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestartPolicy {
    /// `no`, `always`, `unless-stopped`, `on-failure`.
    pub name: String,
    pub maximum_retry_count: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// The command as the daemon's exec events write it.
    pub command: String,
    pub interval_millis: u64,
    pub failing_streak: u64,
}
