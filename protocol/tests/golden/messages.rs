//! Each message by its name, with values under which no part of it can change unseen.

use daemonscope_protocol::*;

use crate::{
    daemon,
    values::{container, engine, event, segment, stats, text, usage},
};

pub fn from_client() -> Vec<(&'static str, ClientMsg)> {
    let interest = |stats, events, usage| {
        ClientMsg::Interest(Interest {
            stats,
            events,
            usage,
        })
    };
    let after = Some(Position {
        epoch: 1_700_000_000_000_000,
        seq: 300,
    });
    vec![
        (
            "client: nothing",
            interest(StatsWanted::None, EventsWanted::None, false),
        ),
        (
            "client: everything",
            interest(
                StatsWanted::All,
                EventsWanted::Live { recent: 200, after },
                true,
            ),
        ),
        (
            "client: one container",
            interest(
                StatsWanted::One(ContainerKey(7)),
                EventsWanted::Live {
                    recent: 0,
                    after: None,
                },
                false,
            ),
        ),
        (
            "client: series",
            ClientMsg::Series(SeriesWanted {
                keys: vec![ContainerKey::SUM, ContainerKey(7)],
                points: Some(60),
            }),
        ),
        (
            "client: events before",
            ClientMsg::EventsBefore {
                seq: 300,
                limit: 100,
            },
        ),
        (
            "client: events until",
            ClientMsg::EventsUntil {
                until_millis: 1_700_000_000_000,
                limit: 100,
            },
        ),
        ("client: histogram", ClientMsg::Histogram(histogram())),
    ]
}

fn histogram() -> HistogramWanted {
    HistogramWanted {
        filter: text("type=container event=die"),
        since_millis: Some(1_700_000_000_000),
        until_millis: None,
    }
}

pub fn from_server() -> Vec<(&'static str, ServerMsg)> {
    let mut messages = vec![
        (
            "hello",
            ServerMsg::Hello(Hello {
                protocol: 1,
                build: text("0.1.0"),
            }),
        ),
        (
            "snapshot",
            ServerMsg::Snapshot(Box::new(Snapshot {
                epoch: 1_700_000_000_000_000,
                at_millis: 1_700_000_000_000,
                demo: true,
                endpoint: text("unix:///var/run/docker.sock"),
                daemon: DaemonState::Live {
                    since_millis: 1_700_000_000_000,
                },
                engine: Some(Box::new(engine())),
                containers: vec![container()],
                usage: usage(),
            })),
        ),
    ];
    messages.extend(daemon::states());
    messages.extend(fleet_and_figures());
    messages.extend(timeline());
    messages.extend(usage_and_refusals());
    messages
}

fn fleet_and_figures() -> Vec<(&'static str, ServerMsg)> {
    let states = [
        State::Created,
        State::Running,
        State::Paused,
        State::Restarting,
        State::Removing,
        State::Exited,
        State::Dead,
        State::Other(text("new")),
    ];
    let healths = [
        None,
        Some(Health::Starting),
        Some(Health::Healthy),
        Some(Health::Unhealthy),
        Some(Health::Other(text("new"))),
    ];
    let in_all_states = states
        .into_iter()
        .zip(healths.into_iter().cycle())
        .zip(1..)
        .map(|((state, health), key)| Container {
            key: ContainerKey(key),
            state,
            health,
            ..Container::default()
        });
    vec![
        ("engine", ServerMsg::Engine(Box::new(engine()))),
        (
            "fleet",
            ServerMsg::Fleet(FleetDelta {
                changed: in_all_states.collect(),
                gone: vec![ContainerKey(300)],
            }),
        ),
        ("stats", ServerMsg::Stats(stats())),
        (
            "series",
            ServerMsg::Series(SeriesFrame {
                key: ContainerKey(7),
                segments: vec![segment()],
            }),
        ),
    ]
}

fn timeline() -> Vec<(&'static str, ServerMsg)> {
    let gap = |reason| {
        Item::Gap(Gap {
            from_nano: Some(1),
            to_nano: 2,
            reason,
        })
    };
    let gaps = [
        GapReason::BridgeStarted,
        GapReason::DaemonRestarted,
        GapReason::RingOverrun,
        GapReason::StreamStalled,
        GapReason::ViewerTooSlow,
        GapReason::Unreadable,
        GapReason::BridgeWasDown,
        GapReason::NotStored,
    ];
    let at = |seq| Position {
        epoch: 1_700_000_000_000_000,
        seq,
    };
    let entries = |items: Vec<Item>| EventsFrame {
        epoch: 1_700_000_000_000_000,
        entries: items
            .into_iter()
            .zip(300..)
            .map(|(item, seq)| Entry { seq, item })
            .collect(),
        oldest: at(1),
        before: None,
        newest_before_millis: None,
    };
    let until = PastFrame {
        until_millis: 1_700_000_000_000,
        events: entries(vec![event()]),
    };
    let counted = HistogramFrame {
        wanted: histogram(),
        from_millis: 1_700_000_000_000,
        step_millis: 60_000,
        bars: vec![[1, 0, 0, 300, 0, 5], [0; 6]],
        gaps: vec![
            (None, 1_700_000_000_500),
            (Some(1_700_000_060_000), 1_700_000_070_000),
        ],
        last: at(305),
    };
    vec![
        ("events", ServerMsg::Events(entries(vec![event()]))),
        (
            "events: before a place",
            ServerMsg::Events(EventsFrame {
                before: Some(301),
                newest_before_millis: Some(1_700_000_003_600),
                ..entries(vec![event()])
            }),
        ),
        (
            "events: gaps",
            ServerMsg::Events(entries(gaps.map(gap).to_vec())),
        ),
        ("events until", ServerMsg::EventsUntil(until)),
        ("histogram", ServerMsg::Histogram(counted)),
    ]
}

fn usage_and_refusals() -> Vec<(&'static str, ServerMsg)> {
    let usage_failed = |failure| {
        ServerMsg::Usage(UsageState {
            failure: Some(failure),
            ..UsageState::default()
        })
    };
    vec![
        ("usage", ServerMsg::Usage(usage())),
        ("usage: busy", usage_failed(UsageFailure::Busy)),
        (
            "usage: forbidden",
            usage_failed(UsageFailure::Forbidden(403)),
        ),
        (
            "usage: timed out",
            usage_failed(UsageFailure::TimedOut {
                limit_millis: 120_000,
            }),
        ),
        (
            "usage: failed",
            usage_failed(UsageFailure::Failed(text("no space"))),
        ),
        (
            "refused: malformed",
            ServerMsg::Refused(Refusal::Malformed(text("not a message"))),
        ),
        (
            "refused: unknown container",
            ServerMsg::Refused(Refusal::UnknownContainer(ContainerKey(9))),
        ),
        (
            "refused: too much",
            ServerMsg::Refused(Refusal::TooMuch { limit: 1024 }),
        ),
        (
            "refused: not counted",
            ServerMsg::Refused(Refusal::NotCounted(HistogramWanted {
                filter: text("type=image"),
                since_millis: Some(1_000),
                until_millis: None,
            })),
        ),
        ("info refused", ServerMsg::InfoRefused(Some(403))),
        ("info refused no longer", ServerMsg::InfoRefused(None)),
    ]
}
