//! `docker stats`.

use std::collections::BTreeMap;

use e2e::replay::{Answers, Capture, Server, written};
use model::{Figures, format};
use protocol::{Interest, StatsWanted};
use serde_json::Value;

use crate::{docker_commands, run, table::table, viewer::told, words};

pub const STATISTICS_HEAD: [&str; 8] = [
    "CONTAINER ID",
    "NAME",
    "CPU %",
    "MEM USAGE / LIMIT",
    "MEM %",
    "NET I/O",
    "BLOCK I/O",
    "PIDS",
];

#[tokio::test(flavor = "multi_thread")]
async fn docker_stats_prints_our_figures() {
    for capture in Capture::ALL {
        let answers = capture.answers();
        let server = Server::start(answers.clone());
        let (running, stopped): (Vec<_>, Vec<_>) = capture
            .containers()
            .into_iter()
            .filter(|container| answers.statistics.contains_key(&container.name))
            .partition(|container| matches!(container.state.as_str(), "running" | "paused"));
        assert!(running.len() >= 7 && stopped.len() >= 4);
        let interest = Interest {
            stats: StatsWanted::All,
            ..Interest::default()
        };
        let told = told(server.socket(), interest, |told| {
            !told.containers.is_empty()
                && running
                    .iter()
                    .all(|container| told.figures(&container.name).cpu_hundredths.is_some())
        })
        .await;

        let mut rows = vec![words(&STATISTICS_HEAD)];
        for container in running.iter().chain(&stopped) {
            let figures = told.figures(&container.name);
            if stopped.iter().any(|stopped| stopped.id == container.id) {
                // where we know nothing, the docker command prints zeros
                assert!(!figures.known(), "{}", container.name);
            }
            rows.push(statistics_row(&container.id, &container.name, &figures));
        }
        let names = running.iter().chain(&stopped);
        let arguments: Vec<&str> = ["stats", "--no-stream"]
            .into_iter()
            .chain(names.map(|container| container.name.as_str()))
            .collect();
        for docker in docker_commands() {
            let printed = run(&docker, &server, &arguments).await;
            assert_eq!(printed, table(&rows), "{capture:?} {docker:?}");
        }
    }
}

/// Where we know nothing, the docker command prints zeros.
fn statistics_row(id: &str, name: &str, figures: &Figures) -> Vec<String> {
    let number = |figure: Option<u64>| figure.unwrap_or(0);
    let used = number(figures.memory_used_bytes);
    let limit = number(figures.memory_limit_bytes);
    vec![
        format::short_id(id).to_owned(),
        name.to_owned(),
        format::cpu_percent(number(figures.cpu_hundredths)),
        format::memory_usage(used, limit),
        format::memory_percent(used, limit),
        format::io(
            number(figures.network_rx_bytes),
            number(figures.network_tx_bytes),
        ),
        format::io(
            number(figures.block_read_bytes),
            number(figures.block_write_bytes),
        ),
        format::pids(number(figures.pids)),
    ]
}

/// The shapes that no capture has go through the docker command too.
#[tokio::test(flavor = "multi_thread")]
async fn docker_stats_prints_our_figures_of_written_answers() {
    let statistics: BTreeMap<String, Vec<u8>> = [
        ("v1", "stats-v1-block.json"),
        ("v2", "stats-v2.ndjson"),
        ("uncounted", "stats-v2-null-block.json"),
        ("old", "stats-no-online-cpus.json"),
        ("falling", "stats-falling.ndjson"),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (name, file))| {
        let mut answer: Value = serde_json::from_slice(&written(file)).expect("JSON");
        answer["name"] = format!("/{name}").into();
        answer["id"] = format!("{number:x}").repeat(64).into();
        (name.to_owned(), answer.to_string().into_bytes())
    })
    .collect();
    let names: Vec<String> = statistics.keys().cloned().collect();
    let server = Server::start(Answers::of_nothing().with_statistics(statistics));
    let interest = Interest {
        stats: StatsWanted::All,
        ..Interest::default()
    };
    let told = told(server.socket(), interest, |told| {
        told.containers.len() == names.len()
            && names
                .iter()
                .all(|name| told.figures(name).cpu_hundredths.is_some())
    })
    .await;
    let mut rows = vec![words(&STATISTICS_HEAD)];
    rows.extend(
        names
            .iter()
            .map(|name| statistics_row(&told.container(name).id, name, &told.figures(name))),
    );
    let arguments: Vec<&str> = ["stats", "--no-stream"]
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    for docker in docker_commands() {
        let printed = run(&docker, &server, &arguments).await;
        assert_eq!(printed, table(&rows), "{docker:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_stats_prints_our_figures_of_windows() {
    let statistics = BTreeMap::from([("iis".to_owned(), written("stats-windows.ndjson"))]);
    let mut answers = Answers::of_nothing().with_statistics(statistics);
    answers.os = "windows".to_owned();
    let server = Server::start(answers);
    let interest = Interest {
        stats: StatsWanted::All,
        ..Interest::default()
    };
    let told = told(server.socket(), interest, |told| {
        !told.containers.is_empty() && told.figures("iis").cpu_hundredths.is_some()
    })
    .await;
    let row = statistics_row(&told.container("iis").id, "iis", &told.figures("iis"));
    let [id, name, cpu, memory, _, network, block, _] = row.try_into().expect("eight columns");
    let (working_set, _) = memory.split_once(" / ").expect("two figures");
    let rows = [
        words(&[
            "CONTAINER ID",
            "NAME",
            "CPU %",
            "PRIV WORKING SET",
            "NET I/O",
            "BLOCK I/O",
        ]),
        vec![id, name, cpu, working_set.to_owned(), network, block],
    ];
    for docker in docker_commands() {
        let printed = run(&docker, &server, &["stats", "--no-stream", "iis"]).await;
        assert_eq!(printed, table(&rows), "{docker:?}");
    }
}
