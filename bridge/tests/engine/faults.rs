//! Bad days of the demo engine, one by one: each costs what it must and nothing else, and all comes back afterwards.

mod stage;

use std::time::Duration;

use daemonscope::engine::Update;
use demo::{Act, Cgroup, Endless, Engine, Mangled, Options, Release};
use protocol::{AwayReason, DaemonState, GapReason, State, UsageFailure};

use self::stage::{
    ALL,
    Panel::{Events, Fleet, Statistics, Usage},
    STEADY, Stage, usual,
};
use super::support::quick;

/// How it begins.
type Fault<T> = fn(&T);

const HOUR_NANO: i64 = 3_600_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_cost_nothing() {
    let broken: [(&str, Fault<Engine>); 4] = [
        ("cut", |engine| engine.faults().cut()),
        ("torn", |engine| engine.faults().tear()),
        ("reset", |engine| engine.faults().reset()),
        // a proxy cuts after ten minutes, and here five seconds are as many
        ("cut again and again", |engine| {
            let life = Duration::from_secs(5);
            engine.faults().limit_streams(Some(life));
            engine.faults().cut();
        }),
    ];
    for (name, break_it) in broken {
        let mut pace = quick();
        pace.backoff.healthy = Duration::from_millis(500);
        let mut stage = Stage::at_pace(Options::default(), pace).await;
        let told = stage.watcher.told.len();
        break_it(&stage.engine);
        stage.is_alive(&ALL).await;
        assert_eq!(stage.gaps_since(told), [], "{name}");
        let mut times = stage.watcher.event_times();
        let all = times.len();
        times.sort_unstable();
        times.dedup();
        assert_eq!(times.len(), all, "{name}: an event was told twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_cannot_be_reached_is_away_with_a_reason_and_comes_back() {
    type Case = (&'static str, Fault<Engine>, fn(&AwayReason) -> bool);
    let cases: [Case; 7] = [
        (
            "hangs",
            |engine| engine.faults().hang(true),
            // one that ended a connection and is silent now may be starting anew
            |reason| matches!(reason, AwayReason::Hung | AwayReason::Starting),
        ),
        (
            "resets each connection",
            |engine| engine.faults().reset_new(true),
            |reason| *reason == AwayReason::Closed,
        ),
        (
            "refuses events",
            |engine| engine.faults().forbid("/events"),
            |reason| *reason == AwayReason::Forbidden(403),
        ),
        (
            "refuses everything",
            |engine| engine.faults().forbid("/"),
            |reason| *reason == AwayReason::Forbidden(403),
        ),
        (
            "lists without an end",
            |engine| engine.faults().endless("/containers/json", Endless::Body),
            |reason| matches!(reason, AwayReason::NotAnEngine(_)),
        ),
        (
            "tells events in one endless line",
            |engine| engine.faults().endless("/events", Endless::Line),
            |reason| matches!(reason, AwayReason::NotAnEngine(_)),
        ),
        (
            "writes a version that is none",
            |engine| engine.faults().mangle("/version", Mangled::OtherTypes),
            |reason| matches!(reason, AwayReason::NotAnEngine(_)),
        ),
    ];
    for (name, fault, reason) in cases {
        let mut stage = usual().await;
        fault(&stage.engine);
        stage.cut().await;
        stage.is_away(name, reason).await;
        stage.engine.faults().clear();
        stage.watcher.live().await;
        stage.is_alive(&ALL).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_one_panel_costs_that_panel_only() {
    type Case = (&'static str, Fault<Engine>, fn(&UsageFailure) -> bool);
    let cases: [Case; 4] = [
        (
            "refused",
            |engine| engine.faults().forbid("/system/df"),
            |failure| *failure == UsageFailure::Forbidden(403),
        ),
        (
            "slow",
            |engine| engine.faults().usage_takes(Some(Duration::from_secs(60))),
            |failure| matches!(failure, UsageFailure::TimedOut { .. }),
        ),
        (
            "endless",
            |engine| engine.faults().endless("/system/df", Endless::Body),
            // which limit is reached first depends on the machine
            |failure| {
                matches!(
                    failure,
                    UsageFailure::Failed(_) | UsageFailure::TimedOut { .. }
                )
            },
        ),
        (
            "one endless line",
            |engine| engine.faults().endless("/system/df", Endless::Line),
            // which limit is reached first depends on the machine
            |failure| {
                matches!(
                    failure,
                    UsageFailure::Failed(_) | UsageFailure::TimedOut { .. }
                )
            },
        ),
    ];
    for (name, fault, failure) in cases {
        let mut stage = usual().await;
        fault(&stage.engine);
        stage.fails_to_read_usage(failure).await;
        stage.is_alive(&[Events, Fleet, Statistics]).await;
        assert!(
            !stage
                .watcher
                .told
                .iter()
                .rev()
                .take(5)
                .any(|update| matches!(update, Update::Daemon(DaemonState::Away(_)))),
            "{name}"
        );
        stage.engine.faults().clear();
        stage.is_alive(&ALL).await;
    }
}

/// What the engine says of itself is read, and what cannot be is just not known.
#[tokio::test(flavor = "multi_thread")]
async fn odd_facts_of_the_engine_cost_themselves_only() {
    let faults: [Fault<Engine>; 4] = [
        |engine| engine.faults().forbid("/info"),
        |engine| engine.faults().mangle("/info", Mangled::OtherTypes),
        |engine| engine.faults().endless("/info", Endless::Line),
        |engine| engine.faults().endless("/info", Endless::Body),
    ];
    for fault in faults {
        let mut stage = usual().await;
        fault(&stage.engine);
        stage.act(&Act::Reload { debug: true });
        stage.watcher.event("reload").await;
        stage.is_alive(&ALL).await;
        stage.engine.faults().clear();
        stage.act(&Act::Reload { debug: false });
        stage
            .watcher
            .next("the facts", |update| match update {
                Update::Engine(engine) => {
                    (engine.cpus > Some(0) && engine.debug == Some(false)).then_some(())
                }
                _ => None,
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_events_are_a_gap_and_the_rest_goes_on() {
    let mut stage = usual().await;
    let faults = stage.engine.faults();
    faults.mangle("/events", Mangled::OtherTypes);
    stage.act(&Act::CreateVolume("lost".to_owned()));
    let gap = stage.watcher.gap().await;
    assert_eq!(gap.reason, GapReason::Unreadable);
    stage.is_alive(&[Statistics]).await;
    stage.engine.faults().clear();
    stage.is_alive(&ALL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_odd_about_one_container_costs_that_one_only() {
    // its statistics
    let faults: [Fault<Stage>; 4] = [
        |stage| {
            let path = stage.path("stats");
            stage.engine.faults().mangle(&path, Mangled::OtherTypes);
        },
        |stage| stage.engine.faults().forbid(&stage.path("stats")),
        |stage| {
            let path = stage.path("stats");
            stage.engine.faults().endless(&path, Endless::Line);
        },
        |stage| {
            let path = stage.path("stats");
            stage.engine.faults().endless(&path, Endless::Body);
        },
    ];
    for fault in faults {
        let mut pace = quick();
        // an answer without an end keeps this machine busy, too
        pace.stats.again_at_most = Duration::from_secs(1);
        let mut stage = Stage::at_pace(Options::default(), pace).await;
        fault(&stage);
        stage.cut().await;
        let id = stage.id.clone();
        stage
            .watcher
            .next("its figures are lost", |update| match update {
                Update::SampleLost(of) => (*of == id).then_some(()),
                _ => None,
            })
            .await;
        stage
            .watcher
            .next("those of others are not", |update| match update {
                Update::Sample(of, _) => (*of != id).then_some(()),
                _ => None,
            })
            .await;
        stage.is_alive(&[Events, Fleet, Usage]).await;
        stage.engine.faults().clear();
        stage.is_alive(&ALL).await;
    }

    // its inspection
    let faults: [Fault<Stage>; 3] = [
        |stage| stage.engine.faults().forbid(&stage.path("json")),
        |stage| {
            let path = stage.path("json");
            stage.engine.faults().mangle(&path, Mangled::OtherTypes);
        },
        |stage| {
            let path = stage.path("json");
            stage.engine.faults().endless(&path, Endless::Body);
        },
    ];
    for fault in faults {
        let mut stage = usual().await;
        fault(&stage);
        stage.act(&Act::Pause(STEADY.to_owned()));
        let id = stage.id.clone();
        // the event alone says so much
        stage
            .watcher
            .changed("it is paused", |container| {
                *container.id == *id && container.state == State::Paused
            })
            .await;
        stage.is_alive(&[Events, Statistics, Usage]).await;
        stage.act(&Act::Unpause(STEADY.to_owned()));
        stage.engine.faults().clear();
        stage.is_alive(&ALL).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_item_of_the_list_is_missing_alone() {
    let mut stage = usual().await;
    let all = stage.engine.containers();
    let faults = stage.engine.faults();
    faults.mangle("/containers/json", Mangled::OddItem);
    faults.strange_state(Some("hibernating"));
    // a stream that just began is not trusted to go on, so everything is asked for anew
    faults.limit_streams(Some(Duration::from_millis(100)));
    stage.cut().await;
    let listed = stage.watcher.listed().await;
    assert_eq!(listed.len(), all - 1);
    let strange = |state: &State| *state == State::Other("hibernating".to_owned());
    assert!(listed.iter().any(|container| strange(&container.state)));
    assert!(
        !listed
            .iter()
            .any(|container| container.state == State::Exited)
    );
    stage.engine.faults().clear();
    stage.cut().await;
    let listed = stage
        .watcher
        .next("all of them", |update| match update {
            Update::Listed(listed) if listed.len() == all => Some(listed.clone()),
            _ => None,
        })
        .await;
    assert!(!listed.iter().any(|container| strange(&container.state)));
    stage.is_alive(&ALL).await;
}

/// As other daemons write them, and as a careless proxy may.
#[tokio::test(flavor = "multi_thread")]
async fn null_lists_and_numbers_as_text_are_read() {
    let all_but_usage = [Events, Fleet, Statistics].as_slice();
    for (how, read) in [
        // a list that is null is an empty one, of images too
        (Mangled::NullLists, all_but_usage),
        (Mangled::NumbersAsText, ALL.as_slice()),
    ] {
        let mut stage = usual().await;
        stage.engine.faults().mangle("/", how);
        stage
            .engine
            .faults()
            .limit_streams(Some(Duration::from_millis(100)));
        stage.cut().await;
        let listed = stage.watcher.listed().await;
        assert_eq!(listed.len(), stage.engine.containers(), "{how:?}");
        stage.engine.faults().limit_streams(None);
        stage.is_alive(read).await;
        stage.engine.faults().clear();
        stage.is_alive(&ALL).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_release_and_every_cgroup_version_is_understood() {
    for release in [Release::V20, Release::V28, Release::V29] {
        for cgroup in [Cgroup::V1, Cgroup::V2] {
            let mut stage = Stage::set(Options {
                release,
                cgroup,
                ..Options::default()
            })
            .await;
            stage.is_alive(&ALL).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_costs_nothing_but_time() {
    for jump in [HOUR_NANO, -HOUR_NANO, -24 * HOUR_NANO] {
        let mut stage = usual().await;
        let told = stage.watcher.told.len();
        stage.engine.jump(jump);
        stage.is_alive(&ALL).await;
        stage.cut().await;
        stage.is_alive(&ALL).await;
        stage.engine.jump(-jump);
        stage.is_alive(&ALL).await;
        assert_eq!(stage.gaps_since(told), [], "{jump}");
    }
}
