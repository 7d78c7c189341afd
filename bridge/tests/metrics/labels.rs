//! Names that a daemon may tell, and what they do to the text.

use std::collections::BTreeMap;

use crate::{
    fleet::{labelled, listing, steady},
    scrape::{PLAIN, Scrape},
    support::{A, B},
    web_support::{get, watching},
};

#[tokio::test]
async fn no_name_gets_out_of_its_quotes() {
    let hostile = [
        ("q\"uote\"} 1", "back\\slash\\", "new\nline", "{a=\"b\"}"),
        ("로그 수집기", "레지스트리/이미지:1", "쇼핑", "웹 서버"),
        ("# EOF", "", "# TYPE x counter", " "),
    ];
    let daemon = listing(hostile.iter().enumerate().map(
        |(number, (name, image, project, service))| {
            labelled(&format!("{number:064x}"), name, image, project, service)
        },
    ));
    steady(&daemon);
    let bridge = watching(&daemon.endpoint()).await;
    let scrape = Scrape::until(&bridge, "samples", |scrape| {
        scrape.count("daemonscope_container_pids") == hostile.len()
    })
    .await;
    let plain = get(&bridge, "/metrics", &[PLAIN]).await;
    let plain = Scrape::prometheus(&plain.body);
    for scrape in [&scrape, &plain] {
        for (name, image, project, service) in hostile {
            let labels: BTreeMap<_, _> = [
                ("name", name),
                ("image", image),
                ("project", project),
                ("service", service),
            ]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
            let labels: Vec<_> = labels.into_iter().collect();
            for metric in ["running", "pids", "cpu_seconds_total"] {
                let metric = format!("daemonscope_container_{metric}");
                assert!(
                    scrape.value(&metric, &labels).is_some(),
                    "{metric} {labels:?}"
                );
            }
        }
        for series in scrape.series.keys() {
            let values = series.labels.values();
            assert!(
                !values.into_iter().any(|value| value.contains("0000000000")),
                "no id is a label: {series:?}"
            );
        }
    }
    bridge.stop().await;
}

#[tokio::test]
async fn two_containers_of_one_name_are_one_series() {
    // the daemon tells of the new one before it tells that the old one is gone
    let daemon = listing([
        labelled(B, "web", "web:2", "shop", "web"),
        labelled(A, "web", "web:1", "shop", "web"),
        labelled(&"c".repeat(64), "", "odd", "", ""),
        labelled(&"d".repeat(64), "", "odd", "", ""),
    ]);
    let bridge = watching(&daemon.endpoint()).await;
    let scrape = Scrape::until(&bridge, "the list", |scrape| {
        scrape.count("daemonscope_containers") > 0
    })
    .await;
    assert_eq!(scrape.count("daemonscope_container_running"), 2);
    assert_eq!(
        scrape.value("daemonscope_containers", &[("state", "running")]),
        Some(4.0)
    );
    bridge.stop().await;
}
