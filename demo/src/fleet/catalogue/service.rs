/// How a service behaves over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    Steady,
    /// Dies now and then; its restart policy brings it back.
    Flaky,
    /// Dies seconds after every start.
    CrashLoop,
    /// Grows until the kernel kills it.
    Leaky,
    /// Its health check fails for a while now and then.
    Sickly,
    /// Runs for a while, ends with 0, and is started again by a timer.
    Job,
    /// Somebody pauses it now and then.
    Paused,
    /// Stopped for good; nobody tidied it up.
    Left,
    /// Created, never started.
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    No,
    Always,
    UnlessStopped,
    OnFailure,
}

#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// The compose project; empty for a container that was started by hand.
    pub project: &'static str,
    pub service: &'static str,
    pub image: &'static str,
    pub command: &'static str,
    /// Host port (0: only exposed), container port, `udp` or not.
    pub ports: &'static [(u16, u16, bool)],
    /// Volume name (prefixed with the project) and destination.
    pub volumes: &'static [(&'static str, &'static str)],
    /// Source, destination, writable.
    pub binds: &'static [(&'static str, &'static str, bool)],
    /// The command of the health check and its interval in seconds.
    pub health: Option<(&'static str, u64)>,
    pub restart: Restart,
    pub temper: Temper,
    pub host_network: bool,
    pub tty: bool,
    pub memory_limit_mib: u64,
    pub cores_limit: f64,
    pub cores: f64,
    pub burst: f64,
    pub memory_mib: f64,
    pub cache_mib: f64,
    /// Received and sent, kilobytes a second.
    pub network: (f64, f64),
    /// Read and written, kilobytes a second.
    pub disk: (f64, f64),
    pub threads: u32,
    pub replicas: u16,
    /// What a dashboard label calls it, in the owner's language.
    pub title: &'static str,
}

/// What a service is where nothing else is said of it.
pub(super) const PLAIN: Service = Service {
    project: "",
    service: "",
    image: "",
    command: "",
    ports: &[],
    volumes: &[],
    binds: &[],
    health: None,
    restart: Restart::UnlessStopped,
    temper: Temper::Steady,
    host_network: false,
    tty: false,
    memory_limit_mib: 0,
    cores_limit: 0.0,
    cores: 0.01,
    burst: 0.05,
    memory_mib: 40.0,
    cache_mib: 30.0,
    network: (2.0, 2.0),
    disk: (1.0, 2.0),
    threads: 8,
    replicas: 1,
    title: "",
};
