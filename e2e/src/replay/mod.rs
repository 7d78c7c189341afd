//! An engine that says again what a real one once said, to whoever asks.

mod server;

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde_json::{Value, json};

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

    pub fn read(&self, file: &str) -> Vec<u8> {
        read(&format!("captures/{}/{file}", self.folder))
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

    /// All of it, to be said again.
    pub fn answers(&self) -> Answers {
        let statistics = self.containers().into_iter().filter_map(|container| {
            let file = format!("captures/{}/stats-{}.json", self.folder, container.name);
            Some((container.name, read(&file)?))
        });
        Answers {
            engine: self.engine.to_owned(),
            api: self.api.to_owned(),
            oldest_api: self.oldest_api.to_owned(),
            os: "linux".to_owned(),
            containers: self.read("containers.json"),
            statistics: statistics.collect(),
            usage: self.read("df.json"),
            events: self.read("events.ndjson"),
        }
    }
}

/// A container of the recorded list.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: String,
    pub name: String,
    pub state: String,
}

/// All that an engine has to say.
#[derive(Debug, Clone)]
pub struct Answers {
    pub engine: String,
    pub api: String,
    pub oldest_api: String,
    pub os: String,
    pub containers: Vec<u8>,
    /// By the container's name: what `stream=false` gave.
    pub statistics: BTreeMap<String, Vec<u8>>,
    pub usage: Vec<u8>,
    pub events: Vec<u8>,
}

impl Answers {
    /// Nothing to tell yet, from an engine as new as the docker commands at hand.
    pub fn of_nothing() -> Self {
        Self {
            engine: "28.5.2".to_owned(),
            api: "1.51".to_owned(),
            oldest_api: "1.24".to_owned(),
            os: "linux".to_owned(),
            containers: b"[]".to_vec(),
            statistics: BTreeMap::new(),
            usage: b"{}".to_vec(),
            events: Vec::new(),
        }
    }

    /// With a running container for each of these statistics.
    pub fn with_statistics(mut self, statistics: BTreeMap<String, Vec<u8>>) -> Self {
        let running: Vec<Value> = statistics
            .iter()
            .map(|(name, answer)| {
                let answer: Value = serde_json::from_slice(answer).expect("JSON");
                json!({"Id": answer["id"], "Names": [format!("/{name}")], "State": "running", "Status": "Up 1 second"})
            })
            .collect();
        self.containers = Value::from(running).to_string().into_bytes();
        self.statistics = statistics;
        self
    }
}

/// A written answer (`bridge/tests/written`): the last line of it, where it is a stream.
pub fn written(file: &str) -> Vec<u8> {
    let whole = read(&format!("written/{file}")).unwrap_or_else(|| panic!("{file} is not there"));
    if file.ends_with(".ndjson") {
        let mut lines = whole.split(|byte| *byte == b'\n');
        lines
            .rfind(|line| !line.is_empty())
            .expect("a line")
            .to_vec()
    } else {
        whole
    }
}

fn read(path: &str) -> Option<Vec<u8>> {
    let answers = concat!(env!("CARGO_MANIFEST_DIR"), "/../bridge/tests");
    fs::read(PathBuf::from(answers).join(path)).ok()
}
