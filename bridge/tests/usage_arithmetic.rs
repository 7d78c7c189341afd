//! `docker system df` against answers of real engines (`captures`) and written ones (`written`).

use daemonscope::engine::usage::arithmetic::rows;
use protocol::UsageClass;
use serde_json::Value;

/// Total, active, size, reclaimable.
type Figures = (Option<u64>, Option<u64>, Option<i64>, Option<i64>);

fn file(path: &str) -> Vec<u8> {
    let path = format!("{}/tests/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// In the order of the docker command: images, containers, local volumes, build cache.
fn figures(answer: &[u8], engine_version: &str) -> [Figures; 4] {
    let rows = rows(answer, engine_version).expect("an answer");
    assert_eq!(
        rows.iter().map(|row| row.class).collect::<Vec<_>>(),
        [
            UsageClass::Images,
            UsageClass::Containers,
            UsageClass::LocalVolumes,
            UsageClass::BuildCache
        ]
    );
    [0, 1, 2, 3].map(|index| {
        let row = rows[index];
        (row.total, row.active, row.size_bytes, row.reclaimable_bytes)
    })
}

#[test]
fn the_two_shapes_and_the_two_rules() {
    for (path, engine_version, expected) in [
        // what the docker commands of these releases print: `e2e/tests/replay`
        (
            "captures/v20/df.json",
            "20.10.24+dfsg1",
            [
                (8, 2, 20_989_865, 20_989_865 - (7_110_240 - 1_982_256)),
                (16, 10, 0, 0),
                (1, 1, 4_194_304, 0),
                (5, 0, 0, 0),
            ],
        ),
        (
            "captures/v28/df.json",
            "28.5.2+dfsg4",
            [
                (5, 2, 11_078_564, 11_078_564),
                (16, 10, 0, 0),
                (3, 1, 4_194_304, 0),
                (2, 0, 0, 0),
            ],
        ),
        // the same answer by the rule of the next release
        (
            "captures/v28/df.json",
            "29.0.0",
            [
                (5, 2, 11_078_564, 1_984_160 + 2 + 2),
                (16, 10, 0, 0),
                (3, 1, 4_194_304, 0),
                (2, 0, 0, 0),
            ],
        ),
        // asked for one class, the others are null
        (
            "captures/v28/df-volume.json",
            "28.5.2+dfsg4",
            [
                (0, 0, 0, 0),
                (0, 0, 0, 0),
                (3, 1, 4_194_304, 0),
                (0, 0, 0, 0),
            ],
        ),
        (
            "captures/v28/df-container.json",
            "28.5.2+dfsg4",
            [(0, 0, 0, 0), (16, 10, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)],
        ),
        (
            "captures/v28/df-build-cache.json",
            "28.5.2+dfsg4",
            [(0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (2, 0, 0, 0)],
        ),
        // the daemon's own sums, with the lists beside them: all records of the build cache count
        (
            "written/df-1.52.json",
            "29.1.0",
            [
                (3, 1, 1_600, 700),
                (6, 3, 310, 240),
                (3, 1, 1_200, 200),
                (4, 2, 15, 2),
            ],
        ),
        (
            "written/df-1.52-verbose.json",
            "29.1.0",
            [
                (3, 1, 1_600, 700),
                (6, 3, 310, 240),
                (3, 1, 1_200, 200),
                (4, 2, 15, 2),
            ],
        ),
        ("written/df-null.json", "20.10.24", [(0, 0, 0, 0); 4]),
        (
            "written/df-left-out.json",
            "28.0.0",
            [(3, 2, 500, 460), (3, 1, 7, 7), (3, 1, 5, 5), (3, 0, 13, 13)],
        ),
        (
            "written/df-unknown.json",
            "28.0.0",
            [
                // in use and known: 250, and 50 of the image whose containers are not known
                (7, 3, 1_000, 700),
                (2, 1, -28_870_001, -28_870_000),
                (6, 1, 57, 7),
                (0, 0, 0, 0),
            ],
        ),
        (
            "written/df-unknown.json",
            "29.0.0",
            [
                (7, 3, 1_000, 50),
                (2, 1, -28_870_001, -28_870_000),
                (6, 1, 57, 7),
                (0, 0, 0, 0),
            ],
        ),
    ] {
        assert_eq!(
            figures(&file(path), engine_version),
            expected.map(|(total, active, size, reclaimable)| {
                (Some(total), Some(active), Some(size), Some(reclaimable))
            }),
            "{path} of {engine_version}"
        );
    }
}

#[test]
fn the_lists_alone_give_the_sums_of_the_daemon() {
    let mut answer: Value = serde_json::from_slice(&file("written/df-1.52.json")).unwrap();
    let with_sums = rows(&serde_json::to_vec(&answer).unwrap(), "29.1.0").unwrap();
    for class in ["Image", "Container", "Volume", "BuildCache"] {
        answer
            .as_object_mut()
            .unwrap()
            .remove(&format!("{class}Usage"));
    }
    let of_lists = rows(&serde_json::to_vec(&answer).unwrap(), "29.1.0").unwrap();
    assert_eq!(with_sums[..3], of_lists[..3]);
    // API 1.52 counts all records of the build cache, the lists' rule only those that nothing shares
    assert_eq!(
        (with_sums[3].size_bytes, of_lists[3].size_bytes),
        (Some(15), Some(3))
    );
    assert_eq!(
        with_sums[3].reclaimable_bytes,
        of_lists[3].reclaimable_bytes
    );
}

#[test]
fn the_rule_follows_the_release() {
    let answer = br#"{"LayersSize":100,"Images":[{"Containers":1,"Size":30,"SharedSize":10},{"Containers":0,"Size":7,"SharedSize":2}]}"#;
    for (version, reclaimable) in [
        ("17.03.1-ce", 80),
        ("20.10.24+dfsg1", 80),
        ("28.5.2", 80),
        ("4.3.1", 80),
        ("29.0.0", 5),
        ("30.1.0-rc.2", 5),
        ("dev", 5),
        ("", 5),
        ("0.0.0-20260801", 80),
    ] {
        assert_eq!(
            rows(answer, version).unwrap()[0].reclaimable_bytes,
            Some(reclaimable),
            "{version}"
        );
    }
}

#[test]
fn what_is_not_json_is_an_error() {
    for broken in ["", "{", "null", "Internal Server Error"] {
        assert!(rows(broken.as_bytes(), "28.0.0").is_err(), "{broken}");
    }
}
