//! Both forms of the text, of a fleet that has everything.

use crate::{
    demo_engine::DemoEngine,
    scrape::{OPEN_METRICS, PLAIN, Scrape},
    web_support::{get, watching},
};

#[tokio::test]
async fn both_forms_say_the_same_of_a_whole_fleet() {
    let engine = DemoEngine::start();
    let bridge = watching(&engine.endpoint()).await;
    let scrape = Scrape::until(&bridge, "samples of all that run", |scrape| {
        let running = scrape
            .series
            .iter()
            .filter(|(series, value)| {
                series.name == "daemonscope_container_running" && **value == 1.0
            })
            .count();
        running > 10 && scrape.count("daemonscope_container_pids") == running
    })
    .await;
    let by_state: f64 = scrape
        .series
        .iter()
        .filter(|(series, _)| series.name == "daemonscope_containers")
        .map(|(_, count)| count)
        .sum();
    assert_eq!(
        by_state,
        scrape.count("daemonscope_container_running") as f64
    );
    assert!(scrape.count("daemonscope_container_healthy") > 0);
    assert_eq!(scrape.value("daemonscope_daemon_up", &[]), Some(1.0));

    // what changes between two scrapes is values, and a container or an event now and then
    let open = get(&bridge, "/metrics", &[OPEN_METRICS]).await;
    let plain = get(&bridge, "/metrics", &[PLAIN]).await;
    assert_eq!(
        plain.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    assert!(open.body.ends_with("\n# EOF\n"), "the whole of it");
    let (open, plain) = (
        Scrape::open_metrics(&open.body),
        Scrape::prometheus(&plain.body),
    );
    assert_eq!(open.families, plain.families);
    bridge.stop().await;
}
