//! A slow viewer: what it misses is made good, and nobody else notices.

use protocol::{ContainerKey, FleetDelta, StatsWanted};

use super::{super::viewer::OUTBOX, *};

#[tokio::test(start_paused = true)]
async fn a_slow_viewer_is_set_right_when_it_catches_up_and_others_miss_nothing() {
    let bench = Bench::new();
    bench.tell(Update::Listed(vec![container("a")])).await;
    let (mut slow, _) = bench.watching(stats(StatsWanted::All)).await;
    let (mut quick, _) = bench.watching(Interest::default()).await;

    for change in 0..200 {
        let renamed = Container {
            name: change.to_string(),
            ..container("a")
        };
        bench.tell(Update::Changed(Box::new(renamed))).await;
        let ServerMsg::Fleet(FleetDelta { changed, .. }) = quick.next().await else {
            panic!("only changes of the fleet come");
        };
        assert_eq!(changed[0].name, change.to_string());
    }

    let waiting = slow.waiting();
    assert_eq!(waiting.len(), OUTBOX, "what waits for it is bounded");
    let ServerMsg::Snapshot(snapshot) = slow.next().await else {
        panic!("what it missed is made good by a snapshot");
    };
    assert_eq!(snapshot.containers[0].name, "199");
    let ServerMsg::Stats(frame) = slow.next().await else {
        panic!("statistics begin anew after a snapshot");
    };
    assert!(frame.reset);

    bench.tell(Update::Gone("a".into())).await;
    let gone = vec![ContainerKey(1)];
    assert_eq!(
        slow.next().await,
        ServerMsg::Fleet(FleetDelta {
            changed: vec![],
            gone
        })
    );
}

#[tokio::test(start_paused = true)]
async fn old_statistics_do_not_queue_up_for_a_slow_viewer() {
    let bench = Bench::new();
    bench.tell(Update::Listed(vec![container("a")])).await;
    bench.settle().await;
    let (mut slow, _) = bench
        .watching(stats(StatsWanted::One(ContainerKey(1))))
        .await;
    for second in 0..60 {
        bench.sample("a", f64::from(second)).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let waiting = slow.waiting();
    assert!(waiting.len() <= 5, "{} frames wait", waiting.len());
    let ServerMsg::Stats(frame) = slow.next().await else {
        panic!("only statistics come");
    };
    assert!(frame.reset);
    assert_eq!(
        frame.cpu_hundredths.values,
        [5900],
        "the newest, and nothing in between"
    );
}

#[tokio::test]
async fn the_hub_ends_for_its_viewers_when_it_is_told_to() {
    let bench = Bench::new();
    let (mut page, _) = bench.watching(Interest::default()).await;
    let hub = bench.hub.clone();
    drop(bench);
    assert_eq!(page.0.next().await, None);
    assert!(hub.daemon().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn entries_that_come_close_together_are_told_together() {
    let bench = Bench::new();
    let (mut page, _) = bench.watching(events(0, None)).await;
    let began = Instant::now();
    for nano in 1..=50 {
        bench.tell(event(nano)).await;
        bench.settle().await;
    }
    let mut frames = Vec::new();
    while frames.iter().sum::<usize>() < 50 {
        if let ServerMsg::Events(frame) = page.next().await {
            frames.push(frame.entries.len());
        }
    }
    assert_eq!(frames, [50]);
    assert!(began.elapsed() < Duration::from_millis(5));
    for nano in [60, 70] {
        bench.tell(event(nano)).await;
        let ServerMsg::Events(frame) = page.next().await else {
            panic!("only entries come");
        };
        assert_eq!(frame.entries.len(), 1);
    }
    let took = began.elapsed().as_millis();
    assert!(
        (20..30).contains(&took),
        "no sooner after another: {took} ms"
    );
}
