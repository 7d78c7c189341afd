//! What of a frame of statistics cannot be read, and what that costs.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

use daemonscope::engine::{
    Counters,
    stats::arithmetic::{Meter, RawStats, Reading},
};
use serde_json::{Value, json};

/// The second frame of a stream, which has figures.
fn frame() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/written/stats-v2.ndjson");
    let frames = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(frames.lines().nth(1).unwrap()).unwrap()
}

/// CPU %, memory used and its limit, network, block I/O, processes, `?` where unknown; nothing if there is no sample.
fn figures(frame: &Value) -> String {
    let raw = RawStats::parse(&serde_json::to_vec(frame).unwrap()).unwrap();
    let sample = match Meter::default().read(&raw) {
        Reading::Sample(sample) => sample,
        Reading::Unreadable => return String::new(),
        other => panic!("{other:?}"),
    };
    let pair = |counters: Option<Counters>| {
        counters.map_or(
            "?".to_owned(),
            |Counters {
                 in_bytes,
                 out_bytes,
             }| { format!("{in_bytes}/{out_bytes}") },
        )
    };
    let pids = sample.pids.map_or("?".to_owned(), |pids| pids.to_string());
    format!(
        "{} {} {} {} {} {pids}",
        sample.cpu_percent,
        sample.memory_used_bytes,
        sample.memory_limit_bytes,
        pair(sample.network),
        pair(sample.block),
    )
}

#[test]
fn what_cannot_be_read_is_no_zero() {
    let usual = "150 41943040 16777216000 7000/1300 4096/16384 7";
    assert_eq!(figures(&frame()), usual);
    for (path, other, expected) in [
        ("/cpu_stats/cpu_usage/total_usage", json!("much"), ""),
        ("/cpu_stats/cpu_usage", json!([]), ""),
        ("/cpu_stats/system_cpu_usage", json!(-1), ""),
        ("/cpu_stats/online_cpus", json!(true), ""),
        ("/cpu_stats", json!(7), ""),
        ("/precpu_stats/cpu_usage/total_usage", json!({}), ""),
        ("/precpu_stats/system_cpu_usage", json!(0.5), ""),
        ("/precpu_stats", json!("none"), ""),
        ("/memory_stats/usage", json!("much"), ""),
        ("/memory_stats/stats/inactive_file", json!(-1), ""),
        ("/memory_stats/stats", json!([]), ""),
        ("/memory_stats", json!(7), ""),
        (
            "/memory_stats/limit",
            json!("none"),
            "150 41943040 0 7000/1300 4096/16384 7",
        ),
        (
            "/networks/eth0/rx_bytes",
            json!("much"),
            "150 41943040 16777216000 ? 4096/16384 7",
        ),
        (
            "/networks/eth0",
            json!(7),
            "150 41943040 16777216000 ? 4096/16384 7",
        ),
        (
            "/blkio_stats/io_service_bytes_recursive/0/value",
            json!("much"),
            "150 41943040 16777216000 7000/1300 ? 7",
        ),
        (
            "/blkio_stats/io_service_bytes_recursive/0/op",
            json!(1),
            "150 41943040 16777216000 7000/1300 ? 7",
        ),
        (
            "/blkio_stats/io_service_bytes_recursive/0",
            json!("read"),
            "150 41943040 16777216000 7000/1300 ? 7",
        ),
        (
            "/pids_stats/current",
            json!("many"),
            "150 41943040 16777216000 7000/1300 4096/16384 ?",
        ),
        // the docker command reads a text as little as a list, but this one is a number
        ("/memory_stats/usage", json!("50331648"), usual),
        // null is zero to it
        (
            "/cpu_stats/cpu_usage/total_usage",
            Value::Null,
            "0 41943040 16777216000 7000/1300 4096/16384 7",
        ),
        (
            "/memory_stats/usage",
            Value::Null,
            "150 0 16777216000 7000/1300 4096/16384 7",
        ),
    ] {
        let mut spoilt = frame();
        *spoilt.pointer_mut(path).expect(path) = other.clone();
        assert_eq!(figures(&spoilt), expected, "{path}: {other}");
    }
}
