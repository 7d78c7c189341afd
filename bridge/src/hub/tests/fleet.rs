use protocol::{ContainerKey, DaemonState, EngineInfo, State, StatsWanted, UsageState};

use super::*;
use crate::engine::StatsDemand;

#[tokio::test]
async fn a_refusal_of_the_facts_is_told_with_every_snapshot_while_it_lasts() {
    let bench = Bench::new();
    bench.tell(Update::InfoRefused(Some(403))).await;
    bench.settle().await;
    let mut page = bench.page().await;
    page.look_at(Interest::default()).await;
    assert!(matches!(page.next().await, ServerMsg::Snapshot(_)));
    assert_eq!(page.next().await, ServerMsg::InfoRefused(Some(403)));
    assert!(matches!(page.next().await, ServerMsg::Stats(_)));
    bench.tell(Update::InfoRefused(Some(403))).await;
    bench.tell(Update::InfoRefused(None)).await;
    assert_eq!(page.next().await, ServerMsg::InfoRefused(None));
    bench.watching(Interest::default()).await;
}

#[tokio::test]
async fn a_snapshot_holds_all_that_is_known_and_then_only_changes_come() {
    let bench = Bench::new();
    let engine = EngineInfo {
        version: "28.5.2".to_owned(),
        ..EngineInfo::default()
    };
    bench
        .tell(Update::Daemon(DaemonState::Live { since_millis: 5 }))
        .await;
    bench.tell(Update::Engine(Box::new(engine.clone()))).await;
    bench
        .tell(Update::Listed(vec![container("a"), container("b")]))
        .await;
    bench.settle().await;

    let (mut page, snapshot) = bench.watching(Interest::default()).await;
    assert_eq!(snapshot.endpoint, "unix:///test.sock");
    assert!(!snapshot.demo);
    assert!(snapshot.at_millis >= START_MILLIS);
    assert_eq!(snapshot.daemon, DaemonState::Live { since_millis: 5 });
    assert_eq!(snapshot.engine, Some(Box::new(engine.clone())));
    let keys: Vec<_> = snapshot
        .containers
        .iter()
        .map(|one| (one.key.0, &*one.id))
        .collect();
    assert_eq!(keys, [(1, "a"), (2, "b")]);

    // The same again is no news.
    bench
        .tell(Update::Daemon(DaemonState::Live { since_millis: 5 }))
        .await;
    bench.tell(Update::Engine(Box::new(engine))).await;
    bench
        .tell(Update::Listed(vec![container("a"), container("b")]))
        .await;
    bench.tell(Update::Usage(UsageState::default())).await;
    bench.settle().await;
    assert_eq!(page.waiting(), []);

    let exited = Container {
        state: State::Exited,
        ..container("a")
    };
    bench.tell(Update::Changed(Box::new(exited.clone()))).await;
    let ServerMsg::Fleet(delta) = page.next().await else {
        panic!("a change of the fleet");
    };
    assert_eq!(
        delta.changed,
        [Container {
            key: ContainerKey(1),
            ..exited
        }]
    );
    bench.tell(Update::Gone("b".into())).await;
    let ServerMsg::Fleet(delta) = page.next().await else {
        panic!("a change of the fleet");
    };
    assert_eq!(
        (delta.changed.len(), delta.gone),
        (0, vec![ContainerKey(2)])
    );

    let stale = UsageState {
        stale: true,
        ..UsageState::default()
    };
    bench.tell(Update::Usage(stale.clone())).await;
    assert_eq!(page.next().await, ServerMsg::Usage(stale));
    bench.tell(Update::Daemon(DaemonState::Connecting)).await;
    assert_eq!(
        page.next().await,
        ServerMsg::Daemon(DaemonState::Connecting)
    );
}

#[tokio::test]
async fn one_that_has_not_said_what_it_looks_at_gets_nothing() {
    let bench = Bench::new();
    let mut page = bench.page().await;
    bench.tell(Update::Listed(vec![container("a")])).await;
    bench.tell(event(1)).await;
    bench.settle().await;
    assert_eq!(page.waiting(), []);
}

#[tokio::test]
async fn viewers_of_one_encoding_share_the_bytes_of_a_frame() {
    let bench = Bench::new();
    let (mut one, _) = bench.watching(Interest::default()).await;
    let (mut other, _) = bench.watching(Interest::default()).await;
    let mut script = bench.hub.attach(Encoding::Json).await.unwrap();
    script
        .say(ClientMsg::Interest(Interest::default()))
        .await
        .unwrap();
    script.next().await.unwrap();
    script.next().await.unwrap();

    bench.tell(Update::Listed(vec![container("a")])).await;
    let (frame, same) = (one.0.next().await.unwrap(), other.0.next().await.unwrap());
    assert_eq!(frame.as_ptr(), same.as_ptr());
    let told: ServerMsg = Encoding::Json
        .decode(&script.next().await.unwrap())
        .unwrap();
    assert_eq!(Encoding::Postcard.decode(&frame), Ok(told));
}

#[tokio::test(start_paused = true)]
async fn the_demand_is_what_all_viewers_want_together() {
    let bench = Bench::new();
    bench
        .tell(Update::Listed(vec![container("a"), container("b")]))
        .await;
    bench.settle().await;
    let mut demand = bench.demand.clone();
    assert_eq!(*demand.borrow(), Demand::default());

    let (one, _) = bench
        .watching(stats(StatsWanted::One(ContainerKey(1))))
        .await;
    let (other, _) = bench
        .watching(stats(StatsWanted::One(ContainerKey(2))))
        .await;
    let some = |ids: &[&str]| StatsDemand::Some(ids.iter().map(|&id| id.into()).collect());
    assert_eq!(demand.borrow_and_update().stats, some(&["a", "b"]));

    let usage = Interest {
        usage: true,
        ..stats(StatsWanted::All)
    };
    one.look_at(usage).await;
    demand.changed().await.unwrap();
    assert_eq!(
        *demand.borrow_and_update(),
        Demand {
            watched: true,
            stats: StatsDemand::All,
            usage: true
        }
    );

    // Usage is dropped at once, statistics linger.
    let began = Instant::now();
    drop(one);
    demand.changed().await.unwrap();
    assert_eq!(
        *demand.borrow_and_update(),
        Demand {
            watched: true,
            stats: StatsDemand::All,
            usage: false
        }
    );
    demand.changed().await.unwrap();
    assert_eq!(demand.borrow_and_update().stats, some(&["b"]));
    assert_eq!(began.elapsed().as_secs(), 5);

    drop(other);
    demand.changed().await.unwrap();
    let lingers = demand.borrow_and_update().clone();
    assert_eq!((lingers.watched, lingers.stats), (false, some(&["b"])));
    demand.changed().await.unwrap();
    assert_eq!(*demand.borrow_and_update(), Demand::default());
    assert!(began.elapsed() <= Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_loaded_anew_finds_its_streams_running() {
    let bench = Bench::new();
    let (page, _) = bench.watching(stats(StatsWanted::All)).await;
    let mut demand = bench.demand.clone();
    assert_eq!(demand.borrow_and_update().stats, StatsDemand::All);
    drop(page);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(demand.borrow_and_update().stats, StatsDemand::All);
    let (_page, _) = bench.watching(stats(StatsWanted::All)).await;
    assert_eq!(demand.borrow_and_update().stats, StatsDemand::All);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(!demand.has_changed().unwrap());
}
