//! What of `/system/df` cannot be read, and what that costs.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

use daemonscope::engine::usage::arithmetic::rows;
use serde_json::{Value, json};

/// The rows of images, containers, local volumes and build cache: total, active, size, reclaimable, `?` where unknown.
fn figures(answer: &Value, release: u32) -> [String; 4] {
    let answer = serde_json::to_vec(answer).unwrap();
    let rows = rows(&answer, &format!("{release}.1.0")).unwrap();
    let word = |figure: Option<i64>| figure.map_or("?".to_owned(), |figure| figure.to_string());
    let count = |figure: Option<u64>| figure.map(|figure| i64::try_from(figure).unwrap());
    [0, 1, 2, 3].map(|index| {
        let row = rows[index];
        [
            count(row.total),
            count(row.active),
            row.size_bytes,
            row.reclaimable_bytes,
        ]
        .map(word)
        .join(" ")
    })
}

fn written(name: &str) -> Value {
    let path = format!("{}/tests/written/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Each has something else in one place of an answer that is readable as a whole.
fn check(answer: &Value, cases: &[(&str, u32, Value, usize, &str)]) {
    for (path, release, other, class, expected) in cases {
        let mut spoilt = answer.clone();
        *spoilt.pointer_mut(path).expect(path) = other.clone();
        let mut rows = figures(answer, *release);
        (*expected).clone_into(&mut rows[*class]);
        assert_eq!(figures(&spoilt, *release), rows, "{path}: {other}");
    }
}

const IMAGES: usize = 0;
const CONTAINERS: usize = 1;
const VOLUMES: usize = 2;
const CACHE: usize = 3;

#[test]
fn a_sum_that_cannot_be_read_is_unknown_alone() {
    let whole = written("df-1.52.json");
    let mut sums = whole.clone();
    sums.as_object_mut()
        .unwrap()
        .retain(|name, _| name.ends_with("Usage"));
    check(
        &sums,
        &[
            (
                "/ImageUsage/TotalCount",
                29,
                json!("many"),
                IMAGES,
                "? 1 1600 700",
            ),
            (
                "/ImageUsage/ActiveCount",
                29,
                json!(-1),
                IMAGES,
                "3 ? 1600 700",
            ),
            (
                "/ImageUsage/TotalSize",
                29,
                json!([1600]),
                IMAGES,
                "3 1 ? 700",
            ),
            (
                "/ImageUsage/Reclaimable",
                29,
                json!(0.5),
                IMAGES,
                "3 1 1600 ?",
            ),
            (
                "/ImageUsage/Reclaimable",
                29,
                json!(1e300),
                IMAGES,
                "3 1 1600 ?",
            ),
            (
                "/ImageUsage/Reclaimable",
                29,
                json!("700"),
                IMAGES,
                "3 1 1600 700",
            ),
            // as what is left out, null is zero to the docker command
            (
                "/ImageUsage/Reclaimable",
                29,
                Value::Null,
                IMAGES,
                "3 1 1600 0",
            ),
            ("/ImageUsage", 29, json!({}), IMAGES, "0 0 0 0"),
            ("/ImageUsage", 29, json!([]), IMAGES, "? ? ? ?"),
            ("/VolumeUsage", 29, json!("none"), VOLUMES, "? ? ? ?"),
        ],
    );
    // the lists beside them tell it too
    check(
        &whole,
        &[("/ContainerUsage", 29, json!(7), CONTAINERS, "6 3 310 240")],
    );
}

#[test]
fn an_item_that_cannot_be_read_makes_unknown_what_it_is_a_part_of() {
    let mut lists = written("df-1.52.json");
    lists
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !name.ends_with("Usage"));
    check(
        &lists,
        &[
            ("/LayersSize", 29, json!({}), IMAGES, "3 1 ? 700"),
            ("/LayersSize", 28, json!({}), IMAGES, "3 1 ? ?"),
            ("/Images", 29, json!({}), IMAGES, "? ? 1600 ?"),
            ("/Images/1", 29, json!(7), IMAGES, "3 ? 1600 ?"),
            ("/Images/1", 28, json!(7), IMAGES, "3 ? 1600 ?"),
            ("/Images/1", 29, Value::Null, IMAGES, "3 1 1600 300"),
            (
                "/Images/1/Containers",
                29,
                json!("some"),
                IMAGES,
                "3 ? 1600 ?",
            ),
            ("/Images/1/Size", 29, json!("big"), IMAGES, "3 1 1600 ?"),
            (
                "/Images/1/SharedSize",
                29,
                json!(true),
                IMAGES,
                "3 1 1600 ?",
            ),
            // of an image that the rule does not count
            ("/Images/0/Size", 29, json!("big"), IMAGES, "3 1 1600 700"),
            ("/Images/1/Size", 28, json!("big"), IMAGES, "3 1 1600 800"),
            ("/Images/0/Size", 28, json!("big"), IMAGES, "3 1 1600 ?"),
            ("/Containers", 28, json!("none"), CONTAINERS, "? ? ? ?"),
            ("/Containers/3", 28, json!("exited"), CONTAINERS, "6 ? ? ?"),
            (
                "/Containers/3/SizeRw",
                28,
                json!("80"),
                CONTAINERS,
                "6 3 310 240",
            ),
            ("/Containers/3/SizeRw", 28, json!({}), CONTAINERS, "6 3 ? ?"),
            (
                "/Containers/0/SizeRw",
                28,
                json!({}),
                CONTAINERS,
                "6 3 ? 240",
            ),
            ("/Containers/0/State", 28, json!(3), CONTAINERS, "6 ? 310 ?"),
            (
                "/Containers/0/State",
                28,
                json!("stopped"),
                CONTAINERS,
                "6 2 310 250",
            ),
            ("/Volumes/1", 28, json!("b"), VOLUMES, "3 ? ? ?"),
            ("/Volumes/1/UsageData", 28, json!([]), VOLUMES, "3 ? ? ?"),
            (
                "/Volumes/1/UsageData",
                28,
                Value::Null,
                VOLUMES,
                "3 1 1000 0",
            ),
            (
                "/Volumes/1/UsageData/Size",
                28,
                json!({}),
                VOLUMES,
                "3 1 ? ?",
            ),
            (
                "/Volumes/0/UsageData/Size",
                28,
                json!({}),
                VOLUMES,
                "3 1 ? 200",
            ),
            (
                "/Volumes/0/UsageData/RefCount",
                28,
                json!({}),
                VOLUMES,
                "3 ? 1200 ?",
            ),
            (
                "/Volumes/0/UsageData/RefCount",
                28,
                Value::Null,
                VOLUMES,
                "3 0 1200 1200",
            ),
            ("/BuildCache/1", 28, json!("y"), CACHE, "4 ? ? ?"),
            ("/BuildCache/1/Size", 28, json!("x"), CACHE, "4 2 ? ?"),
            ("/BuildCache/0/Size", 28, json!("x"), CACHE, "4 2 ? 2"),
            ("/BuildCache/2/Size", 28, json!("x"), CACHE, "4 2 3 2"),
            ("/BuildCache/1/InUse", 28, json!("no"), CACHE, "4 ? 3 ?"),
            ("/BuildCache/2/InUse", 28, json!(0), CACHE, "4 ? 3 2"),
            ("/BuildCache/1/Shared", 28, json!("no"), CACHE, "4 2 ? ?"),
            ("/BuildCache/0/Shared", 28, json!("no"), CACHE, "4 2 ? 2"),
        ],
    );
}

#[test]
fn an_answer_full_of_oddities_tells_what_is_left() {
    assert_eq!(
        figures(&written("df-odd.json"), 29),
        ["5 ? 1000 ?", "? ? ? ?", "2 ? ? ?", "2 ? 7 ?"]
    );
}
