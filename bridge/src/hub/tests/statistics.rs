use protocol::{
    Away, AwayReason, ClientMsg, ContainerKey, DaemonState, Refusal, SeriesFrame, SeriesWanted,
    StatsFrame, StatsWanted,
};

use super::*;

const A: ContainerKey = ContainerKey(1);
const B: ContainerKey = ContainerKey(2);
const SECOND: Duration = Duration::from_secs(1);

async fn live_bench(ids: &[&str]) -> Bench {
    let bench = Bench::new();
    bench
        .tell(Update::Daemon(DaemonState::Live { since_millis: 5 }))
        .await;
    bench
        .tell(Update::Listed(ids.iter().map(|id| container(id)).collect()))
        .await;
    bench.settle().await;
    bench
}

async fn next_stats(page: &mut Page) -> StatsFrame {
    loop {
        if let ServerMsg::Stats(frame) = page.next().await {
            return frame;
        }
    }
}

async fn series(page: &mut Page, key: ContainerKey) -> SeriesFrame {
    let wanted = SeriesWanted {
        keys: vec![key],
        points: None,
    };
    page.say(ClientMsg::Series(wanted)).await;
    loop {
        if let ServerMsg::Series(frame) = page.next().await {
            return frame;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_tick_tells_each_viewer_only_what_changed_of_what_it_looks_at() {
    let bench = live_bench(&["a", "b"]).await;
    let (mut all, _) = bench.watching(stats(StatsWanted::All)).await;
    let (mut one, _) = bench.watching(stats(StatsWanted::One(B))).await;
    let (mut none, _) = bench.watching(stats(StatsWanted::None)).await;
    bench.sample("a", 1.0).await;
    bench.sample("b", 2.0).await;
    let frame = next_stats(&mut all).await;
    assert_eq!(frame.cpu_hundredths.keys, [ContainerKey::SUM, A, B]);
    assert_eq!(frame.cpu_hundredths.values, [300, 100, 200]);
    let frame = next_stats(&mut one).await;
    assert_eq!(frame.cpu_hundredths.keys, [B]);

    bench.sample("a", 1.5).await;
    bench.sample("b", 2.0).await;
    let frame = next_stats(&mut all).await;
    assert_eq!(frame.cpu_hundredths.keys, [ContainerKey::SUM, A]);
    assert!(frame.memory_used_bytes.keys.is_empty());
    tokio::time::sleep(10 * SECOND).await;
    let beat = next_stats(&mut one).await;
    assert!(
        beat.cpu_hundredths.keys.is_empty() && beat.at_millis == frame.at_millis,
        "nothing of its container changed, which is a sign of life: {beat:?}"
    );
    assert_eq!(one.waiting(), [], "and nothing without a sample");
    assert_eq!(none.waiting(), []);

    bench.tell(Update::SampleLost("b".into())).await;
    assert_eq!(next_stats(&mut all).await.lost, [B]);
    assert_eq!(next_stats(&mut one).await.lost, [B]);
}

#[tokio::test(start_paused = true)]
async fn of_a_thousand_rows_those_that_did_not_change_cost_no_byte() {
    let ids: Vec<String> = (0..1000).map(|number| format!("c{number:03}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let bench = live_bench(&ids).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    let sample_all = async |odd: f64| {
        for id in &ids {
            let cpu_percent = if *id == "c500" { odd } else { 1.0 };
            bench.sample(id, cpu_percent).await;
        }
        bench.settle().await;
    };
    sample_all(1.0).await;
    while next_stats(&mut page).await.cpu_hundredths.keys.len() < 1001 {}

    sample_all(1.5).await;
    let one = next_stats(&mut page).await;
    assert_eq!(
        one.cpu_hundredths.keys,
        [ContainerKey::SUM, ContainerKey(501)]
    );
    sample_all(1.5).await;
    let none = next_stats(&mut page).await;
    let sign_of_life = StatsFrame {
        at_millis: none.at_millis,
        ..StatsFrame::default()
    };
    assert_eq!(none, sign_of_life);
    let bytes = |frame: StatsFrame| Encoding::Postcard.encode(&ServerMsg::Stats(frame)).len();
    assert!(
        bytes(one) <= bytes(sign_of_life) + 2 * (2 + 3),
        "two rows of one column: a key and a value each"
    );

    bench
        .tell(Update::Listed(ids.iter().map(|id| container(id)).collect()))
        .await;
    bench.settle().await;
    assert_eq!(page.waiting(), [], "the same list again is no news");
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_and_one_that_looks_elsewhere_begin_anew() {
    let bench = live_bench(&["a", "b"]).await;
    let (mut first, _) = bench.watching(stats(StatsWanted::All)).await;
    bench.sample("a", 1.0).await;
    bench.sample("b", 2.0).await;
    next_stats(&mut first).await;

    let mut second = bench.page().await;
    second.look_at(stats(StatsWanted::All)).await;
    let frame = next_stats(&mut second).await;
    assert!(frame.reset);
    assert_eq!(frame.cpu_hundredths.values, [300, 100, 200]);

    second.look_at(stats(StatsWanted::One(A))).await;
    let frame = next_stats(&mut second).await;
    assert!(frame.reset);
    assert_eq!(frame.cpu_hundredths.keys, [A]);

    second
        .look_at(stats(StatsWanted::One(ContainerKey(99))))
        .await;
    assert!(next_stats(&mut second).await.cpu_hundredths.keys.is_empty());
    assert_eq!(
        second.next().await,
        ServerMsg::Refused(Refusal::UnknownContainer(ContainerKey(99)))
    );
}

#[tokio::test(start_paused = true)]
async fn what_nobody_wants_is_not_kept_and_leaves_a_hole() {
    let bench = live_bench(&["a"]).await;
    bench.sample("a", 1.0).await;
    bench.settle().await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    assert!(
        series(&mut page, A).await.segments.is_empty(),
        "nobody had asked for it"
    );

    for second in 0..3 {
        bench.sample("a", f64::from(second)).await;
        next_stats(&mut page).await;
    }
    drop(page);
    tokio::time::sleep(8 * SECOND).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    bench.sample("a", 9.0).await;
    assert_eq!(
        next_stats(&mut page).await.cpu_hundredths.values,
        [900, 900]
    );
    for key in [A, ContainerKey::SUM] {
        let segments = series(&mut page, key).await.segments;
        assert_eq!(segments.len(), 2, "{key:?}");
        assert_eq!(segments[0].cpu_hundredths, [0, 100, 200]);
        assert_eq!(segments[1].cpu_hundredths, [900]);
        assert!(segments[1].start_millis >= segments[0].start_millis + 8000);
    }
}

#[tokio::test(start_paused = true)]
async fn the_sum_waits_for_all_and_not_for_ever() {
    let bench = live_bench(&["a", "b"]).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    let began = Instant::now();
    bench.sample("a", 1.0).await;
    assert_eq!(next_stats(&mut page).await.cpu_hundredths.keys, [A]);
    let frame = next_stats(&mut page).await;
    assert_eq!(frame.cpu_hundredths.keys, [ContainerKey::SUM]);
    assert!((5..=7).contains(&began.elapsed().as_secs()));
}

#[tokio::test(start_paused = true)]
async fn the_sum_is_unknown_while_the_daemon_is_away_and_nothing_while_nothing_runs() {
    let bench = live_bench(&["a"]).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    bench.sample("a", 1.0).await;
    next_stats(&mut page).await;

    let away = Away {
        reason: AwayReason::Closed,
        since_millis: 6,
        retry_at_millis: None,
        attempts: 1,
    };
    bench.tell(Update::Daemon(DaemonState::Away(away))).await;
    bench.tell(Update::SampleLost("a".into())).await;
    assert_eq!(next_stats(&mut page).await.lost, [ContainerKey::SUM, A]);

    bench
        .tell(Update::Daemon(DaemonState::Live { since_millis: 7 }))
        .await;
    bench.tell(Update::Listed(vec![])).await;
    let frame = next_stats(&mut page).await;
    assert_eq!(frame.cpu_hundredths.keys, [ContainerKey::SUM]);
    assert_eq!(frame.cpu_hundredths.values, [0]);
}

#[tokio::test(start_paused = true)]
async fn after_an_absence_the_sum_waits_for_all_again() {
    let bench = live_bench(&["a", "b"]).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    bench.sample("a", 1.0).await;
    bench.sample("b", 2.0).await;
    next_stats(&mut page).await;
    tokio::time::sleep(30 * SECOND).await;
    for id in ["a", "b"] {
        bench.tell(Update::SampleLost(id.into())).await;
    }
    next_stats(&mut page).await;

    bench
        .tell(Update::Daemon(DaemonState::Live { since_millis: 7 }))
        .await;
    bench.sample("a", 1.0).await;
    assert_eq!(next_stats(&mut page).await.cpu_hundredths.keys, [A]);
    bench.sample("b", 2.0).await;
    let frame = next_stats(&mut page).await;
    assert_eq!(frame.cpu_hundredths.values, [300, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_daemon_that_falls_silent_leaves_a_hole_in_the_sum() {
    let bench = live_bench(&["a"]).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    bench.sample("a", 1.0).await;
    next_stats(&mut page).await;
    tokio::time::sleep(30 * SECOND).await;
    bench.sample("a", 2.0).await;
    next_stats(&mut page).await;
    assert_eq!(series(&mut page, ContainerKey::SUM).await.segments.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_daemon_with_another_clock_is_drawn_on_ours() {
    let bench = live_bench(&["a"]).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::One(A))).await;
    let mut sample = sample(START_MILLIS + 3_600_000, 1.0);
    bench.tell(Update::Sample("a".into(), sample)).await;
    bench.settle().await;
    tokio::time::sleep(2 * SECOND).await;
    sample.read_at_millis = START_MILLIS + 1900;
    bench.tell(Update::Sample("a".into(), sample)).await;
    bench.settle().await;
    let segments = series(&mut page, A).await.segments;
    assert_eq!(segments.len(), 1);
    assert!((START_MILLIS..START_MILLIS + 1000).contains(&segments[0].start_millis));
    assert_eq!(
        segments[0].start_millis + u64::from(segments[0].steps_millis[1]),
        START_MILLIS + 1900
    );
}

#[tokio::test]
async fn series_of_unknown_containers_and_too_many_at_once_are_refused() {
    let bench = live_bench(&["a"]).await;
    let (mut page, _) = bench.watching(stats(StatsWanted::All)).await;
    let keys = vec![A, ContainerKey(77), ContainerKey::SUM];
    page.say(ClientMsg::Series(SeriesWanted {
        keys,
        points: Some(10),
    }))
    .await;
    let empty = |key| {
        ServerMsg::Series(SeriesFrame {
            key,
            segments: vec![],
        })
    };
    let mut told = Vec::new();
    while told.len() < 3 {
        match page.next().await {
            ServerMsg::Stats(_) => {}
            other => told.push(other),
        }
    }
    let unknown = ServerMsg::Refused(Refusal::UnknownContainer(ContainerKey(77)));
    assert_eq!(told, [empty(A), unknown, empty(ContainerKey::SUM)]);

    page.say(ClientMsg::Series(SeriesWanted {
        keys: vec![A; 5000],
        points: None,
    }))
    .await;
    let mut answers = 0;
    loop {
        match page.next().await {
            ServerMsg::Series(_) => answers += 1,
            ServerMsg::Refused(refusal) => {
                assert_eq!(refusal, Refusal::TooMuch { limit: 1024 });
                break;
            }
            _ => {}
        }
    }
    assert_eq!(answers, 1024);
}
