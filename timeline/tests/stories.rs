//! What real engines sent, and the stories that a person would tell of it. The scenes of `stories/` are Docker 28.5.2
//! (`stories/record.sh`); the captures are Docker 20.10.24 and 28.5.2.

mod common;

use std::sync::Arc;

use common::told;
use daemonscope_timeline::{
    english,
    story::{Makeup, Outcome, Stories, Story, What, changes},
    text,
};
use protocol::{Container, Details, Entry, HealthCheck, Item, PortMapping, Position};

fn check(command: &str) -> HealthCheck {
    HealthCheck {
        command: command.to_owned(),
        interval_millis: 1000,
        failing_streak: 0,
    }
}

/// The health checks of the containers of these names.
fn learn(stories: &mut Stories, entries: &[Arc<Entry>], checks: &[(&str, &str)]) {
    for entry in entries {
        if let Item::Event(event) = &entry.item
            && let Some((_, command)) = checks.iter().find(|(name, _)| {
                event.kind == "container" && event.attribute("name") == Some(name)
            })
        {
            stories.learn([(event.actor_id.as_str(), Some(&check(command)))]);
        }
    }
}

fn stories(lines: &str, checks: &[(&str, &str)]) -> Stories {
    let entries = common::entries(lines);
    let mut stories = Stories::new(10_000);
    learn(&mut stories, &entries, checks);
    stories.append(1, entries);
    stories
}

macro_rules! scene {
    ($name:literal) => {
        ($name, include_str!(concat!("stories/", $name, ".ndjson")))
    };
}

#[test]
fn one_command_is_one_story() {
    for ((name, lines), expected) in [
        (
            scene!("restart"),
            &["container web: restarted, exit 143, took 0.9 s"][..],
        ),
        (
            scene!("stop"),
            &["container web: stopped, exit 143, took 0.6 s"],
        ),
        (scene!("start"), &["container web: started"]),
        (scene!("signal"), &["container web: was sent SIGHUP"]),
        (
            scene!("stop-slowly"),
            &["container stubborn: stopped, exit 137, took 2.5 s"],
        ),
        (
            scene!("kill"),
            &["container web: killed with SIGKILL, exit 137"],
        ),
        (
            scene!("rm-force"),
            &["container web: removed by force, exit 137"],
        ),
        (
            scene!("crash-loop"),
            &["container loop: crash loop: ended 4 times in 3.7 s, last exit 3, then removed"],
        ),
        (
            scene!("out-of-memory"),
            &["container hungry: out of memory, exit 137, then removed"],
        ),
        (
            scene!("killed-from-outside"),
            &[
                "container victim: created and started, took 0.4 s",
                "container victim: ran for 11 s and ended by itself, exit 137 (SIGKILL that did not come through \
                 the daemon, and no word of memory), then removed",
            ],
        ),
        (
            scene!("recreate"),
            &[
                "container api: created and started, took 0.5 s",
                "container api: recreated and started, image fx:2 instead of fx:1",
            ],
        ),
        (
            scene!("run-rm"),
            &[
                "container practical_ardinghelli: ran for less than a second and finished, exit 0, then removed",
            ],
        ),
        (
            scene!("prune"),
            &[
                "container one: ran for less than a second and finished, exit 0, then removed",
                "container two: ran for less than a second and finished, exit 0, then removed",
                "network unused: created",
                "volume spare: created",
                "container: pruned 1 container, 1 network, volumes, images, build cache; 0B reclaimed",
            ],
        ),
        (
            scene!("compose-up"),
            &[
                "project shop: brought up: 3 containers started, 1 network created, 1 volume created, took 1.0 s",
            ],
        ),
        (
            scene!("compose-restart"),
            &["project shop: 3 containers restarted, took 1.5 s"],
        ),
        (
            scene!("compose-recreate"),
            &["project shop: brought up: 3 containers recreated, took 3.4 s"],
        ),
        (
            scene!("compose-one"),
            &["project shop: brought up: web recreated, took 1.1 s"],
        ),
        (
            scene!("compose-stop"),
            &["project shop: 3 containers stopped, took 2.0 s"],
        ),
        (
            scene!("compose-down"),
            &[
                "project shop: taken down: 3 containers removed, 1 network removed, 1 volume removed, took 0.3 s",
            ],
        ),
    ] {
        let told: Vec<String> = told(&stories(lines, &[]))
            .into_iter()
            .map(|(told, _)| told)
            .collect();
        assert_eq!(told, expected, "{name}");
    }
}

const PROBES: &str = include_str!("stories/probes.ndjson");

#[test]
fn probes_fold_and_what_a_person_runs_does_not() {
    let checks = [("probed", "/bin/sh -c test -d /")];
    assert_eq!(
        told(&stories(PROBES, &checks)),
        [
            ("container probed: created and started, took 0.6 s", 3),
            ("container probed: 6 health probes, last exit 0", 18),
            ("container probed: is healthy now", 1),
            (
                "container probed: ran sh -c echo mine, exit 0, took 0.1 s",
                3
            ),
            // word for word the health check's command, but too early to be its probe
            (
                "container probed: ran /bin/sh -c test -d /, exit 0, took 0.1 s",
                3
            ),
            ("container probed: removed by force, exit 137", 4),
        ]
        .map(|(told, count)| (told.to_owned(), count))
    );
    // where no health check is known, nothing folds
    let unknown = stories(PROBES, &[]);
    assert!(
        !unknown
            .pieces()
            .any(|(_, piece)| matches!(piece.what, What::Probes(_)))
    );
    assert_eq!(told(&unknown).len(), 11);
}

/// In the order of their first events.
const CAPTURE_28: &[(&str, usize)] = &[
    // its beginning is not here, and only that has the command
    ("container healthy-1: raw exec_die", 1),
    (
        "image 127.0.0.1:5000/fx:1: tagged as 127.0.0.1:5000/fx:1",
        1,
    ),
    (
        "container sick: 13 health probes, 13 failed, last exit 1",
        39,
    ),
    ("image 127.0.0.1:5000/fx: pushed", 1),
    ("image 2594e217857d: lost a name", 1),
    (
        "image 127.0.0.1:5000/bb:1: tagged as 127.0.0.1:5000/bb:1",
        1,
    ),
    ("image 127.0.0.1:5000/bb: pushed", 1),
    ("image 2915a73efd14: lost a name", 1),
    ("image 127.0.0.1:5000/fx: pulled", 1),
    ("image 127.0.0.1:5000/bb: pulled", 1),
    ("container healthy-1: 13 health probes, last exit 0", 39),
    ("container ev1: created and started, took 0.1 s", 3),
    ("container ev1: 5 health probes, 1 failed, last exit 0", 13),
    ("container ev1: is unhealthy now", 1),
    ("container ev1: ran touch /ok, exit 0, took 45 ms", 3),
    ("container ev1: is healthy now", 1),
    ("container ev1: ran sh -c exit 3, exit 3, took 75 ms", 3),
    ("container ev1: paused for 29 ms", 2),
    ("container ev2: renamed from ev1 to ev2", 1),
    ("container ev2: limits or restart policy updated", 1),
    ("container ev2: files copied into it", 1),
    ("container ev2: files copied out of it", 1),
    ("container ev2: raw top", 1),
    ("container ev2: committed to image bb:committed", 5),
    ("container ev2: restarted, exit 137, took 1.3 s", 8),
    ("container ev2: restarted, exit 137, took 1.4 s", 7),
    ("container ev2: removed by force, exit 137", 5),
    ("container evoom: out of memory, exit 137, then removed", 8),
    ("network evnet: created", 1),
    ("container evn: created and started, took 0.2 s", 3),
    ("network evnet: connected to container e29e8dde8c86", 1),
    ("network evnet: disconnected from container e29e8dde8c86", 1),
    ("container evn: removed by force, exit 137", 4),
    ("network evnet: removed", 1),
    // --rm, with a volume that came and went with it
    (
        "container gifted_gauss: ran for less than a second and finished, exit 0, then removed",
        11,
    ),
    ("image ev:tag: tagged as ev:tag", 1),
    ("image 2915a73efd14: lost a name", 1),
    ("image 768c4383df11: deleted", 2),
    ("image 2594e217857d: saved to a file", 1),
    ("image 2594e217857d: loaded from a file", 1),
    ("container dead1: created", 1),
    ("network deadnet: created", 1),
    ("volume deadvol: created", 1),
    (
        "container dazzling_brattain: ran for less than a second and finished, exit 0, then removed",
        11,
    ),
    (
        "container quirky_satoshi: ran for less than a second and finished, exit 0, then removed",
        7,
    ),
    ("image 31e9d6620247: created as p:1", 2),
    (
        "container sweet_wright: ran for less than a second and finished, exit 0, then removed",
        7,
    ),
    ("image 442c76aea878: created as p:1", 2),
    ("image p:2: created as p:2", 2),
    (
        "container: pruned containers, 1 network, volumes, 2 images, build cache; 1.984MB reclaimed",
        8,
    ),
    ("daemon vm: read its configuration anew", 1),
];

#[test]
fn a_whole_capture_is_told() {
    let checks = [
        ("sick", "/bin/sh -c test -f /tmp/ok"),
        ("healthy-1", "/bin/sh -c test -f /tmp/ok"),
        ("ev1", "/bin/sh -c test -f /ok"),
    ];
    let lines = include_str!("../../bridge/tests/captures/v28/events.ndjson");
    let told = told(&stories(lines, &checks));
    let told: Vec<(&str, usize)> = told
        .iter()
        .map(|(told, count)| (told.as_str(), *count))
        .collect();
    assert_eq!(told, CAPTURE_28);
}

/// Docker 20.10 ends a container in another order: `kill die disconnect stop`.
#[test]
fn an_older_engine_is_told_the_same() {
    let lines = include_str!("../../bridge/tests/captures/v20/events.ndjson");
    let stories = stories(lines, &[]);
    let outcomes = |name: &str| -> Vec<Outcome> {
        let lives = stories.pieces().filter_map(|(_, piece)| match &piece.what {
            What::Story(Story::Container(life)) if piece.subject.name == name => Some(life),
            _ => None,
        });
        lives.map(|life| life.outcome()).collect()
    };
    assert_eq!(outcomes("ev1"), [Outcome::Started]);
    assert_eq!(
        outcomes("ev2"),
        [Outcome::Restarted, Outcome::Restarted, Outcome::Removed]
    );
    assert_eq!(outcomes("evoom"), [Outcome::OutOfMemory]);
    assert_eq!(outcomes("crashloop"), [Outcome::Failed]);
    assert_eq!(outcomes("affectionate_fermat"), [Outcome::Finished]);
}

#[test]
fn a_story_leads_to_its_raw_events_and_back() {
    let (_, restart) = scene!("restart");
    let stories = stories(restart, &[]);
    let (key, piece) = stories.pieces().next().expect("a story");
    let actions: Vec<String> = stories
        .events(piece)
        .map(|(position, entry)| {
            assert_eq!(stories.holding(position), Some(key));
            match &entry.item {
                Item::Event(event) => text::action(event),
                Item::Gap(_) => "a gap".to_owned(),
            }
        })
        .collect();
    assert_eq!(
        actions,
        [
            "kill",
            "disconnect",
            "stop",
            "die",
            "connect",
            "start",
            "restart"
        ]
    );
    assert_eq!(stories.holding(Position { epoch: 2, seq: 1 }), None);
}

/// However many were started with it, what ends by itself is a story of its own.
#[test]
fn a_crash_right_after_compose_up_does_not_hide_in_it() {
    let (_, up) = scene!("compose-up");
    let mut entries = common::entries(up);
    let Some(Item::Event(start)) = entries.last().map(|entry| &entry.item) else {
        panic!("no start");
    };
    let mut die = start.clone();
    die.action = "die".to_owned();
    die.time_nano += 2_000_000_000;
    die.attributes.push(("exitCode".to_owned(), "1".to_owned()));
    entries.push(Arc::new(Entry {
        seq: 13,
        item: Item::Event(die),
    }));
    let mut stories = Stories::new(100);
    stories.append(1, entries);
    let told: Vec<String> = told(&stories).into_iter().map(|(told, _)| told).collect();
    assert_eq!(
        told,
        [
            "project shop: brought up: 3 containers started, 1 network created, 1 volume created, took 1.0 s",
            "container shop-web-1: ended by itself, exit 1",
        ]
    );
}

#[test]
fn what_a_recreated_container_has_anew_is_put_in_words() {
    let stories = stories(include_str!("stories/compose-one.ndjson"), &[]);
    let project = stories.pieces().find_map(|(_, piece)| match &piece.what {
        What::Story(Story::Project(project)) => Some(project),
        _ => None,
    });
    let web = &project.expect("a project's story").members[0];
    assert_eq!(
        (web.name.as_str(), web.life.outcome()),
        ("shop-web-1", Outcome::Recreated)
    );
    let container = |image: &str, host_port: u16, variable: &str| Container {
        image: image.to_owned(),
        ports: vec![PortMapping {
            host_ip: "0.0.0.0".to_owned(),
            host_port: Some(host_port),
            container_port: 80,
            protocol: "tcp".to_owned(),
        }],
        details: Some(Box::new(Details {
            environment: vec!["PATH".to_owned(), variable.to_owned()],
            ..Details::default()
        })),
        ..Container::default()
    };
    let (before, after) = (
        container("fx:1", 8080, "OLD"),
        container("fx:2", 8081, "NEW"),
    );
    let differences = changes(Some(Makeup::from(&before)), Some(Makeup::from(&after)));
    let words: Vec<String> = differences.iter().map(english::change).collect();
    assert_eq!(
        words,
        [
            "image fx:2 instead of fx:1",
            "port 8080→80/tcp removed",
            "port 8081→80/tcp added",
            "variable OLD removed",
            "variable NEW added",
        ]
    );
}
