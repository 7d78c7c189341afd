//! A daemon that is not there, not yet, or only in part: what is told meanwhile.

use std::time::Duration;

use super::support::{
    Answer, B, Daemon, Watcher, event, eventually, inspection, item, now_nano, quick,
};
use daemonscope::engine::{Pace, Update};
use protocol::{Away, AwayReason, DaemonState, EngineInfo};

/// What is told while an attempt is under way.
async fn under_way(watcher: &mut Watcher) -> Away {
    watcher
        .next("away, with an attempt under way", |update| match update {
            Update::Daemon(DaemonState::Away(away)) if away.retry_at_millis.is_none() => {
                Some(away.clone())
            }
            _ => None,
        })
        .await
}

fn impatient() -> Pace {
    let mut pace = quick();
    pace.patience.connecting = Duration::from_millis(50);
    pace.limits.ping = Duration::from_secs(60);
    pace.limits.connect = Duration::from_secs(60);
    pace
}

#[tokio::test]
async fn a_first_attempt_that_takes_long_is_told_as_what_it_is() {
    let daemon = Daemon::started();
    daemon.hang(true);
    let mut watcher = Watcher::with(&daemon.endpoint(), impatient());
    let away = under_way(&mut watcher).await;
    assert_eq!((away.reason, away.attempts), (AwayReason::Starting, 0));
    daemon.hang(false);
    watcher.live().await;
    assert_eq!(daemon.count("/version"), 1, "it is the same attempt");

    // its queue is full, so the system does not even answer
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(
        Duration::from_millis(200),
        tokio::net::TcpStream::connect(address),
    )
    .await
    {
        queued.push(stream);
    }
    let mut watcher = Watcher::with(&format!("tcp://{address}"), impatient());
    let away = under_way(&mut watcher).await;
    let expected = AwayReason::Unreachable("no connection after 0.05 s".to_owned());
    assert_eq!((away.reason, away.attempts), (expected, 0));
}

#[tokio::test]
async fn a_silent_daemon_is_starting_and_only_later_hung() {
    let mut daemon = Daemon::started();
    daemon.hang(true);
    let mut pace = quick();
    pace.limits.ping = Duration::from_millis(50);
    pace.patience.starting = Duration::from_millis(500);
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    let first = watcher.away().await;
    assert_eq!((first.reason, first.attempts), (AwayReason::Starting, 1));
    watcher.away_for(&AwayReason::Hung).await;
    // one that was down may be starting again
    daemon.kill();
    watcher.away_for(&AwayReason::Refused).await;
    daemon.start();
    watcher.away_for(&AwayReason::Starting).await;
    daemon.hang(false);
    watcher.live().await;
}

async fn facts(watcher: &mut Watcher) -> (EngineInfo, Option<u16>) {
    let engine = watcher
        .next("facts", |update| match update {
            Update::Engine(engine) => Some((**engine).clone()),
            _ => None,
        })
        .await;
    let refused = watcher
        .next("whether more is refused", |update| match update {
            Update::InfoRefused(status) => Some(*status),
            _ => None,
        })
        .await;
    (engine, refused)
}

#[tokio::test]
async fn facts_that_are_refused_leave_the_versions() {
    let daemon = Daemon::started();
    daemon.answer_instead("/info", Answer::status(403, "no"));
    let mut watcher = Watcher::of(&daemon);
    let (engine, refused) = facts(&mut watcher).await;
    assert_eq!(refused, Some(403));
    assert_eq!(engine.version, "20.10.24");
    assert_eq!((&*engine.api_version, engine.cpus), ("1.41", None));

    daemon.answer_as_usual("/info");
    let reload = || {
        let line = event(now_nano(), "reload", B);
        daemon.emit(line.replace("container", "daemon"));
    };
    reload();
    let (whole, refused) = facts(&mut watcher).await;
    assert_eq!(refused, None);
    assert!(whole.cpus > Some(0) && !whole.name.is_empty());

    // a daemon that fails once takes nothing back
    daemon.answer_instead("/info", Answer::status(500, "no memory"));
    reload();
    let (known, refused) = facts(&mut watcher).await;
    assert_eq!((known.name, refused), (whole.name, None));
}

#[tokio::test]
async fn a_web_page_is_told_in_a_line() {
    let daemon = Daemon::started();
    let page = format!(
        "<html><head>\n<title>It is\nbroken</title></head><body>{}</body></html>",
        "<p>sorry</p>\n".repeat(2_000)
    );
    daemon.answer_instead(
        "/version",
        Answer {
            status: 500,
            ..Answer::ok(page)
        },
    );
    let away = Watcher::of(&daemon).away().await;
    let told = "status 500: a web page, \"It is broken\"".to_owned();
    assert_eq!(away.reason, AwayReason::NotAnEngine(told));
}

#[tokio::test]
async fn inspections_that_are_stuck_hold_up_no_other() {
    let daemon = Daemon::started();
    let stuck = ["1", "2", "3", "4"].map(|digit| digit.repeat(64));
    for id in &stuck {
        let never = Answer::ok("{}").after(Duration::from_secs(600));
        daemon.answer_instead(&format!("/containers/{id}/json"), never);
    }
    daemon.list(stuck.iter().map(|id| item(id, "stuck", "running")));
    daemon.inspection(B, inspection(B, "free", "running"));
    let mut pace = quick();
    pace.limits.answer = Duration::from_secs(600);
    pace.inspections.slow_after = Duration::from_millis(100);
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    watcher.gap().await;
    eventually("four that are stuck", || {
        stuck
            .iter()
            .all(|id| daemon.count(&format!("/containers/{id}/json")) == 1)
    })
    .await;
    daemon.emit(event(now_nano(), "start", B));
    let free = watcher
        .changed("the one that is free", |container| {
            container.id == B && container.details.is_some()
        })
        .await;
    assert_eq!(free.name, "free");
}
