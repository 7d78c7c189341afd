use super::*;

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
