//! Figures of containers against answers of real engines (`captures`) and written ones (`written`).

use daemonscope::engine::{
    Counters, Rates, Sample,
    stats::arithmetic::{Meter, RawStats, Reading},
};
use serde_json::{Value, json};

fn file(path: &str) -> Vec<u8> {
    let path = format!("{}/tests/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn one(path: &str) -> Reading {
    Meter::default().read(&RawStats::parse(&file(path)).expect("a frame"))
}

fn stream(path: &str) -> Vec<Reading> {
    let mut meter = Meter::default();
    file(path)
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| meter.read(&RawStats::parse(line).expect("a frame")))
        .collect()
}

fn sample(reading: Reading) -> Sample {
    match reading {
        Reading::Sample(sample) => sample,
        other => panic!("no figures but {other:?}"),
    }
}

fn counters(in_bytes: u64, out_bytes: u64) -> Option<Counters> {
    Some(Counters {
        in_bytes,
        out_bytes,
    })
}

fn rates(in_per_second: Option<u64>, out_per_second: Option<u64>) -> Option<Rates> {
    Some(Rates {
        in_per_second,
        out_per_second,
    })
}

enum Expected {
    Stopped,
    First,
    /// CPU %, memory used and its limit, network received and sent, pids.
    Figures(&'static str, u64, u64, u64, u64, u64),
}

#[test]
fn figures_of_captured_answers() {
    use Expected::{Figures, First, Stopped};
    for (engine, name, expected) in [
        (
            "v20",
            "burner",
            Figures("10.32", 331776, 25276510208, 1016, 0, 1),
        ),
        ("v20", "crashloop", Stopped),
        ("v20", "created-1", Stopped),
        ("v20", "exited-3", Stopped),
        (
            "v20",
            "healthy-1",
            Figures("1.01", 675840, 25276510208, 906, 0, 2),
        ),
        ("v20", "killed-1", Stopped),
        ("v20", "oneshot-shop-db-1", First),
        ("v20", "oom-1", Stopped),
        (
            "v20",
            "paused-1",
            Figures("0.00", 319488, 25276510208, 796, 0, 1),
        ),
        (
            "v20",
            "shop-db-1",
            Figures("0.30", 602112, 134217728, 1254, 0, 2),
        ),
        (
            "v20",
            "shop-web-1",
            Figures("0.00", 335872, 67108864, 1943, 701, 1),
        ),
        (
            "v20",
            "sick",
            Figures("0.44", 1634304, 25276510208, 906, 0, 7),
        ),
        (
            "v20",
            "tty-1",
            Figures("0.10", 471040, 25276510208, 796, 0, 2),
        ),
        (
            "v28",
            "burner",
            Figures("9.92", 339968, 25276510208, 2780, 126, 1),
        ),
        ("v28", "crashloop", Stopped),
        ("v28", "created-1", Stopped),
        ("v28", "exited-3", Stopped),
        (
            "v28",
            "healthy-1",
            Figures("0.93", 471040, 25276510208, 2670, 126, 2),
        ),
        ("v28", "killed-1", Stopped),
        ("v28", "oneshot-shop-db-1", First),
        ("v28", "oom-1", Stopped),
        (
            "v28",
            "paused-1",
            Figures("0.00", 335872, 25276510208, 2350, 126, 1),
        ),
        (
            "v28",
            "shop-db-1",
            Figures("0.27", 917504, 134217728, 1354, 126, 2),
        ),
        (
            "v28",
            "shop-web-1",
            Figures("0.00", 339968, 67108864, 2141, 827, 1),
        ),
        (
            "v28",
            "sick",
            Figures("1.10", 331776, 25276510208, 2628, 126, 1),
        ),
        (
            "v28",
            "tty-1",
            Figures("0.13", 602112, 25276510208, 2476, 126, 2),
        ),
    ] {
        let reading = one(&format!("captures/{engine}/stats-{name}.json"));
        match expected {
            Stopped => assert_eq!(reading, Reading::Stopped, "{engine} {name}"),
            First => assert_eq!(reading, Reading::First, "{engine} {name}"),
            Figures(cpu, used, limit, received, sent, pids) => {
                let sample = sample(reading);
                assert_eq!(format!("{:.2}", sample.cpu_percent), cpu, "{engine} {name}");
                assert_eq!(sample.memory_used_bytes, used, "{engine} {name}");
                assert_eq!(sample.memory_limit_bytes, limit, "{engine} {name}");
                assert_eq!(sample.network, counters(received, sent), "{engine} {name}");
                // the kernel of that machine counted no block I/O, and said so with empty lists
                assert_eq!(sample.block, counters(0, 0), "{engine} {name}");
                assert_eq!(sample.pids, Some(pids), "{engine} {name}");
                assert_eq!(sample.network_rates, None, "one answer has no rate");
            }
        }
    }
}

#[test]
fn the_first_frame_of_a_captured_stream_is_no_figure_and_the_second_has_rates() {
    for engine in ["v20", "v28"] {
        for name in ["shop-db-1", "paused-1"] {
            let readings = stream(&format!("captures/{engine}/stats-stream-{name}.ndjson"));
            assert_eq!(readings[0], Reading::First, "{engine} {name}");
            assert!(readings.len() >= 3);
            for reading in &readings[1..] {
                let sample = sample(*reading);
                assert_eq!(sample.network_rates, rates(Some(0), Some(0)));
                assert!(sample.cpu_percent < 5.0, "{engine} {name} {sample:?}");
            }
        }
    }
}

#[test]
fn a_container_without_processes_gives_no_figures() {
    for path in [
        "captures/v20/stats-stream-exited-3.ndjson",
        "captures/v28/stats-stream-exited-3.ndjson",
    ] {
        for reading in stream(path) {
            assert_eq!(reading, Reading::Stopped);
        }
    }
    assert_eq!(one("written/stats-stopped-1.52.json"), Reading::Stopped);
}

#[test]
fn control_groups_v2() {
    let readings = stream("written/stats-v2.ndjson");
    assert_eq!(readings[0], Reading::First);
    assert_eq!(
        readings[1],
        Reading::Sample(Sample {
            read_at_millis: 1_767_323_041_000,
            // 1.5 s of CPU while 8 CPUs had 8 s
            cpu_percent: 150.0,
            cpu_nanos: Some(2_500_000_000),
            memory_used_bytes: 50_331_648 - 8_388_608,
            memory_limit_bytes: 16_777_216_000,
            network: counters(7_000, 1_300),
            block: counters(4_096, 16_384),
            network_rates: rates(Some(2_000), Some(1_000)),
            block_rates: rates(Some(0), Some(8_192)),
            pids: Some(7),
        })
    );
    // two seconds later; as much inactive as used: nothing is taken off
    let third = sample(readings[2]);
    assert_eq!(third.cpu_percent, 0.0);
    assert_eq!(third.memory_used_bytes, 8_388_608);
    assert_eq!(third.network_rates, rates(Some(2_000), Some(1)));
    assert_eq!(third.block_rates, rates(Some(524_288), Some(0)));
}

#[test]
fn what_the_daemon_does_not_count_is_unknown() {
    let sample = sample(one("written/stats-v2-null-block.json"));
    assert_eq!(sample.block, None);
    assert_eq!(sample.block_rates, None);
    assert_eq!(sample.network, None);
    assert_eq!(sample.network_rates, None);
    assert_eq!(sample.cpu_percent, 150.0);
}

#[test]
fn control_groups_v1_with_every_block_operation() {
    let sample = sample(one("written/stats-v1-block.json"));
    assert_eq!(sample.block, counters(1_100, 77));
    // total_inactive_file, not inactive_file, and not cache
    assert_eq!(sample.memory_used_bytes, 6_000);
    assert_eq!(sample.cpu_percent, 20.0);
    // no interface: no figure
    assert_eq!(sample.network, None);
}

#[test]
fn without_a_count_of_cpus_their_list_is_counted() {
    assert_eq!(
        sample(one("written/stats-no-online-cpus.json")).cpu_percent,
        40.0
    );
}

#[test]
fn windows() {
    let readings = stream("written/stats-windows.ndjson");
    assert_eq!(readings[0], Reading::First);
    assert_eq!(
        readings[1],
        Reading::Sample(Sample {
            read_at_millis: 1_767_323_042_000,
            // 20 million of 4 x 20 million units of 100 ns
            cpu_percent: 25.0,
            cpu_nanos: Some(12_000_000_000),
            memory_used_bytes: 77_000_000,
            memory_limit_bytes: 0,
            network: counters(10, 20),
            block: counters(3_000, 2_000),
            network_rates: rates(Some(0), Some(0)),
            block_rates: rates(Some(1_000), Some(0)),
            pids: None,
        })
    );
}

#[test]
fn a_counter_that_falls_gives_no_rate() {
    let readings = stream("written/stats-falling.ndjson");
    let second = sample(readings[1]);
    assert_eq!(second.cpu_percent, 0.0);
    assert_eq!(second.network_rates, rates(None, Some(100)));
    assert_eq!(second.block_rates, rates(Some(0), None));
    let third = sample(readings[2]);
    assert_eq!(third.cpu_percent, 10.0);
    assert_eq!(third.network_rates, rates(Some(500), Some(100)));
    let without_network = sample(readings[3]);
    assert_eq!(without_network.network, None);
    assert_eq!(without_network.network_rates, None);
    assert_eq!(without_network.block_rates, rates(Some(0), Some(0)));
    let no_time_went_by = sample(readings[4]);
    assert_eq!(no_time_went_by.network, counters(4_600, 600));
    assert_eq!(no_time_went_by.network_rates, None);
    assert_eq!(no_time_went_by.block_rates, None);
}

#[test]
fn a_stream_begun_anew_begins_with_no_figure_and_no_rate() {
    let frames = file("captures/v28/stats-stream-shop-db-1.ndjson");
    let frames: Vec<RawStats> = frames
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| RawStats::parse(line).unwrap())
        .collect();
    let stopped = RawStats::parse(&file("captures/v28/stats-exited-3.json")).unwrap();
    let mut meter = Meter::default();
    meter.read(&frames[0]);
    assert!(sample(meter.read(&frames[1])).network_rates.is_some());
    assert_eq!(meter.read(&stopped), Reading::Stopped);
    assert_eq!(meter.read(&frames[0]), Reading::First);
    assert!(sample(meter.read(&frames[2])).network_rates.is_some());
}

#[test]
fn odd_values_cost_only_their_own_figure() {
    let sample = sample(one("written/stats-odd.json"));
    assert_eq!(sample.cpu_percent, 20.0);
    assert_eq!(sample.memory_used_bytes, 1_500_000);
    assert_eq!(sample.memory_limit_bytes, 0, "none that is known");
    assert_eq!(sample.network, None);
    assert_eq!(sample.block, None);
    assert_eq!(sample.pids, None);
}

#[test]
fn whatever_is_missing_nothing_panics() {
    let whole: Value = serde_json::from_slice(&file("captures/v28/stats-burner.json")).unwrap();
    let fields: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
    for field in &fields {
        for other in [
            json!(null),
            json!([]),
            json!([null, 1]),
            json!({"cpu_usage": 5, "stats": [], "usage": -1}),
            json!("text"),
            json!(-1),
            json!(1e300),
            json!(true),
        ] {
            let mut answer = whole.clone();
            answer[field] = other.clone();
            let raw = RawStats::parse(&serde_json::to_vec(&answer).unwrap()).unwrap();
            if let Reading::Sample(sample) = Meter::default().read(&raw) {
                assert!(sample.cpu_percent.is_finite(), "{field} {other}");
            }
        }
    }
    for broken in ["", "{", "null", "7", "{\"read\":"] {
        assert!(RawStats::parse(broken.as_bytes()).is_err(), "{broken}");
    }
}
