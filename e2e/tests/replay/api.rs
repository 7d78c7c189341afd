//! The JSON API, against `docker stats` and `docker system df`.

use e2e::replay::{Capture, Server};
use model::format;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    docker_commands, run, statistics::STATISTICS_HEAD, table::table, viewer::bridge, words,
};

/// The rows that an address of the API answers.
async fn rows(bridge: &daemonscope::Bridge, target: &str) -> Vec<Value> {
    let address = bridge.address();
    let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is sent");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200"), "{head} {body}");
    serde_json::from_str(body).expect("a list")
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_stats_prints_the_figures_of_the_api() {
    for capture in Capture::ALL {
        let answers = capture.answers();
        let server = Server::start(answers.clone());
        let bridge = bridge(server.socket()).await;
        let stats: Vec<Value> = rows(&bridge, "/api/v1/stats")
            .await
            .into_iter()
            .filter(|row| {
                let name = row["name"].as_str().expect("a name");
                answers.statistics.contains_key(name) && !row["cpu_percent"].is_null()
            })
            .collect();
        assert!(stats.len() >= 7, "{capture:?}: {} rows", stats.len());
        let mut expected = vec![words(&STATISTICS_HEAD)];
        expected.extend(stats.iter().map(row_of_stats));
        let names = stats
            .iter()
            .map(|row| row["name"].as_str().expect("a name"));
        let arguments: Vec<&str> = ["stats", "--no-stream"].into_iter().chain(names).collect();
        for docker in docker_commands() {
            let printed = run(&docker, &server, &arguments).await;
            assert_eq!(printed, table(&expected), "{capture:?} {docker:?}");
        }
        bridge.stop().await;
    }
}

/// Where we know nothing, the docker command prints zeros.
fn row_of_stats(row: &Value) -> Vec<String> {
    let number = |field: &str| row[field].as_u64().unwrap_or(0);
    let percent = |field: &str| format!("{:.2}%", row[field].as_f64().unwrap_or(0.0));
    vec![
        format::short_id(row["id"].as_str().expect("an id")).to_owned(),
        row["name"].as_str().expect("a name").to_owned(),
        percent("cpu_percent"),
        format::memory_usage(number("memory_used_bytes"), number("memory_limit_bytes")),
        percent("memory_percent"),
        format::io(number("network_rx_bytes"), number("network_tx_bytes")),
        format::io(number("block_read_bytes"), number("block_write_bytes")),
        format::pids(number("pids")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_system_df_prints_the_usage_of_the_api() {
    for capture in Capture::ALL {
        let server = Server::start(capture.answers());
        let bridge = bridge(server.socket()).await;
        let usage = rows(&bridge, "/api/v1/usage").await;
        let expected: Vec<String> = usage
            .iter()
            .map(|row| {
                let number = |field: &str| row[field].as_i64().expect("a number");
                let size = format::human_size(number("size_bytes") as f64);
                let (kind, total, active) = (&row["type"], number("total"), number("active"));
                format!("{} {total} {active} {size}", kind.as_str().expect("a type"))
            })
            .collect();
        for docker in docker_commands() {
            let printed = run(&docker, &server, &["system", "df"]).await;
            let printed = printed
                .lines()
                .skip(1)
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
            for (printed, expected) in printed.zip(&expected) {
                // until 24 it took the size of images from a field that engines since 25 do not send
                let is_off =
                    docker.major < 25 && capture.major() >= 25 && expected.starts_with("Images");
                assert!(
                    is_off || printed.starts_with(&format!("{expected} ")),
                    "{capture:?} {docker:?}: {printed}, and not {expected}"
                );
            }
        }
        assert_eq!(expected.len(), 4);
        bridge.stop().await;
    }
}
