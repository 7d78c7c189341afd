//! The table of `docs/metrics.md`, against what is served.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use daemonscope::store;

use crate::{
    fleet::{USAGE, labelled, steady},
    page::Page,
    scrape::Scrape,
    support::{A, Answer, B, Daemon, event, item, now_nano},
    web_support::{keeping, watching},
};

/// Type and labels of a metric.
type Row = (String, BTreeSet<String>);

/// The rows that begin with a metric's name: `| `name` | type | `label`, `label` | … |`.
fn table(document: &str) -> BTreeMap<String, Row> {
    document
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [name, kind, labels, help] = cells[..] else {
                panic!("a row of four cells: {line}");
            };
            assert!(!help.is_empty(), "{line}");
            let labels = labels.split('`').skip(1).step_by(2).map(str::to_owned);
            (
                name.trim_matches('`').to_owned(),
                (kind.to_owned(), labels.collect()),
            )
        })
        .collect()
}

/// Scrapes that have every family between them, those too that need a page, events or an absent daemon.
async fn rare_families() -> Vec<Scrape> {
    let absent = watching(&Daemon::absent().endpoint()).await;
    let away = Scrape::until(&absent, "away", |scrape| {
        scrape.count("daemonscope_daemon_away") > 0
    })
    .await;
    absent.stop().await;

    let folder = std::env::temp_dir().join(format!("metrics-store-{}", std::process::id()));
    let data = store::Options {
        folder: folder.clone(),
        keep: Duration::from_secs(3600),
        max_bytes: 1024 * 1024,
    };
    let daemon = Daemon::started();
    daemon.list([
        labelled(A, "web", "web:1", "shop", "web"),
        item(B, "done", "exited"),
    ]);
    let ended = r#"{"Id":"ID","State":{"Status":"exited","ExitCode":3},"RestartCount":2}"#;
    daemon.inspection(B, ended.replace("ID", B));
    let runs = r#"{"Id":"ID","State":{"Status":"running","StartedAt":"2026-01-02T03:04:05Z",
        "Health":{"Status":"healthy"}}}"#;
    daemon.inspection(A, runs.replace("ID", A));
    daemon.usage([Answer::ok(USAGE)]);
    steady(&daemon);
    let bridge = keeping(&daemon.endpoint(), data).await;
    let mut page = Page::open(&bridge).await;
    page.snapshot().await;
    daemon.emit(event(now_nano(), "restart", A));
    let everything = Scrape::until(&bridge, "everything", |scrape| {
        [
            "disk_usage_size_bytes",
            "events_total",
            "container_pids",
            "container_exit_code",
            "container_start_timestamp_seconds",
            "engine_cpus",
        ]
        .iter()
        .all(|name| scrape.count(&format!("daemonscope_{name}")) > 0)
    })
    .await;
    bridge.stop().await;
    std::fs::remove_dir_all(&folder).unwrap();
    vec![away, everything]
}

#[tokio::test]
async fn every_metric_is_documented_and_every_documented_one_is_there() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/metrics.md");
    let documented = table(&std::fs::read_to_string(path).unwrap());
    let mut served: BTreeMap<String, Row> = BTreeMap::new();
    for scrape in rare_families().await {
        for (name, family) in scrape.families {
            served.insert(name, (family.kind.to_owned(), family.labels));
        }
    }
    let names = |rows: &BTreeMap<String, Row>| rows.keys().cloned().collect::<BTreeSet<_>>();
    let (in_document, in_output) = (names(&documented), names(&served));
    let missing: Vec<_> = in_output.difference(&in_document).collect();
    assert!(missing.is_empty(), "not in docs/metrics.md: {missing:#?}");
    let gone: Vec<_> = in_document.difference(&in_output).collect();
    assert!(gone.is_empty(), "only in docs/metrics.md: {gone:#?}");
    assert_eq!(documented, served);
}
