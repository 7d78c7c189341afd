use model::{DaemonState, Usage, UsageClass, UsageFailure, UsageRow, UsageState};
use page::pages;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::Stage;

fn stage() -> Stage {
    Stage::show(|| leptos::view! { <pages::Usage /> })
}

fn reading(at_millis: u64) -> Usage {
    let row = |class, total, active, size_bytes, reclaimable_bytes| UsageRow {
        class,
        total: Some(total),
        active: Some(active),
        size_bytes: Some(size_bytes),
        reclaimable_bytes: Some(reclaimable_bytes),
    };
    Usage {
        read_at_millis: at_millis,
        took_millis: 420,
        rows: vec![
            row(UsageClass::Images, 32, 23, 12_960_000_000, 783_100_000),
            row(UsageClass::Containers, 24, 21, 93_550_000, 4_597_000),
            row(UsageClass::LocalVolumes, 12, 10, 32_010_000_000, 0),
            row(UsageClass::BuildCache, 2, 0, 0, 0),
        ],
    }
}

#[wasm_bindgen_test]
async fn it_is_the_table_of_the_docker_command() {
    let stage = stage();
    stage.until_says("The first reading is under way").await;
    let now = stage.connection.now_untracked();
    stage.usage.put(UsageState {
        last: Some(reading(now)),
        ..UsageState::default()
    });
    stage.until_says("nothing changed since").await;
    assert_eq!(
        stage.texts("thead th"),
        ["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"]
    );
    let rows: Vec<Vec<String>> = (1..=4)
        .map(|row| stage.texts(&format!("tbody tr:nth-child({row}) > *")))
        .collect();
    assert_eq!(
        rows,
        [
            ["Images", "32", "23", "12.96GB", "783.1MB (6%)"],
            ["Containers", "24", "21", "93.55MB", "4.597MB (4%)"],
            ["Local Volumes", "12", "10", "32.01GB", "0B (0%)"],
            ["Build Cache", "2", "0", "0B", "0B"],
        ]
    );
    assert!(stage.text().contains("took 0.4 s"));
    let picture = stage.one("[role=img]").get_attribute("aria-label");
    assert!(picture.is_some_and(|words| words.starts_with("Images 29% of all")));
}

#[wasm_bindgen_test]
async fn what_is_not_known_is_said_and_makes_a_sum_the_least() {
    let stage = stage();
    let mut last = reading(stage.connection.now_untracked());
    last.rows[0].reclaimable_bytes = None;
    last.rows[1].active = None;
    last.rows[2].total = None;
    last.rows[2].size_bytes = None;
    stage.usage.put(UsageState {
        last: Some(last),
        ..UsageState::default()
    });
    stage.until_says("nothing changed since").await;
    let rows: Vec<Vec<String>> = (1..=3)
        .map(|row| stage.texts(&format!("tbody tr:nth-child({row}) > *")))
        .collect();
    assert_eq!(
        rows,
        [
            ["Images", "32", "23", "12.96GB", "unknown"],
            ["Containers", "24", "unknown", "93.55MB", "4.597MB (4%)"],
            ["Local Volumes", "unknown", "10", "unknown", "0B"],
        ]
    );
    let sums = stage.texts(".figure-value");
    assert_eq!(sums.len(), 2);
    assert!(
        sums.iter().all(|sum| sum.starts_with("at least ")),
        "{sums:?}"
    );
    assert!(stage.text().contains(
        "The daemon did not tell the size of local volumes, nor what is reclaimable of images (dotted)."
    ));
    assert_eq!(stage.texts(".usage-part.is-unknown"), ["unknown"]);
    let picture = stage.one("[role=img]").get_attribute("aria-label");
    assert_eq!(
        picture.as_deref(),
        Some(
            "Images 99% of what is known; Containers 1% of what is known, of which 5% reclaimable; \
             Local Volumes not known; Build Cache 0% of what is known, of which 0% reclaimable"
        )
    );
}

#[wasm_bindgen_test]
async fn a_change_makes_it_stale_and_says_when_it_is_read_again() {
    let stage = stage();
    let now = stage.connection.now_untracked();
    stage.usage.put(UsageState {
        last: Some(reading(now)),
        stale: true,
        ..UsageState::default()
    });
    stage
        .until_says("something changed since: read again in ")
        .await;
}

#[wasm_bindgen_test]
async fn no_reading_is_said_to_be_under_way_without_a_daemon() {
    let stage = stage();
    stage.connection.set_daemon(DaemonState::Connecting);
    stage.until_says("Waiting for the daemon").await;
    assert!(!stage.text().contains("under way"));
}

#[wasm_bindgen_test]
async fn each_failure_has_its_own_words() {
    let stage = stage();
    for (failure, words) in [
        (UsageFailure::Busy, "The daemon is busy"),
        (UsageFailure::Forbidden(403), "Not permitted"),
        (
            UsageFailure::TimedOut {
                limit_millis: 60_000,
            },
            "did not answer within 1 min",
        ),
        (
            UsageFailure::Failed("disk on fire".to_owned()),
            "It says: disk on fire",
        ),
    ] {
        stage.usage.put(UsageState {
            failure: Some(failure),
            ..UsageState::default()
        });
        stage.until_says(words).await;
    }
    stage.usage.put(UsageState {
        last: Some(reading(1)),
        failure: Some(UsageFailure::Busy),
        ..UsageState::default()
    });
    stage.until_says("Shown: the last reading.").await;
    assert!(stage.text().contains("12.96GB"));
}
