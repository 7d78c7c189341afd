//! What the program says about itself, on standard error: quiet unless asked.

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::{Layer, SubscriberExt},
    util::SubscriberInitExt,
};

pub const DEFAULT: &str = "warn";

/// Crates that log whole answers of the daemon, which may hold secrets.
const HELD_AT_WARN: [&str; 4] = ["bollard", "hyper", "hyper_util", "tungstenite"];

/// Which records are written.
#[derive(Debug, Clone)]
pub struct Filter(String);

impl Filter {
    /// The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = if text.trim().is_empty() {
            DEFAULT
        } else {
            text
        };
        match EnvFilter::try_new(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(error) => Err(format!(
                "`--log` (or RUST_LOG) is no filter ({error}): write a level such as `info`, or TARGET=LEVEL"
            )),
        }
    }
}

/// Begins to write the log. Once in a process.
pub fn start(filter: &Filter) {
    let wanted = EnvFilter::new(&filter.0);
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(wanted.and(filter_fn(may_be_logged)));
    tracing_subscriber::registry().with(layer).init();
}

fn may_be_logged(record: &Metadata<'_>) -> bool {
    let held = HELD_AT_WARN.iter().any(|name| {
        record
            .target()
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    });
    !held || *record.level() <= Level::WARN
}
