use serde::{Deserialize, Serialize};

/// The bridge lets at least so much time go by between the end of one reading of the disk usage and the next, and
/// [`READING_TIMES_TAKEN`] times what the last one took: the page says when the next one can be.
pub const READING_PAUSE_MILLIS: u64 = 30_000;
/// So that readings are never more than a small part of the daemon's work.
pub const READING_TIMES_TAKEN: u32 = 20;

/// What `docker system df` tells, and how fresh it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageState {
    /// The last reading that succeeded.
    pub last: Option<Usage>,
    /// Something happened since then that may have changed it.
    pub stale: bool,
    /// A reading is under way since.
    pub reading_since_millis: Option<u64>,
    /// Why the last attempt gave nothing; gone with the next success.
    pub failure: Option<UsageFailure>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub read_at_millis: u64,
    pub took_millis: u64,
    /// In the order of the docker command.
    pub rows: Vec<UsageRow>,
}

/// A figure is `None` where the daemon's answer has something for it that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRow {
    pub class: UsageClass,
    pub total: Option<u64>,
    pub active: Option<u64>,
    /// Signed, as in the docker command: a driver that cannot measure may give nonsense below zero.
    pub size_bytes: Option<i64>,
    pub reclaimable_bytes: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UsageClass {
    Images,
    Containers,
    LocalVolumes,
    BuildCache,
}

impl UsageClass {
    /// As the docker command prints it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Images => "Images",
            Self::Containers => "Containers",
            Self::LocalVolumes => "Local Volumes",
            Self::BuildCache => "Build Cache",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UsageFailure {
    /// The daemon is already reading for somebody else (engine 20.10); it is tried again.
    Busy,
    /// A proxy does not allow it; the status it gave.
    Forbidden(u16),
    /// It took longer than the limit.
    TimedOut { limit_millis: u64 },
    /// The daemon's own words.
    Failed(String),
}
