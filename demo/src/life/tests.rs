use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::fleet::container::Verdict;

fn start() -> Time {
    Time::from_nanos(1_795_500_000_000_000_000)
}

fn world(options: &Options) -> World {
    World::new(options, start())
}

fn tale(world: &mut World, seconds: u32) -> Vec<String> {
    world.advance(start() + SECOND * seconds);
    world
        .take_events()
        .iter()
        .map(|event| format!("{} {} {} {}", event.at, event.kind, event.action, event.id))
        .collect()
}

#[test]
fn the_same_seed_lives_the_same_life() {
    let options = Options::default();
    let (one, other) = (
        tale(&mut world(&options), 600),
        tale(&mut world(&options), 600),
    );
    assert_eq!(one, other);
    assert!(one.len() > 200, "{} events in ten minutes", one.len());
    let another = tale(&mut world(&Options { seed: 2, ..options }), 600);
    assert_ne!(one, another);
}

#[test]
fn the_fleet_has_as_many_containers_as_asked_for() {
    for containers in [0, 1, 24, 300] {
        let world = world(&Options {
            containers,
            pace: 0.0,
            ..Options::default()
        });
        assert_eq!(world.fleet.len(), containers);
    }
}

#[test]
fn events_have_times_that_only_grow() {
    let mut world = world(&Options::default());
    world.advance(start() + SECOND * 300);
    let times: Vec<Time> = world.take_events().iter().map(|event| event.at).collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_crash_loop_waits_longer_each_time() {
    let mut world = world(&Options {
        pace: 0.0,
        ..Options::default()
    });
    let restarts = |world: &World| {
        world
            .fleet
            .find("shop-importer-1")
            .and_then(|key| world.fleet.get(key))
            .map(|container| container.restarts)
    };
    let before = restarts(&world);
    world.advance(start() + SECOND * 300);
    let after = restarts(&world);
    // One restart a minute once the pause has grown to its most.
    let more = after.zip(before).map(|(after, before)| after - before);
    assert!(
        matches!(more, Some(3..=5)),
        "{more:?} restarts in five minutes"
    );
}

/// What became of one container, by its name.
fn of<T>(world: &World, name: &str, look: impl FnOnce(&crate::fleet::Container) -> T) -> Option<T> {
    let key = world.fleet.find(name)?;
    world.fleet.get(key).map(look)
}

fn actions(world: &mut World, of: &str) -> Vec<String> {
    let events = world.take_events();
    let of_it = events.iter().filter(|event| {
        event.kind == "container" && event.attributes.get("name").is_some_and(|name| name == of)
    });
    of_it
        .map(|event| event.action.clone())
        .filter(|action| !action.starts_with("exec_"))
        .collect()
}

fn quiet() -> World {
    world(&Options {
        pace: 0.0,
        ..Options::default()
    })
}

#[test]
fn verbs_tell_what_the_daemon_tells() {
    let name = || "photos-redis-1".to_owned();
    let kill = Act::Kill {
        container: name(),
        signal: 9,
    };
    let crash = Act::Crash {
        container: name(),
        code: 3,
    };
    for (act, told, code) in [
        (Act::Stop(name()), &["kill", "die", "stop"][..], None),
        (
            Act::Restart(name()),
            &["kill", "die", "stop", "start", "restart"],
            None,
        ),
        (kill, &["kill", "die"], Some(137)),
        // Its policy starts it again.
        (crash, &["die", "start"], None),
        (Act::OutOfMemory(name()), &["oom", "die", "start"], None),
        (Act::Pause(name()), &["pause"], None),
        (
            Act::Remove(name()),
            &["kill", "die", "stop", "destroy"],
            None,
        ),
        (
            Act::Update(name()),
            &["kill", "die", "stop", "destroy", "create", "start"],
            None,
        ),
    ] {
        let mut world = quiet();
        world.act(&act).expect("it runs");
        world.advance(start() + SECOND * 5);
        assert_eq!(actions(&mut world, "photos-redis-1"), told, "{act:?}");
        if let Some(code) = code {
            assert_eq!(
                of(&world, "photos-redis-1", |container| container.exit_code),
                Some(code)
            );
        }
    }
}

#[test]
fn a_failing_check_makes_unhealthy_after_three_and_healthy_again() {
    let mut world = quiet();
    let name = || "proxy-traefik-1".to_owned();
    let verdict = |world: &World| {
        of(world, &name(), |one| {
            one.health.as_ref().map(|health| health.verdict)
        })
        .flatten()
    };
    assert_eq!(verdict(&world), Some(Verdict::Healthy));
    let fail = Act::FailHealth {
        container: name(),
        lasts: SECOND * 60,
    };
    world.act(&fail).expect("it runs");
    world.advance(start() + SECOND * 15);
    assert_eq!(
        verdict(&world),
        Some(Verdict::Healthy),
        "one or two failures are none yet"
    );
    world.advance(start() + SECOND * 50);
    assert_eq!(verdict(&world), Some(Verdict::Unhealthy));
    world.advance(start() + SECOND * 90);
    assert_eq!(verdict(&world), Some(Verdict::Healthy));
    assert_eq!(
        actions(&mut world, "proxy-traefik-1"),
        ["health_status: unhealthy", "health_status: healthy"]
    );
}

#[test]
fn a_project_goes_down_and_comes_up_as_it_was() {
    let mut world = quiet();
    let names = |world: &World| {
        let names = world.fleet.iter().map(|(_, one)| one.name().to_owned());
        names.collect::<BTreeSet<_>>()
    };
    let before = names(&world);
    world.act(&Act::Down("photos".into())).expect("it is up");
    world.advance(start() + SECOND * 5);
    assert!(
        names(&world)
            .iter()
            .all(|name| !name.starts_with("photos-"))
    );
    assert!(world.fleet.network("photos_default").is_none());
    world.act(&Act::Up("photos".into())).expect("it is down");
    world.advance(start() + SECOND * 6);
    assert_eq!(names(&world), before);
    assert!(world.fleet.network("photos_default").is_some());
}

#[test]
fn a_removed_container_is_found_no_more() {
    let mut world = quiet();
    assert_eq!(
        world.act(&Act::Stop("nosuch".into())),
        Err(Refusal::NotFound("No such container: nosuch".into()))
    );
    let id = of(&world, "adguard", |one| one.id.clone()).expect("it is there");
    assert_eq!(world.fleet.find(&id[..12]), world.fleet.find("/adguard"));
    world
        .act(&Act::Remove("adguard".into()))
        .expect("it is there");
    world.advance(start() + SECOND * 2);
    assert_eq!(world.fleet.find(&id), None);
    assert_eq!(world.fleet.find("adguard"), None);
}

/// Whoever follows the events knows the state of every container.
#[test]
fn two_hours_of_events_agree_with_the_states() {
    for seed in 1..=2 {
        let mut world = world(&Options {
            seed,
            pace: 4.0,
            ..Options::default()
        });
        let running = |world: &World| -> BTreeMap<String, bool> {
            let all = world.fleet.iter();
            all.map(|(_, one)| (one.id.clone(), one.state.has_process()))
                .collect()
        };
        let mut followed = running(&world);
        let mut seen = BTreeSet::new();
        for minute in 1..=120 {
            world.advance(start() + SECOND * 60 * minute);
            for event in world.take_events() {
                let action = event.action.split(':').next().unwrap_or_default();
                seen.insert(format!("{} {action}", event.kind));
                if event.kind != "container" {
                    continue;
                }
                let was = followed.get(&event.id).copied();
                match action {
                    "create" => assert_eq!(followed.insert(event.id.clone(), false), None),
                    "start" => assert_eq!(followed.insert(event.id.clone(), true), Some(false)),
                    "die" => assert_eq!(followed.insert(event.id.clone(), false), Some(true)),
                    "destroy" => assert_eq!(followed.remove(&event.id), Some(false)),
                    "attach" | "stop" | "restart" => assert!(was.is_some()),
                    _ => assert_eq!(was, Some(true), "{} of what does not run", event.action),
                }
            }
            assert_eq!(followed, running(&world), "seed {seed}, minute {minute}");
            assert!(
                (15..60).contains(&world.fleet.len()),
                "{} containers",
                world.fleet.len()
            );
        }
        for kind in [
            "builder prune",
            "container exec_die",
            "container health_status",
            "container oom",
            "container pause",
            "image pull",
            "image prune",
            "network connect",
            "network destroy",
            "volume create",
            "volume mount",
            "daemon reload",
        ] {
            assert!(seen.contains(kind), "no {kind} with seed {seed}");
        }
        assert!(
            world.fleet.images.len() < 400,
            "{} images",
            world.fleet.images.len()
        );
    }
}
