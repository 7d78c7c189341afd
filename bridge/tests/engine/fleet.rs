//! The fleet, from the list and from events.

use std::time::Duration;

use super::support::{
    A, Answer, B, Daemon, Watcher, event, eventually, inspection, item, now_nano, quick,
};
use daemonscope::engine::{StatsDemand, Update};
use protocol::{Health, State};

fn fleet() -> Daemon {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon.inspection(A, inspection(A, "web", "running"));
    daemon
}

#[tokio::test]
async fn subscribes_before_it_lists_and_lists_before_it_inspects() {
    let daemon = fleet();
    let mut watcher = Watcher::of(&daemon);
    let listed = watcher.listed().await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].details, None);
    watcher.detailed().await;
    let asked = daemon.asked();
    let at = |part: &str| asked.iter().position(|line| line.contains(part)).unwrap();
    assert!(at("/version") < at("/events"));
    assert!(at("/events") < at("/containers/json"));
    assert!(at("/containers/json") < at(&format!("/containers/{A}/json")));
}

#[tokio::test]
async fn a_new_container_shows_at_once_and_costs_one_call() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.detailed().await;
    daemon.forget_asked();
    daemon.inspection(B, inspection(B, "new", "running"));
    let now = now_nano();
    daemon.emit_all([
        event(now, "create", B),
        event(now + 1, "attach", B),
        event(now + 2, "start", B),
    ]);

    let first = watcher
        .changed("the container", |container| container.id == B)
        .await;
    assert_eq!((first.name.as_str(), first.image.as_str()), ("web", "bb:1"));
    assert_eq!((first.state, first.details), (State::Created, None));
    watcher
        .changed("started", |container| container.state == State::Running)
        .await;
    let known = watcher
        .changed("its details", |container| container.details.is_some())
        .await;
    assert_eq!(known.name, "new");
    assert_eq!(daemon.count("/containers/"), 1, "{:?}", daemon.asked());
}

#[tokio::test]
async fn many_changes_at_once_cost_one_call() {
    let daemon = fleet();
    let mut pace = quick();
    // longer than a busy machine needs to take in fifty events
    pace.inspections.coalesce = Duration::from_secs(2);
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    watcher.gap().await;
    watcher.detailed().await;
    daemon.forget_asked();
    daemon.inspection(A, inspection(A, "inspected", "running"));
    let now = now_nano();
    let changes = [
        "die",
        "start",
        "pause",
        "unpause",
        "health_status: unhealthy",
    ];
    daemon.emit_all((0..50).map(|number| {
        let at = now + i64::try_from(number).unwrap();
        event(at, changes[number % changes.len()], A)
    }));
    let sick = watcher
        .changed("unhealthy", |container| {
            container.health == Some(Health::Unhealthy)
        })
        .await;
    assert_eq!(sick.state, State::Running);
    watcher
        .changed("inspected", |container| container.name == "inspected")
        .await;
    assert_eq!(daemon.count("/containers/"), 1, "{:?}", daemon.asked());
}

#[tokio::test]
async fn four_are_inspected_at_a_time() {
    let daemon = Daemon::started();
    let id = |number: usize| format!("{number:064x}");
    daemon.list((0..12).map(|number| item(&id(number), "web", "running")));
    for number in 0..12 {
        daemon.inspection(&id(number), inspection(&id(number), "web", "running"));
    }
    daemon.inspections_take(Duration::from_millis(30));
    let mut watcher = Watcher::of(&daemon);
    for _ in 0..12 {
        watcher
            .changed("details", |container| container.details.is_some())
            .await;
    }
    assert_eq!(daemon.inspections_most(), 4);
    assert_eq!(daemon.count("/containers/0"), 12);
}

#[tokio::test]
async fn an_item_that_cannot_be_read_costs_itself_only() {
    let daemon = Daemon::started();
    daemon.list([
        item(A, "web", "a state of tomorrow"),
        "null".to_owned(),
        r#"{"Id":7}"#.to_owned(),
        format!(r#"{{"Id":"{B}","Names":null,"Ports":{{}},"Labels":[],"State":null}}"#),
    ]);
    daemon.inspection(A, "{broken".to_owned());
    daemon.inspection(B, inspection(B, "odd", "stopped"));
    let mut watcher = Watcher::of(&daemon);
    let listed = watcher.listed().await;
    let mut states: Vec<_> = listed
        .iter()
        .map(|container| container.state.word())
        .collect();
    states.sort_unstable();
    assert_eq!(states, ["a state of tomorrow", "unknown"]);
    let odd = watcher
        .changed("the other", |container| container.id == B)
        .await;
    assert_eq!((odd.name.as_str(), odd.state.word()), ("odd", "stopped"));
    let costs = watcher.handle.counts().costs.clone();
    eventually("counted", || costs.unreadable() == 3).await;
}

#[tokio::test]
async fn what_is_gone_is_told_gone() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.detailed().await;
    daemon.emit(event(now_nano(), "destroy", A));
    let gone = |update: &Update| match update {
        Update::Gone(id) => Some(id.to_string()),
        _ => None,
    };
    assert_eq!(watcher.next("gone", gone).await, A);

    // its end was not told, but it is not there when it is asked for
    daemon.emit(event(now_nano(), "create", B));
    watcher
        .changed("created", |container| container.id == B)
        .await;
    assert_eq!(watcher.next("gone", gone).await, B);
}

/// What happened before the list is in it: it must not be played again over it.
#[tokio::test]
async fn a_backlog_of_events_changes_nothing_that_the_list_says() {
    let daemon = fleet();
    let past = now_nano() - 60_000_000_000;
    daemon.emit_all([
        event(past, "die", A),
        event(past + 1, "destroy", A),
        event(past + 2, "create", B),
    ]);
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.event("create").await;
    watcher.detailed().await;
    daemon.emit(event(now_nano(), "the last one", A));
    watcher.event("the last one").await;
    let changed: Vec<_> = watcher
        .told
        .iter()
        .filter_map(|update| match update {
            Update::Changed(container) => Some((container.id.as_str(), container.state.clone())),
            Update::Gone(id) => Some((id, State::Dead)),
            _ => None,
        })
        .collect();
    assert_eq!(changed, [(A, State::Running)]);
}

/// A list may take long, and what happened while it was gathered is not in it.
#[tokio::test]
async fn what_begins_while_the_list_is_gathered_is_not_missed() {
    let daemon = fleet();
    daemon.answer_instead(
        "/containers/json",
        Answer::ok(format!("[{}]", item(A, "web", "running"))).after(Duration::from_secs(3)),
    );
    daemon.inspection(B, inspection(B, "new", "created"));
    let mut watcher = Watcher::of(&daemon);
    eventually("asked", || daemon.count("/containers/json") == 1).await;
    daemon.emit(event(now_nano(), "create", B));
    watcher
        .changed("the container", |container| container.id == B)
        .await;
}

/// An answer that was on its way does not take back what an event has told since.
#[tokio::test]
async fn a_list_does_not_undo_what_happened_after_it() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    watcher.detailed().await;
    daemon.inspection(B, inspection(B, "new", "created"));
    daemon.answer_instead(
        "/containers/json",
        Answer::ok(format!("[{}]", item(A, "web", "running"))).after(Duration::from_millis(300)),
    );
    daemon.emit("{not an event");
    eventually("asked again", || daemon.count("/containers/json") == 2).await;
    daemon.emit(event(now_nano(), "create", B));
    watcher
        .changed("created", |container| container.id == B)
        .await;
    assert_eq!(watcher.listed().await.len(), 1);
    watcher
        .changed("still there", |container| container.id == B)
        .await;
    watcher
        .changed("its details", |container| {
            container.id == B && container.details.is_some()
        })
        .await;
}

#[tokio::test]
async fn everything_ends_soon_after_it_is_told_to() {
    for hung in [false, true] {
        let daemon = fleet();
        let watcher = Watcher::settled(&daemon).await;
        watcher.demand(StatsDemand::All, true);
        eventually("a stream", || daemon.stats_open() > 0).await;
        daemon.hang(hung);
        watcher.cancel.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(1), watcher.handle.ended());
        assert!(ended.await.is_ok(), "hung: {hung}");
    }
}
