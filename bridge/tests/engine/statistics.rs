//! Statistics: a stream for each running container that somebody looks at.

use std::{collections::BTreeSet, time::Duration};

use daemonscope::engine::{StatsDemand, Update};

use super::support::{
    A, Answer, B, Daemon, PATIENCE, Watcher, event, eventually, inspection, item, now_nano, quick,
};

fn fleet() -> Daemon {
    let daemon = Daemon::started();
    daemon.list([
        item(A, "web", "running"),
        item(B, "db", "paused"),
        item(&"c".repeat(64), "old", "exited"),
    ]);
    daemon.inspection(A, inspection(A, "web", "running"));
    daemon.inspection(B, inspection(B, "db", "paused"));
    daemon.inspection(
        &"c".repeat(64),
        inspection(&"c".repeat(64), "old", "exited"),
    );
    daemon
}

async fn sample(watcher: &mut Watcher, of: &str) -> f64 {
    watcher
        .next("a sample", |update| match update {
            Update::Sample(id, sample) if **id == *of => Some(sample.cpu_percent),
            _ => None,
        })
        .await
}

async fn lost(watcher: &mut Watcher, of: &str) {
    watcher
        .next("lost", |update| match update {
            Update::SampleLost(id) if **id == *of => Some(()),
            _ => None,
        })
        .await;
}

#[tokio::test]
async fn streams_are_open_while_somebody_looks() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.detailed().await;
    assert_eq!(daemon.count("/stats"), 0);

    watcher.demand(StatsDemand::All, false);
    sample(&mut watcher, A).await;
    sample(&mut watcher, B).await;
    assert_eq!(daemon.stats_open(), 2);
    // more of the same demand costs nothing
    watcher.demand(
        StatsDemand::Some(BTreeSet::from([A.into(), B.into()])),
        false,
    );
    sample(&mut watcher, A).await;
    assert_eq!(daemon.count("/stats"), 2);

    watcher.demand(StatsDemand::Some(BTreeSet::from([A.into()])), false);
    lost(&mut watcher, B).await;
    eventually("one stream", || daemon.stats_open() == 1).await;
    watcher.demand(StatsDemand::None, false);
    lost(&mut watcher, A).await;
    eventually("no stream", || daemon.stats_open() == 0).await;
    assert_eq!(daemon.count("/stats"), 2);
    for line in daemon.asked().iter().filter(|line| line.contains("/stats")) {
        assert!(line.ends_with("/stats?stream=1"), "{line}");
    }
}

/// The first frame has nothing to compare with: a figure made of it is the average since the container began.
#[tokio::test]
async fn the_first_frame_of_a_stream_is_no_sample() {
    let frames: Vec<&str> = include_str!("../captures/v28/stats-stream-shop-db-1.ndjson")
        .lines()
        .collect();
    let daemon = fleet();
    daemon.stats(&[frames[0], frames[1]]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::All, false);
    let expected = cpu_percent(frames[1]);
    assert!((expected - cpu_percent(frames[0])).abs() > 0.1);
    let first = sample(&mut watcher, A).await;
    assert!((first - expected).abs() < 1e-9, "{first}");
    daemon.cut();
    watcher.live().await;
    let again = sample(&mut watcher, A).await;
    assert!((again - expected).abs() < 1e-9, "{again}");
}

/// The docker command's own formula.
fn cpu_percent(frame: &str) -> f64 {
    let frame: serde_json::Value = serde_json::from_str(frame).unwrap();
    let at = |path: &str| {
        frame
            .pointer(path)
            .and_then(serde_json::Value::as_f64)
            .unwrap_or(0.0)
    };
    let cpu = at("/cpu_stats/cpu_usage/total_usage") - at("/precpu_stats/cpu_usage/total_usage");
    let system = at("/cpu_stats/system_cpu_usage") - at("/precpu_stats/system_cpu_usage");
    cpu / system * at("/cpu_stats/online_cpus") * 100.0
}

#[tokio::test]
async fn a_container_that_stops_has_no_figures() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.detailed().await;
    watcher.demand(StatsDemand::All, false);
    sample(&mut watcher, A).await;
    daemon.inspection(A, inspection(A, "web", "exited"));
    daemon.emit(event(now_nano(), "die", A));
    lost(&mut watcher, A).await;
    eventually("one stream", || daemon.stats_open() == 1).await;
    daemon.inspection(A, inspection(A, "web", "running"));
    daemon.emit(event(now_nano(), "start", A));
    sample(&mut watcher, A).await;
}

/// As engines send for containers without processes: for ever, and with the year 1.
#[tokio::test]
async fn zeros_are_no_sample() {
    let zeros = include_str!("../captures/v20/stats-stream-exited-3.ndjson")
        .lines()
        .next()
        .unwrap();
    let real: Vec<&str> = include_str!("../captures/v20/stats-stream-shop-db-1.ndjson")
        .lines()
        .collect();
    let daemon = fleet();
    daemon.stats(&[zeros, zeros, real[0], real[1], zeros]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::Some(BTreeSet::from([A.into()])), false);
    sample(&mut watcher, A).await;
    lost(&mut watcher, A).await;
    sample(&mut watcher, A).await;
    for update in &watcher.told {
        if let Update::Sample(_, sample) = update {
            assert!(
                sample.read_at_millis > 0 && sample.memory_used_bytes > 0,
                "{sample:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_silent_stream_loses_its_figures_and_is_begun_anew() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::Some(BTreeSet::from([A.into()])), false);
    sample(&mut watcher, A).await;
    daemon.hang(true);
    lost(&mut watcher, A).await;
    daemon.hang(false);
    sample(&mut watcher, A).await;
}

#[tokio::test]
async fn one_odd_frame_costs_itself_only() {
    let real: Vec<&str> = include_str!("../captures/v28/stats-stream-shop-db-1.ndjson")
        .lines()
        .collect();
    let daemon = fleet();
    daemon.stats(&[real[0], "{broken", "null", real[1]]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::Some(BTreeSet::from([A.into()])), false);
    for _ in 0..3 {
        sample(&mut watcher, A).await;
    }
    assert_eq!(daemon.count("/stats"), 1);
    assert!(watcher.handle.counts().costs.unreadable() > 0);
}

#[tokio::test]
async fn a_stream_that_ends_is_begun_anew_without_a_word() {
    let daemon = fleet();
    daemon.answer_instead(
        &format!("{A}/stats"),
        Answer::ok(format!(
            "{}\n",
            include_str!("../captures/v28/stats-stream-shop-db-1.ndjson")
                .lines()
                .take(3)
                .collect::<Vec<_>>()
                .join("\n")
        )),
    );
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::Some(BTreeSet::from([A.into()])), false);
    for _ in 0..6 {
        sample(&mut watcher, A).await;
    }
    assert!(daemon.count("/stats") >= 3);
    assert!(
        !watcher
            .told
            .iter()
            .any(|update| matches!(update, Update::SampleLost(_)))
    );
}

/// A pace that cannot be doubled stands for any bug.
#[tokio::test]
async fn a_stream_that_panics_is_noticed() {
    let daemon = fleet();
    daemon.answer_instead("/stats", Answer::status(500, "no statistics here"));
    let mut pace = quick();
    pace.stats.again = Duration::MAX;
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    watcher.live().await;
    let broken = watcher.handle.broken();
    tokio::pin!(broken);
    assert!(futures_util::poll!(&mut broken).is_pending());
    watcher.demand(StatsDemand::All, false);
    tokio::time::timeout(PATIENCE, broken).await.unwrap();
}
