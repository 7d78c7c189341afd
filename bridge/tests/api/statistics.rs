use std::collections::BTreeMap;

use daemonscope::Bridge;
use futures_util::{SinkExt, StreamExt};
use model::FigureTable;
use protocol::{
    ClientMsg, ContainerKey, Encoding, Interest, SUBPROTOCOL_JSON, ServerMsg, StatsWanted,
};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::{
    client::{get, have, watching},
    support::{A, Answer, B, Daemon, PATIENCE, eventually},
};

/// One reading and the next, again and again: figures that stay as they are.
fn steady() -> Vec<&'static str> {
    include_str!("../captures/v28/stats-stream-shop-db-1.ndjson")
        .lines()
        .take(2)
        .collect()
}

/// The keys of the containers by their names, and their figures as a page is told them, once it has those of so many.
async fn page(bridge: &Bridge, containers: usize) -> (BTreeMap<String, ContainerKey>, FigureTable) {
    let url = format!("ws://{}/api/v1/live", bridge.address());
    let mut request = url.into_client_request().unwrap();
    let json = SUBPROTOCOL_JSON.parse().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", json);
    let (mut live, _) = connect_async(request).await.unwrap();
    let interest = ClientMsg::Interest(Interest {
        stats: StatsWanted::All,
        ..Interest::default()
    });
    let said = String::from_utf8(Encoding::Json.encode(&interest)).unwrap();
    live.send(Message::text(said)).await.unwrap();
    let mut figures = FigureTable::default();
    let mut keys = BTreeMap::new();
    let told = async {
        while figures.iter().count() < containers + 1 {
            let message = live.next().await.unwrap().unwrap().into_data();
            match Encoding::Json.decode(&message).unwrap() {
                ServerMsg::Stats(frame) => {
                    figures.apply(&frame);
                }
                ServerMsg::Snapshot(snapshot) => {
                    let known = snapshot.containers.into_iter();
                    keys.extend(known.map(|one| (one.name, one.key)));
                }
                ServerMsg::Fleet(delta) => {
                    let changed = delta.changed.into_iter();
                    keys.extend(changed.map(|one| (one.name, one.key)));
                }
                _ => {}
            }
        }
    };
    timeout(PATIENCE, told).await.unwrap();
    (keys, figures)
}

#[tokio::test]
async fn the_figures_are_those_that_a_page_is_told() {
    let daemon = Daemon::started();
    daemon.stats(&steady());
    have(
        &daemon,
        &[
            (A, "web", "running"),
            (B, "db", "paused"),
            (&"c".repeat(64), "old", "exited"),
            (&"d".repeat(64), "again", "restarting"),
        ],
    );
    let bridge = watching(&daemon).await;
    let (keys, told) = page(&bridge, 2).await;
    let rows = get(&bridge, "/api/v1/stats").await.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 3, "the exited one has no row");
    for name in ["web", "db"] {
        let row = rows.iter().find(|row| row["name"] == name).unwrap();
        let figures = told.get(keys[name]);
        assert!(figures.cpu_hundredths.is_some() && figures.network_rx_bytes.is_some());
        let (used, limit) = (
            figures.memory_used_bytes.unwrap(),
            figures.memory_limit_bytes.unwrap(),
        );
        for (field, expected) in [
            ("memory_used_bytes", Some(used)),
            ("memory_limit_bytes", Some(limit)),
            ("network_rx_bytes", figures.network_rx_bytes),
            ("network_tx_bytes", figures.network_tx_bytes),
            ("network_rx_bytes_per_second", figures.network_rx_rate),
            ("network_tx_bytes_per_second", figures.network_tx_rate),
            ("block_read_bytes", figures.block_read_bytes),
            ("block_write_bytes", figures.block_write_bytes),
            ("block_read_bytes_per_second", figures.block_read_rate),
            ("block_write_bytes_per_second", figures.block_write_rate),
            ("pids", figures.pids),
        ] {
            assert_eq!(row[field], json!(expected), "{name} {field}");
        }
        for (field, printed) in [
            (
                "cpu_percent",
                model::format::cpu_percent(figures.cpu_hundredths.unwrap()),
            ),
            ("memory_percent", model::format::memory_percent(used, limit)),
        ] {
            let percent = row[field].as_f64().unwrap();
            assert_eq!(format!("{percent:.2}%"), printed, "{name} {field}");
        }
    }
    let again = rows.iter().find(|row| row["name"] == "again").unwrap();
    let figures = again.as_object().unwrap().iter();
    let known: Vec<_> = figures.filter(|(_, value)| !value.is_null()).collect();
    assert_eq!(known.len(), 2, "id and name: {known:?}");

    let summary = get(&bridge, "/api/v1/summary").await.json();
    let sum = told.get(ContainerKey::SUM);
    let cpu = summary["cpu_percent"].as_f64().unwrap();
    let printed = model::format::cpu_percent(sum.cpu_hundredths.unwrap());
    assert_eq!(format!("{cpu:.2}%"), printed);
    for (field, expected) in [
        ("memory_used_bytes", sum.memory_used_bytes),
        ("network_rx_bytes_per_second", sum.network_rx_rate),
        ("block_write_bytes_per_second", sum.block_write_rate),
        ("pids", sum.pids),
        ("total", Some(4)),
        ("running", Some(1)),
        ("paused", Some(1)),
        ("restarting", Some(1)),
        ("stopped", Some(1)),
        ("exited", Some(1)),
        ("other", Some(0)),
    ] {
        assert_eq!(summary[field], json!(expected), "{field}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_request_opens_the_streams_and_waits_for_true_samples() {
    let daemon = Daemon::started();
    have(&daemon, &[(A, "web", "running"), (B, "db", "running")]);
    let bridge = watching(&daemon).await;
    get(&bridge, "/api/v1/containers").await;
    assert_eq!(daemon.count("/stats"), 0, "nobody looks at figures");
    let rows = get(&bridge, "/api/v1/stats").await.json();
    for row in rows.as_array().unwrap() {
        assert!(row["cpu_percent"].is_number(), "{row}");
        assert!(row["sampled_at"].is_number(), "{row}");
    }
    eventually("one stream for each", || daemon.stats_open() == 2).await;
    get(&bridge, "/api/v1/stats").await;
    get(&bridge, "/api/v1/summary").await;
    assert_eq!(daemon.count("/stats"), 2, "which the next request uses");
    bridge.stop().await;
}

#[tokio::test]
async fn a_row_without_a_sample_has_no_zeros() {
    let daemon = Daemon::started();
    have(&daemon, &[(A, "web", "running"), (B, "mute", "running")]);
    daemon.answer_instead(&format!("{B}/stats"), Answer::status(403, "not allowed"));
    let bridge = watching(&daemon).await;
    let rows = get(&bridge, "/api/v1/stats").await.json();
    let row = |name: &str| {
        let mut rows = rows.as_array().unwrap().iter();
        rows.find(|row| row["name"] == name).unwrap().clone()
    };
    assert!(row("web")["cpu_percent"].is_number());
    let Value::Object(mute) = row("mute") else {
        panic!("a row is an object");
    };
    assert_eq!(mute.len(), 16);
    for (field, value) in mute {
        assert_eq!(value.is_null(), field != "id" && field != "name", "{field}");
    }
    bridge.stop().await;
}
