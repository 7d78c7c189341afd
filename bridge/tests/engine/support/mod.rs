//! A daemon that does what a test says and remembers what it was asked, and a reader of what the engine's side tells.

mod daemon;
mod watcher;

pub use daemon::{Answer, Daemon};
pub use watcher::{Watcher, quick};

use std::time::{Duration, Instant};

pub const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// Longer than anything here takes, on a busy machine too.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until it is so.
pub async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A list's item.
pub fn item(id: &str, name: &str, state: &str) -> String {
    format!(
        r#"{{"Id":"{id}","Names":["/{name}"],"Image":"bb:1","State":"{state}","Status":"as listed","Created":1795502560}}"#
    )
}

/// An inspection's answer.
pub fn inspection(id: &str, name: &str, state: &str) -> String {
    format!(
        r#"{{"Id":"{id}","Name":"/{name}","State":{{"Status":"{state}"}},"Config":{{"Image":"bb:1"}}}}"#
    )
}

pub fn event(time_nano: i64, action: &str, id: &str) -> String {
    format!(
        r#"{{"Type":"container","Action":"{action}","Actor":{{"ID":"{id}","Attributes":{{"name":"web","image":"bb:1"}}}},"scope":"local","time":{},"timeNano":{time_nano}}}"#,
        time_nano / 1_000_000_000
    )
}

pub fn now_nano() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    i64::try_from(since.as_nanos()).unwrap()
}
