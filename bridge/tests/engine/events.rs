//! Events: each told once, and every loss told.

use std::time::Duration;

use super::support::{A, Answer, Daemon, Watcher, event, eventually, item, now_nano, quick};
use daemonscope::engine::{SilencePace, Update};
use protocol::{AwayReason, DaemonState, GapReason};

/// In the future of the list, so that none is history.
fn begin() -> i64 {
    now_nano() / 1_000 * 1_000
}

fn fleet() -> Daemon {
    let daemon = Daemon::started();
    daemon.list([item(A, "web", "running")]);
    daemon
}

fn burst(begin: i64, range: std::ops::Range<i64>) -> Vec<String> {
    range
        .map(|number| event(begin + number * 1_000_000, "exec_die", A))
        .collect()
}

fn times(begin: i64, range: std::ops::Range<i64>) -> Vec<i64> {
    range.map(|number| begin + number * 1_000_000).collect()
}

#[tokio::test]
async fn begins_with_a_gap_and_what_the_daemon_remembers() {
    let daemon = fleet();
    let begin = begin();
    daemon.emit_all(burst(begin, 0..5));
    let mut watcher = Watcher::of(&daemon);
    let gap = watcher.gap().await;
    assert_eq!((gap.from_nano, gap.to_nano), (None, begin));
    assert_eq!(gap.reason, GapReason::BridgeStarted);
    assert_eq!(watcher.event_times(), Vec::<i64>::new());
    daemon.emit(event(begin + 5_000_000, "the last one", A));
    watcher.event("the last one").await;
    assert_eq!(watcher.event_times(), times(begin, 0..6));
}

#[tokio::test]
async fn a_cut_stream_goes_on_without_loss_or_double_while_the_ring_reaches_back() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    let begin = begin();
    daemon.emit_all(burst(begin, 0..3));
    eventually("heard", || daemon.count("/events") == 1).await;
    for round in 1..=3_i64 {
        let last = event(
            begin + (round * 300 - 1) * 1_000_000,
            &format!("last of {round}"),
            A,
        );
        daemon.emit(last);
        watcher.event(&format!("last of {round}")).await;
        // as many as the ring holds beside the last one that was heard
        daemon.cut_before(burst(begin, round * 300..round * 300 + 255));
        watcher.away_for(&AwayReason::Closed).await;
        watcher.live().await;
    }
    daemon.emit(event(begin + 5_000_000_000, "end", A));
    watcher.event("end").await;
    let expected: Vec<i64> = times(begin, 0..3)
        .into_iter()
        .chain((1..=3).flat_map(|round| times(begin, round * 300 - 1..round * 300 + 255)))
        .chain([begin + 5_000_000_000])
        .collect();
    assert_eq!(watcher.event_times(), expected);
    assert_eq!(watcher.gaps().len(), 1, "{:?}", watcher.gaps());
}

/// As by a proxy that lets no stream grow old.
#[tokio::test]
async fn a_healthy_stream_that_is_cut_goes_on_without_a_word() {
    let daemon = fleet();
    let mut pace = quick();
    pace.backoff.healthy = Duration::ZERO;
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    watcher.gap().await;
    let begin = begin();
    daemon.emit(event(begin, "before", A));
    watcher.event("before").await;
    for round in 1..=3_i64 {
        daemon.cut_before(burst(begin, round * 10..round * 10 + 5));
        eventually("a new stream", || {
            daemon.count("/events") == usize::try_from(round).unwrap() + 1
        })
        .await;
        daemon.emit(event(begin + (round * 10 + 5) * 1_000_000, "after", A));
        watcher.event("after").await;
    }
    let expected: Vec<i64> = times(begin, 0..1)
        .into_iter()
        .chain((1..=3).flat_map(|round| times(begin, round * 10..round * 10 + 6)))
        .collect();
    assert_eq!(watcher.event_times(), expected);
    assert_eq!(watcher.gaps().len(), 1, "{:?}", watcher.gaps());
    assert_eq!(daemon.count("/containers/json"), 1);
    let is_away = |update: &Update| matches!(update, Update::Daemon(DaemonState::Away(_)));
    assert!(!watcher.told.iter().any(is_away));
}

/// The time that the list takes is no silence of the stream.
#[tokio::test]
async fn a_slow_list_makes_no_gap() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    let begin = begin();
    daemon.emit(event(begin, "before", A));
    watcher.event("before").await;
    daemon.answer_instead(
        "/containers/json",
        Answer::ok(format!("[{}]", item(A, "web", "running"))).after(Duration::from_millis(300)),
    );
    for round in 1..=4_i64 {
        daemon.cut_before(burst(begin, round * 10..round * 10 + 5));
        watcher.live().await;
        daemon.emit(event(begin + (round * 10 + 5) * 1_000_000, "after", A));
        watcher.event("after").await;
    }
    assert_eq!(watcher.gaps().len(), 1, "{:?}", watcher.gaps());
}

#[tokio::test]
async fn a_ping_that_is_not_allowed_is_an_answer() {
    let daemon = fleet();
    daemon.answer_instead("/_ping", Answer::status(403, "no"));
    let mut pace = quick();
    pace.silence.ping_after = Duration::from_millis(30);
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    watcher.gap().await;
    eventually("pings", || daemon.count("/_ping") > 2).await;
    daemon.emit(event(begin(), "after", A));
    watcher.event("after").await;
    assert_eq!(daemon.count("/version"), 1, "it was never away");
}

#[tokio::test]
async fn a_gap_is_as_wide_as_what_the_ring_lost() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    let begin = begin();
    daemon.emit(event(begin, "before", A));
    watcher.event("before").await;
    // one more than the ring can hold beside the last one heard: that one, and no other, is lost
    daemon.cut_before(burst(begin, 1..258));
    watcher.away().await;
    let gap = watcher.gap().await;
    assert_eq!(
        (gap.from_nano, gap.to_nano),
        (Some(begin), begin + 2_000_000)
    );
    assert_eq!(gap.reason, GapReason::RingOverrun);
    daemon.emit(event(begin + 300_000_000, "after", A));
    watcher.event("after").await;
    let expected: Vec<i64> = times(begin, 0..1)
        .into_iter()
        .chain(times(begin, 2..258))
        .chain([begin + 300_000_000])
        .collect();
    assert_eq!(watcher.event_times(), expected);
}

#[tokio::test]
async fn a_restarted_daemon_leaves_a_gap() {
    let mut daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    let begin = begin();
    daemon.emit(event(begin, "before", A));
    watcher.event("before").await;
    daemon.kill();
    watcher.away_for(&AwayReason::Refused).await;
    daemon.emit(event(begin + 7_000_000, "after", A));
    daemon.start();
    let gap = watcher.gap().await;
    assert_eq!(
        (gap.from_nano, gap.to_nano),
        (Some(begin), begin + 7_000_000)
    );
    assert_eq!(gap.reason, GapReason::DaemonRestarted);
    watcher.event("after").await;
}

#[tokio::test]
async fn a_hung_daemon_is_noticed_and_joined_again() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    let begin = begin();
    daemon.emit(event(begin, "before", A));
    watcher.event("before").await;
    daemon.hang(true);
    daemon.emit_all(burst(begin, 1..10));
    let away = watcher.away().await;
    assert_eq!((away.reason, away.attempts), (AwayReason::Hung, 0));
    let away = watcher.away().await;
    assert_eq!((away.reason, away.attempts), (AwayReason::Hung, 1));
    daemon.hang(false);
    watcher.live().await;
    daemon.emit(event(begin + 10_000_000, "after", A));
    watcher.event("after").await;
    assert_eq!(watcher.event_times(), times(begin, 0..11));
    assert_eq!(watcher.gaps().len(), 1);
}

#[tokio::test]
async fn a_quiet_daemon_is_pinged_and_its_stream_begun_anew_without_a_word() {
    let daemon = fleet();
    let mut pace = quick();
    pace.silence = SilencePace {
        ping_after: Duration::from_millis(50),
        resubscribe_after: Duration::from_millis(200),
    };
    let mut watcher = Watcher::with(&daemon.endpoint(), pace);
    watcher.gap().await;
    let begin = begin();
    daemon.emit(event(begin, "before", A));
    watcher.event("before").await;
    eventually("a new stream", || daemon.count("/events") >= 3).await;
    assert!(daemon.count("/_ping") > 0);
    daemon.emit(event(begin + 1_000_000, "after", A));
    watcher.event("after").await;
    assert_eq!(watcher.event_times(), times(begin, 0..2));
    assert_eq!(watcher.gaps().len(), 1);
    assert_eq!(daemon.count("/version"), 1, "it was never away");
    assert_eq!(daemon.count("/containers/json"), 1);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_gap_and_the_stream_goes_on() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    let begin = begin();
    daemon.emit(event(begin, "before", A));
    daemon.emit("{not json");
    daemon.emit(format!(
        r#"{{"Type":"container","Action":"{}"}}"#,
        "x".repeat(2 * 1024 * 1024)
    ));
    daemon.emit("[]");
    daemon.emit(
        r#"{"Type":"pod","Action":"of podman","Actor":{"ID":"p"},"timeNano":1999999999999999999}"#,
    );
    let pod = watcher.event("of podman").await;
    assert_eq!(pod.kind, "pod");
    let gaps = watcher.gaps();
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    assert_eq!(
        (gaps[1].from_nano, gaps[1].reason),
        (Some(begin), GapReason::Unreadable)
    );
    assert_eq!(watcher.handle.counts().costs.unreadable(), 3);
    assert_eq!(watcher.handle.counts().costs.too_long(), 1);
    eventually("a new list", || daemon.count("/containers/json") == 2).await;
    assert_eq!(daemon.count("/version"), 1, "it was never away");
}

#[tokio::test]
async fn credentials_do_not_get_in() {
    let daemon = fleet();
    let mut watcher = Watcher::settled(&daemon).await;
    daemon.emit(format!(
        r#"{{"Type":"container","Action":"exec_create: app --password hunter2","Actor":{{"ID":"{A}","Attributes":{{"db.password":"hunter2"}}}},"timeNano":{}}}"#,
        begin()
    ));
    let event = watcher.event("exec_create: app --password •••").await;
    assert!(event.redacted);
    assert!(!format!("{:?}", watcher.told).contains("hunter2"));
}

#[tokio::test]
async fn each_way_of_being_away_has_its_own_word() {
    let mut daemon = Daemon::absent();
    let mut watcher = Watcher::of(&daemon);
    let first = watcher.away_for(&AwayReason::SocketMissing).await;
    let later = watcher.away().await;
    assert!(later.attempts > first.attempts);
    assert_eq!(later.since_millis, first.since_millis);
    daemon.start();
    watcher.live().await;
    daemon.kill();
    let away = watcher.away_for(&AwayReason::Closed).await;
    assert_eq!(away.attempts, 0);
    watcher.away_for(&AwayReason::Refused).await;
    daemon.answer_instead("/containers/json", Answer::status(403, "no"));
    daemon.start();
    watcher.away_for(&AwayReason::Forbidden(403)).await;
    daemon.answer_as_usual("/containers/json");
    watcher.live().await;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut nowhere = Watcher::with(&format!("tcp://{address}"), quick());
    nowhere.away_for(&AwayReason::Refused).await;
    let mut unknown = Watcher::with("tcp://name.invalid:1", quick());
    let away = unknown.away().await;
    assert!(
        matches!(away.reason, AwayReason::Unreachable(_)),
        "{away:?}"
    );
}
