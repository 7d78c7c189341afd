use protocol::{Away, AwayReason, ContainerKey, DaemonState, Usage, UsageFailure, UsageState};

use super::*;
use crate::{
    engine::StatsDemand,
    hub::{Look, Picture, VISIT},
};

const A: ContainerKey = ContainerKey(1);
const B: ContainerKey = ContainerKey(2);
const PATIENCE: Duration = Duration::from_secs(3);
const ALL: Look = Look {
    stats: StatsWanted::All,
    usage: false,
};
const USAGE: Look = Look {
    stats: StatsWanted::None,
    usage: true,
};

async fn live_bench(containers: Vec<Container>) -> Bench {
    let bench = Bench::new();
    bench
        .tell(Update::Daemon(DaemonState::Live { since_millis: 5 }))
        .await;
    bench.tell(Update::Listed(containers)).await;
    bench.settle().await;
    bench
}

impl Bench {
    /// A look that is under way.
    fn look(&self, look: Look) -> tokio::task::JoinHandle<(Arc<Picture>, Duration)> {
        let hub = self.hub.clone();
        tokio::spawn(async move {
            let begun = Instant::now();
            let picture = hub.look(look, PATIENCE).await.unwrap();
            (picture, begun.elapsed())
        })
    }
}

fn usage(state: UsageState) -> Update {
    Update::Usage(state)
}

fn read(read_at_millis: u64) -> UsageState {
    UsageState {
        last: Some(Usage {
            read_at_millis,
            ..Usage::default()
        }),
        ..UsageState::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_picture_holds_all_that_is_known_and_asks_for_nothing() {
    let stopped = Container {
        state: State::Exited,
        ..container("b")
    };
    let bench = live_bench(vec![container("a"), stopped]).await;
    bench.tell(event(7)).await;
    bench.settle().await;
    let picture = bench.hub.picture().await.unwrap();
    assert!(picture.is_current);
    assert_eq!(picture.endpoint, "unix:///test.sock");
    let keys: Vec<_> = picture.containers.iter().map(|one| one.key).collect();
    assert_eq!(keys, [A, B]);
    assert!(picture.readings.is_empty() && picture.sum.is_none());
    assert_eq!((picture.timeline.oldest, picture.timeline.next), (1, 2));
    assert_eq!(picture.viewers, 0);
    assert_eq!(*bench.demand.borrow(), Demand::default());
}

#[tokio::test(start_paused = true)]
async fn one_who_asks_once_waits_for_a_sample_of_each_running_container() {
    let stopped = Container {
        state: State::Exited,
        ..container("c")
    };
    let bench = live_bench(vec![container("a"), container("b"), stopped]).await;
    let look = bench.look(ALL);
    bench.settle().await;
    assert!(!look.is_finished());
    assert_eq!(bench.demand.borrow().stats, StatsDemand::All);
    assert!(bench.demand.borrow().watched);
    bench.sample("a", 1.0).await;
    bench.settle().await;
    assert!(!look.is_finished(), "one of two");
    bench.sample("b", 2.005).await;
    let (picture, waited) = look.await.unwrap();
    assert_eq!(waited, Duration::ZERO, "no tick is waited for");
    let cpu = |key| picture.readings[&key].row.cpu_hundredths;
    assert_eq!((cpu(A), cpu(B)), (100, 200));
    assert_eq!(picture.readings[&A].sampled_at_millis, START_MILLIS);
    assert_eq!(picture.sum.unwrap().cpu_hundredths, 300);

    tokio::time::sleep(VISIT / 2).await;
    let (again, waited) = bench.look(ALL).await.unwrap();
    assert_eq!(waited, Duration::ZERO, "the streams run");
    assert_eq!(again.readings, picture.readings);
}

#[tokio::test(start_paused = true)]
async fn a_visit_ends_and_a_new_one_begins_anew() {
    let mut bench = live_bench(vec![container("a")]).await;
    let first = bench.look(ALL);
    bench.settle().await;
    bench.sample("a", 1.0).await;
    first.await.unwrap();
    let begun = Instant::now();
    let ended = bench
        .demand
        .wait_for(|demand| demand.stats == StatsDemand::None && !demand.watched);
    ended.await.unwrap();
    assert!(begun.elapsed() <= VISIT);
    let picture = bench.hub.picture().await.unwrap();
    assert!(picture.readings.is_empty(), "old figures are not kept");

    let begun = Instant::now();
    let (picture, waited) = bench.look(ALL).await.unwrap();
    assert_eq!(waited, PATIENCE, "no sample comes");
    assert!(picture.readings.is_empty() && picture.sum.is_none());
    assert_eq!(begun.elapsed(), PATIENCE);
}

#[tokio::test(start_paused = true)]
async fn one_who_asks_seldom_may_stay_longer_and_others_do_not_shorten_it() {
    let mut bench = live_bench(vec![]).await;
    let begun = Instant::now();
    let stay = 6 * VISIT;
    bench.hub.look_and_stay(ALL, PATIENCE, stay).await.unwrap();
    bench.look(ALL).await.unwrap();
    let ended = bench
        .demand
        .wait_for(|demand| demand.stats == StatsDemand::None);
    ended.await.unwrap();
    assert_eq!(begun.elapsed(), stay);
}

#[tokio::test(start_paused = true)]
async fn one_container_without_figures_does_not_cost_everybody_a_wait_for_ever() {
    let bench = live_bench(vec![container("a"), container("mute")]).await;
    for _ in 0..3 {
        let look = bench.look(ALL);
        bench.settle().await;
        bench.sample("a", 1.0).await;
        look.await.unwrap();
    }
    let (picture, waited) = bench.look(ALL).await.unwrap();
    assert_eq!(waited, Duration::ZERO);
    assert_eq!(picture.readings.len(), 1);
    assert_eq!(picture.sum.unwrap().cpu_hundredths, 100);
}

#[tokio::test(start_paused = true)]
async fn a_daemon_that_is_away_is_not_waited_for_and_one_that_is_met_is() {
    let bench = Bench::new();
    let look = bench.look(ALL);
    bench.settle().await;
    assert!(!look.is_finished(), "the first attempt is under way");
    bench
        .tell(Update::Daemon(DaemonState::Away(Away {
            reason: AwayReason::Starting,
            since_millis: 3,
            retry_at_millis: None,
            attempts: 0,
        })))
        .await;
    bench.settle().await;
    assert!(!look.is_finished(), "and goes on");
    bench
        .tell(Update::Daemon(DaemonState::Live { since_millis: 5 }))
        .await;
    bench.settle().await;
    assert!(!look.is_finished(), "what it has is not known yet");
    bench.tell(Update::Listed(vec![])).await;
    let (picture, _) = look.await.unwrap();
    assert!(picture.is_current);
    assert_eq!(picture.sum.unwrap().cpu_hundredths, 0, "nothing runs");

    bench
        .tell(Update::Daemon(DaemonState::Away(Away {
            reason: AwayReason::Refused,
            since_millis: 9,
            retry_at_millis: None,
            attempts: 1,
        })))
        .await;
    bench.settle().await;
    let (picture, waited) = bench.look(ALL).await.unwrap();
    assert!(!picture.is_current);
    assert_eq!(waited, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_reading_of_the_disk_usage_is_waited_for_while_it_lasts() {
    let bench = live_bench(vec![]).await;
    let look = bench.look(USAGE);
    bench.settle().await;
    assert!(bench.demand.borrow().usage && bench.demand.borrow().watched);
    assert_eq!(bench.demand.borrow().stats, StatsDemand::None);
    let reading = UsageState {
        reading_since_millis: Some(1),
        ..UsageState::default()
    };
    bench.tell(usage(reading)).await;
    tokio::time::sleep(PATIENCE / 2).await;
    assert!(!look.is_finished());
    bench.tell(usage(read(5))).await;
    let (picture, waited) = look.await.unwrap();
    assert_eq!(waited, PATIENCE / 2);
    assert_eq!(picture.usage, read(5));

    let (_, waited) = bench.look(USAGE).await.unwrap();
    assert_eq!(waited, Duration::ZERO, "it is fresh");

    // stale, or failed, and not read yet again: the engine's side has had the time to begin
    for state in [
        UsageState {
            stale: true,
            ..read(5)
        },
        UsageState {
            failure: Some(UsageFailure::Busy),
            ..UsageState::default()
        },
    ] {
        bench.tell(usage(state.clone())).await;
        bench.settle().await;
        let (picture, waited) = bench.look(USAGE).await.unwrap();
        assert_eq!(waited, Duration::ZERO);
        assert_eq!(picture.usage, state);
    }

    tokio::time::sleep(VISIT).await;
    bench.settle().await;
    assert!(!bench.demand.borrow().usage);
    let (_, waited) = bench.look(USAGE).await.unwrap();
    assert!(waited > Duration::ZERO && waited < PATIENCE, "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_for_the_same_share_one_picture() {
    let bench = live_bench(vec![container("a")]).await;
    let looks = [bench.look(ALL), bench.look(ALL)];
    bench.settle().await;
    bench.sample("a", 1.0).await;
    let [first, second] = looks;
    let (first, second) = (first.await.unwrap().0, second.await.unwrap().0);
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!(Arc::strong_count(&first.containers[0]), 2);
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_panics_is_noticed() {
    let (_updates, inbox) = mpsc::channel(1);
    let (wanted, _demand) = watch::channel(Demand::default());
    let config = Config {
        endpoint: String::new(),
        demo: false,
        clock: Box::new(|| panic!("as the test wants")),
        past: None,
    };
    let hub = crate::hub::spawn(config, inbox, wanted, CancellationToken::new());
    hub.daemon().await.unwrap();
    let ended = hub.ended();
    tokio::pin!(ended);
    assert!(futures_util::poll!(&mut ended).is_pending());
    assert!(hub.picture().await.is_err());
    ended.await;
}
