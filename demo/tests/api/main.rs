//! What the daemon answers, and when it refuses.

#[path = "../common/mod.rs"]
mod common;
mod containers;
mod events;
mod paths;
mod statistics;
mod usage;

use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

/// For a query.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
