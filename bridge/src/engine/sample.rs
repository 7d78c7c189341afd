/// One container's figures at one moment, by the docker command's arithmetic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The daemon's clock.
    pub read_at_millis: u64,
    /// Of one CPU: 100 is one CPU busy all the time.
    pub cpu_percent: f64,
    /// CPU time since the container began, in nanoseconds; `None` where the daemon counts none.
    pub cpu_nanos: Option<u64>,
    pub memory_used_bytes: u64,
    /// Zero: the daemon gives none.
    pub memory_limit_bytes: u64,
    /// Since the container began; `None` where the daemon has no figure.
    pub network: Option<Counters>,
    pub block: Option<Counters>,
    pub network_rates: Option<Rates>,
    pub block_rates: Option<Rates>,
    /// Processes and threads.
    pub pids: Option<u64>,
}

/// In: received or read. Out: sent or written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    pub in_bytes: u64,
    pub out_bytes: u64,
}

/// Bytes a second between two samples; `None` where a counter fell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    pub in_per_second: Option<u64>,
    pub out_per_second: Option<u64>,
}
