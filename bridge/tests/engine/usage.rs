//! Disk usage: when it is read, and what is said of it.

use std::time::Duration;

use daemonscope::engine::{StatsDemand, Update};
use protocol::{UsageClass, UsageFailure};

use super::support::{A, Answer, Daemon, Watcher, event, eventually, item, now_nano, quick};

const READING: &[u8] = include_bytes!("../captures/v20/df.json");

fn fleet(answers: impl IntoIterator<Item = Answer>) -> Daemon {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.usage(answers);
    daemon
}

fn readings(daemon: &Daemon) -> usize {
    daemon.count("/system/df")
}

#[tokio::test]
async fn is_read_only_while_somebody_looks_and_something_changed() {
    let daemon = fleet([Answer::ok(READING)]);
    let mut watcher = Watcher::settled(&daemon).await;
    daemon.emit(event(now_nano(), "create", A));
    watcher.event("create").await;
    watcher.demand(StatsDemand::All, false);
    assert_eq!(readings(&daemon), 0);

    watcher.demand(StatsDemand::None, true);
    let state = watcher
        .usage("a reading", |state| state.last.is_some())
        .await;
    assert!(!state.stale && state.failure.is_none() && state.reading_since_millis.is_none());
    let usage = state.last.unwrap();
    assert_eq!(usage.rows.len(), 4);
    assert_eq!(usage.rows[0].class, UsageClass::Images);
    assert!(usage.read_at_millis > 0);

    // nothing changed: it is not read again, however long somebody looks
    tokio::time::sleep(quick().usage.shortest * 2).await;
    assert_eq!(readings(&daemon), 1);

    // two changes cost one reading, and not at once
    daemon.emit_all([
        event(now_nano(), "create", A),
        event(now_nano() + 1, "destroy", A),
    ]);
    watcher.usage("stale", |state| state.stale).await;
    watcher
        .usage("read again", |state| !state.stale && state.last.is_some())
        .await;
    assert_eq!(readings(&daemon), 2);
    daemon.emit(event(now_nano(), "exec_create: x", A));
    daemon.emit(event(now_nano() + 1, "the last one", A));
    watcher.event("the last one").await;

    watcher.demand(StatsDemand::None, false);
    daemon.emit(event(now_nano() + 2, "create", A));
    watcher.usage("stale", |state| state.stale).await;
    tokio::time::sleep(quick().usage.shortest * 2).await;
    assert_eq!(readings(&daemon), 2);
}

/// What the daemon remembers of the time before the reading is in the reading.
#[tokio::test]
async fn a_backlog_of_events_does_not_make_it_stale() {
    let daemon = fleet([Answer::ok(READING)]);
    daemon.emit(event(now_nano() - 60_000_000_000, "create", A));
    let mut watcher = Watcher::of(&daemon);
    watcher.demand(StatsDemand::None, true);
    watcher.event("create").await;
    daemon.emit(event(now_nano(), "the last one", A));
    watcher.event("the last one").await;
    let stale = |update: &Update| matches!(update, Update::Usage(state) if state.stale);
    assert!(!watcher.told.iter().any(stale));
}

#[tokio::test]
async fn the_next_reading_waits_twenty_times_what_the_last_took() {
    let daemon = fleet([
        Answer::ok(READING).after(Duration::from_millis(60)),
        Answer::ok(READING),
    ]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::None, true);
    let first = watcher
        .usage("a reading", |state| state.last.is_some())
        .await
        .last
        .unwrap();
    assert!(first.took_millis >= 60);
    daemon.emit(event(now_nano(), "create", A));
    let second = watcher
        .usage("another", |state| {
            state
                .last
                .as_ref()
                .is_some_and(|usage| usage.read_at_millis != first.read_at_millis)
        })
        .await
        .last
        .unwrap();
    let between = second.read_at_millis - first.read_at_millis;
    assert!(between >= 20 * 60, "{between} ms");
    assert_eq!(daemon.usage_most(), 1);
}

#[tokio::test]
async fn never_two_at_once() {
    let daemon = fleet([Answer::ok(READING).after(Duration::from_millis(200))]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::None, true);
    watcher
        .usage("begun", |state| state.reading_since_millis.is_some())
        .await;
    for number in 0..20 {
        watcher.demand(StatsDemand::None, number % 2 == 1);
        daemon.emit(event(now_nano() + number, "create", A));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // what changed while it was read is not in it
    let state = watcher
        .usage("a reading", |state| state.last.is_some())
        .await;
    assert!(state.stale);
    assert_eq!(daemon.usage_most(), 1);
    assert_eq!(readings(&daemon), 1);
}

#[tokio::test]
async fn each_failure_has_its_own_word() {
    let daemon = fleet([
        Answer::status(500, "a disk usage operation is already running"),
        Answer::status(403, "no"),
        Answer::status(500, "the disk is on fire"),
        Answer::ok("<html>"),
        Answer::ok(READING).after(Duration::from_secs(60)),
        Answer::ok(READING),
    ]);
    let mut pace = quick();
    pace.usage.times_taken = 1;
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    watcher.gap().await;
    watcher.demand(StatsDemand::None, true);
    let mut failures = Vec::new();
    while failures.len() < 5 {
        let state = watcher
            .usage("a failure", |state| {
                state.failure.is_some() && state.reading_since_millis.is_none()
            })
            .await;
        failures.extend(state.failure);
    }
    assert_eq!(failures[0], UsageFailure::Busy);
    assert_eq!(failures[1], UsageFailure::Forbidden(403));
    assert_eq!(
        failures[2],
        UsageFailure::Failed("the disk is on fire".to_owned())
    );
    assert!(matches!(&failures[3], UsageFailure::Failed(text) if text.contains("cannot be read")));
    assert_eq!(failures[4], UsageFailure::TimedOut { limit_millis: 600 });
    let state = watcher
        .usage("a reading", |state| state.last.is_some())
        .await;
    assert_eq!(state.failure, None);
}

#[tokio::test]
async fn a_daemon_that_was_away_makes_it_stale() {
    let mut daemon = fleet([Answer::ok(READING)]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.demand(StatsDemand::None, true);
    watcher
        .usage("a reading", |state| state.last.is_some())
        .await;
    daemon.kill();
    watcher.away().await;
    daemon.start();
    watcher.usage("stale", |state| state.stale).await;
    watcher.usage("read again", |state| !state.stale).await;
    eventually("two readings", || readings(&daemon) == 2).await;
    let states: Vec<_> = watcher
        .told
        .iter()
        .filter(|update| matches!(update, Update::Usage(state) if state.last.is_none()))
        .collect();
    assert!(states.len() <= 1, "{states:?}");
}
