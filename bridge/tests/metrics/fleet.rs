//! Daemons that have what a test says.

use crate::support::{Daemon, PATIENCE};

const FRAMES: &str = include_str!("../written/stats-v2.ndjson");
pub const USAGE: &str = include_str!("../captures/v28/df.json");

/// As listed: no inspection is answered while a test lasts.
pub fn listing(items: impl IntoIterator<Item = String>) -> Daemon {
    let daemon = Daemon::started();
    daemon.inspections_take(2 * PATIENCE);
    daemon.list(items);
    daemon
}

/// Each stream gives the same figures for ever.
pub fn steady(daemon: &Daemon) {
    let frames: Vec<&str> = FRAMES.lines().take(2).collect();
    daemon.stats(&frames);
}

pub fn labelled(id: &str, name: &str, image: &str, project: &str, service: &str) -> String {
    serde_json::json!({
        "Id": id,
        "Names": [format!("/{name}")],
        "Image": image,
        "State": "running",
        "Status": "Up 2 hours (healthy)",
        "Created": 1_795_502_560,
        "Labels": {
            "com.docker.compose.project": project,
            "com.docker.compose.service": service,
        },
    })
    .to_string()
}
