//! What needs attention, of scenes that really happened, with the events that show it.

mod common;

use daemonscope_timeline::{
    attention::{About, Bounds, Concern, Facts, Severity, attention},
    english,
    story::Stories,
};
use protocol::{
    Container, ContainerKey, Details, Health, Item, State, Usage, UsageClass, UsageRow,
};

const MINUTE: u64 = 60_000;

/// The stories of a scene, the container that they are about, and the time of the last event.
fn scene(lines: &str) -> (Stories, String, u64) {
    let entries = common::entries(lines);
    let id = entries
        .iter()
        .rev()
        .find_map(|entry| match &entry.item {
            Item::Event(event) if event.kind == "container" => Some(event.actor_id.clone()),
            _ => None,
        })
        .expect("a container");
    let last = lines.lines().next_back().map(common::event);
    let end_millis = last.map_or(0, |event| event.time_nano as u64 / 1_000_000);
    let mut stories = Stories::new(1000);
    stories.append(7, entries);
    (stories, id, end_millis)
}

fn look(stories: &Stories, container: &Container, now_millis: u64) -> Vec<Concern> {
    let facts = [Facts::from(container)];
    attention(facts, Some(stories), None, Bounds::default(), now_millis)
}

fn container(id: &str, state: State, details: Option<Details>) -> Container {
    Container {
        key: ContainerKey(1),
        id: id.to_owned(),
        state,
        details: details.map(Box::new),
        ..Container::default()
    }
}

#[test]
fn each_concern_has_its_reason_and_its_events() {
    let exited = |code: i64, millis: u64| Details {
        exit_code: Some(code),
        finished_at_millis: Some(millis),
        ..Details::default()
    };
    let crash_loop = include_str!("stories/crash-loop.ndjson");
    let outside = include_str!("stories/killed-from-outside.ndjson");
    let starved = include_str!("stories/out-of-memory.ndjson");
    let stubborn = include_str!("stories/stop-slowly.ndjson");
    let killed = include_str!("stories/kill.ndjson");
    for (what, lines, state, details, minutes, expected) in [
        (
            "known by its events alone",
            crash_loop,
            State::Restarting,
            None,
            0,
            Some((
                "crash loop, 4 restarts in all, last exit 3",
                Severity::Bad,
                18,
            )),
        ),
        (
            "up for the moment",
            crash_loop,
            State::Running,
            None,
            1,
            Some((
                "crash loop, 4 restarts in all, last exit 3",
                Severity::Bad,
                18,
            )),
        ),
        ("well again", crash_loop, State::Running, None, 11, None),
        (
            "by its events, the inspection is not there yet",
            outside,
            State::Exited,
            None,
            1,
            Some(("exited with code 137", Severity::Warn, 3)),
        ),
        ("long ago", outside, State::Exited, None, 61, None),
        (
            "out of memory, which only the events tell",
            starved,
            State::Exited,
            None,
            1,
            Some(("out of memory", Severity::Bad, 8)),
        ),
        (
            "came back after it",
            starved,
            State::Running,
            None,
            1,
            Some(("out of memory, running", Severity::Warn, 8)),
        ),
        (
            "docker stop had to kill it",
            stubborn,
            State::Exited,
            Some(137),
            1,
            None,
        ),
        ("docker kill", killed, State::Exited, Some(137), 1, None),
    ] {
        let (stories, id, end) = scene(lines);
        let details = details.map(|code| exited(code, end));
        let container = container(&id, state, details);
        let concerns = look(&stories, &container, end + minutes * MINUTE);
        let found: Vec<_> = concerns
            .iter()
            .map(|concern| {
                assert!(concern.evidence.iter().all(|place| place.epoch == 7));
                let why = english::reason(&concern.reason);
                (why, concern.severity, concern.evidence.len())
            })
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(why, severity, events)| (why.to_owned(), severity, events))
            .collect();
        assert_eq!(found, expected, "{what}");
    }
}

#[test]
fn an_unhealthy_container_points_to_the_verdict() {
    let lines = include_str!("../../bridge/tests/captures/v28/events.ndjson");
    // until the container is well again
    let lines: Vec<&str> = lines.lines().take(40).collect();
    let entries = common::entries(&lines.join("\n"));
    let verdict = entries
        .iter()
        .find(|entry| matches!(&entry.item, Item::Event(event) if event.action == "health_status: unhealthy"))
        .expect("a verdict");
    let Item::Event(event) = &verdict.item else {
        panic!("no event");
    };
    let container = Container {
        health: Some(Health::Unhealthy),
        ..container(&event.actor_id, State::Running, None)
    };
    let mut stories = Stories::new(1000);
    stories.append(1, entries.iter().cloned());
    let millis = event.time_nano as u64 / 1_000_000;
    let concerns = look(&stories, &container, millis + MINUTE);
    assert_eq!(concerns.len(), 1);
    assert_eq!(english::reason(&concerns[0].reason), "unhealthy");
    assert_eq!(concerns[0].since_millis, Some(millis));
    let seqs: Vec<u64> = concerns[0].evidence.iter().map(|place| place.seq).collect();
    assert_eq!(seqs, [verdict.seq]);
}

#[test]
fn disk_usage_is_a_concern_above_its_bound() {
    let row = |class, reclaimable_bytes| UsageRow {
        class,
        total: Some(1),
        active: Some(0),
        size_bytes: None,
        reclaimable_bytes,
    };
    let usage = Usage {
        rows: vec![
            row(UsageClass::Images, Some(4_000_000_000)),
            row(UsageClass::Containers, Some(-28_870_000)),
            row(UsageClass::LocalVolumes, None),
            row(UsageClass::BuildCache, Some(8_000_000_000)),
        ],
        ..Usage::default()
    };
    let look = |bound: u64| {
        let bounds = Bounds {
            reclaimable_bytes: bound,
        };
        attention([], None, Some(&usage), bounds, 0)
    };
    assert_eq!(look(12_000_000_000), []);
    let concerns = look(11_999_999_999);
    assert_eq!(concerns.len(), 1);
    assert_eq!(concerns[0].about, About::DiskUsage);
    assert_eq!(
        english::reason(&concerns[0].reason),
        "12GB can be reclaimed, most of it build cache"
    );

    let unknown = Usage {
        rows: vec![row(UsageClass::Images, None)],
        ..Usage::default()
    };
    let bounds = Bounds {
        reclaimable_bytes: 0,
    };
    assert_eq!(attention([], None, Some(&unknown), bounds, 0), []);
}
