//! An engine that says again what a real one once said, to whoever asks.

mod server;

use std::{fs, path::PathBuf};

use serde_json::Value;

pub use server::Server;

/// The recorded answers of one engine (`bridge/tests/captures`).
#[derive(Debug, Clone, Copy)]
pub struct Capture {
    folder: &'static str,
    pub engine: &'static str,
    pub api: &'static str,
    pub oldest_api: &'static str,
}

impl Capture {
    pub const ALL: [Self; 2] = [
        Self {
            folder: "v20",
            engine: "20.10.24+dfsg1",
            api: "1.41",
            oldest_api: "1.12",
        },
        Self {
            folder: "v28",
            engine: "28.5.2+dfsg4",
            api: "1.51",
            oldest_api: "1.24",
        },
    ];

    /// Its release: 20, 28, …
    pub fn major(&self) -> u32 {
        self.engine
            .split('.')
            .next()
            .and_then(|major| major.parse().ok())
            .expect("a version")
    }

    pub fn try_read(&self, file: &str) -> Option<Vec<u8>> {
        let captures = concat!(env!("CARGO_MANIFEST_DIR"), "/../bridge/tests/captures");
        fs::read(PathBuf::from(captures).join(self.folder).join(file)).ok()
    }

    pub fn read(&self, file: &str) -> Vec<u8> {
        self.try_read(file)
            .unwrap_or_else(|| panic!("{}/{file} is not there", self.folder))
    }

    /// The list of containers, as it was recorded.
    pub fn containers(&self) -> Vec<Listed> {
        let list: Value = serde_json::from_slice(&self.read("containers.json")).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        list.as_array()
            .expect("a list")
            .iter()
            .map(|item| Listed {
                id: text(&item["Id"]),
                name: text(&item["Names"][0])[1..].to_owned(),
                state: text(&item["State"]),
            })
            .collect()
    }

    /// One answer of statistics, as `stream=false` gave it.
    pub fn statistics(&self, name: &str) -> Option<Vec<u8>> {
        self.try_read(&format!("stats-{name}.json"))
    }
}

#[derive(Debug, Clone)]
pub struct Listed {
    pub id: String,
    pub name: String,
    pub state: String,
}
