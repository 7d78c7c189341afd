//! Equality by replay: the same recorded answers go to the real docker command and to the bridge, and what the bridge
//! tells its viewers, in the docker command's own formats, is character for character what the docker command prints.

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    path::Path,
    time::Duration,
};

use daemonscope::{Bridge, Config, Source, engine::Endpoint, log, web::Site};
use e2e::{
    docker::Docker,
    replay::{Answers, Capture, Server, written},
    table::table,
};
use futures_util::{SinkExt, StreamExt};
use model::{FigureTable, Figures, format};
use protocol::{
    ClientMsg, Container, ContainerKey, Encoding, Event, EventsWanted, Interest, Item,
    SUBPROTOCOL_JSON, ServerMsg, StatsWanted, Usage, UsageClass,
};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

const STATISTICS_HEAD: [&str; 8] = [
    "CONTAINER ID",
    "NAME",
    "CPU %",
    "MEM USAGE / LIMIT",
    "MEM %",
    "NET I/O",
    "BLOCK I/O",
    "PIDS",
];

/// Everything that a viewer of the bridge has been told.
#[derive(Default)]
struct Told {
    containers: HashMap<ContainerKey, Container>,
    figures: FigureTable,
    events: Vec<Event>,
    usage: Option<Usage>,
}

impl Told {
    fn take_in(&mut self, message: ServerMsg) {
        match message {
            ServerMsg::Snapshot(snapshot) => {
                self.containers = snapshot
                    .containers
                    .into_iter()
                    .map(|c| (c.key, c))
                    .collect();
                self.usage = snapshot.usage.last;
            }
            ServerMsg::Fleet(delta) => {
                for key in delta.gone {
                    self.containers.remove(&key);
                }
                self.containers
                    .extend(delta.changed.into_iter().map(|c| (c.key, c)));
            }
            ServerMsg::Stats(frame) => {
                self.figures.apply(&frame);
            }
            ServerMsg::Events(frame) => {
                self.events.extend(frame.entries.into_iter().filter_map(
                    |entry| match entry.item {
                        Item::Event(event) => Some(event),
                        Item::Gap(_) => None,
                    },
                ));
            }
            ServerMsg::Usage(usage) => self.usage = usage.last,
            _ => {}
        }
    }

    fn container(&self, name: &str) -> &Container {
        self.containers
            .values()
            .find(|container| container.name == name)
            .unwrap_or_else(|| panic!("the bridge knows no container {name}"))
    }

    fn figures(&self, name: &str) -> Figures {
        self.figures.get(self.container(name).key)
    }
}

async fn bridge(socket: &Path) -> Bridge {
    let endpoint = Endpoint::parse(&format!("unix://{}", socket.display())).expect("an endpoint");
    let config = Config {
        source: Source::Engine(endpoint),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        log: log::Filter::parse("warn").expect("a filter"),
    };
    daemonscope::start_with(config, Site::default())
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What a viewer is told, once it is enough.
async fn told(socket: &Path, interest: Interest, enough: impl Fn(&Told) -> bool) -> Told {
    let bridge = bridge(socket).await;
    let mut request = format!("ws://{}/api/v1/live", bridge.address())
        .into_client_request()
        .expect("an address");
    request.headers_mut().insert(
        "Sec-WebSocket-Protocol",
        SUBPROTOCOL_JSON.parse().expect("a value"),
    );
    let (mut live, _) = connect_async(request).await.expect("a live socket");
    let wanted = Encoding::Json.encode(&ClientMsg::Interest(interest));
    let wanted = String::from_utf8(wanted).expect("JSON is text");
    live.send(Message::text(wanted)).await.expect("it is sent");

    let mut told = Told::default();
    let complete = timeout(Duration::from_secs(30), async {
        while !enough(&told) {
            match live.next().await {
                Some(Ok(Message::Text(text))) => {
                    told.take_in(Encoding::Json.decode(text.as_bytes()).expect("a message"));
                }
                Some(Ok(_)) => {}
                end => panic!("the live socket ended: {end:?}"),
            }
        }
    });
    if complete.await.is_err() {
        panic!(
            "after 30 s only: {} containers, {} with figures, {} events, usage {:?}",
            told.containers.len(),
            told.figures.keys().count(),
            told.events.len(),
            told.usage
        );
    }
    bridge.stop().await;
    told
}

/// The docker command waits for its answers: not on a thread that gives them.
async fn run(docker: &Docker, server: &Server, arguments: &[&str]) -> String {
    let (docker, socket) = (docker.clone(), server.socket().to_owned());
    let arguments: Vec<String> = arguments
        .iter()
        .map(|&argument| argument.to_owned())
        .collect();
    tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        docker.run(&socket, &arguments)
    })
    .await
    .expect("it runs")
}

fn docker_commands() -> Vec<Docker> {
    Docker::all().unwrap_or_else(|reason| panic!("{reason}"))
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn now_millis() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(now.expect("after 1970").as_millis()).expect("before the year 292 million")
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_ps_prints_our_containers() {
    for capture in Capture::ALL {
        let server = Server::start(capture.answers());
        let recorded = capture.containers();
        let told = told(server.socket(), Interest::default(), |told| {
            told.containers.len() == recorded.len()
        })
        .await;
        let names: Vec<&str> = recorded.iter().map(|listed| listed.name.as_str()).collect();
        for docker in docker_commands() {
            // ages grow while it runs
            let before = containers_table(&told, &names);
            let printed = run(&docker, &server, &["ps", "-a"]).await;
            let after = containers_table(&told, &names);
            if printed != before {
                assert_eq!(printed, after, "{capture:?} {docker:?}");
            }
        }
    }
}

/// As `docker ps` prints it at this moment.
fn containers_table(told: &Told, names: &[&str]) -> String {
    let now = now_millis();
    let mut rows = vec![words(&[
        "CONTAINER ID",
        "IMAGE",
        "COMMAND",
        "CREATED",
        "STATUS",
        "PORTS",
        "NAMES",
    ])];
    rows.extend(names.iter().map(|name| {
        let wire = told.container(name);
        let container = model::Container::from(wire.clone());
        vec![
            format::short_id(&container.id).to_owned(),
            format::image(&container.image, &container.image_id),
            format::command(&container.command),
            format::created(wire.created_secs, now),
            format::status(&container, now),
            format::ports(&container.ports),
            container.name.clone(),
        ]
    }));
    table(&rows)
}

/// Columns that no recorded container has: ranges of ports, digests, odd commands.
#[tokio::test(flavor = "multi_thread")]
async fn docker_ps_prints_our_columns_of_odd_containers() {
    let port = |private: u16, kind: &str| json!({"PrivatePort": private, "Type": kind});
    let published = |ip: &str, public: u16, private: u16, kind: &str| json!({"IP": ip, "PublicPort": public, "PrivatePort": private, "Type": kind});
    let digest = "0711677bcb764852747efcc22dbb8293b397bd47c9fe7dbc5b7fe8224fc4442a";
    let digested = format!("nginx@sha256:{digest}");
    let tagged_and_digested = format!("nginx:1.29@sha256:{digest}");
    let by_id = format!("sha256:{digest}");
    let other = format!("fx:1@sha256:{}", "0".repeat(64));
    let odd = [
        (
            "nginx:1.29",
            "nginx -g 'daemon off;'",
            vec![
                published("0.0.0.0", 80, 80, "tcp"),
                published("::", 80, 80, "tcp"),
                published("0.0.0.0", 81, 81, "tcp"),
                published("::", 81, 81, "tcp"),
                port(443, "tcp"),
            ],
        ),
        (
            &digested,
            "\u{1b}[31mred\ttab\\",
            vec![
                published("127.0.0.1", 8443, 443, "tcp"),
                published("::1", 8443, 443, "tcp"),
                port(53, "udp"),
                port(53, "tcp"),
                port(54, "udp"),
                port(56, "udp"),
            ],
        ),
        (
            &tagged_and_digested,
            "\u{65e5}\u{672c}\u{8a9e}\u{306e}\u{547d}\u{4ee4}\u{306f}\u{9577}\u{3044}\u{3067}\u{3059}",
            vec![
                published("0.0.0.0", 9001, 9000, "tcp"),
                published("0.0.0.0", 9000, 9001, "tcp"),
                published("0.0.0.0", 9002, 9002, "sctp"),
                port(1, "tcp"),
                port(65535, "tcp"),
            ],
        ),
        (&by_id, "\u{202e}evil \"quoted\" and much longer", vec![]),
        ("docker.io/library/redis", "exactly twenty chars", vec![]),
        (
            "docker.io/grafana/grafana:latest",
            "exactly twenty-one ch",
            vec![],
        ),
        ("127.0.0.1:5000/fx", "", vec![]),
        (&other, "x", vec![]),
        ("", "\u{e9}\u{e9}\u{e9}", vec![]),
    ];
    let list: Vec<Value> = odd
        .iter()
        .enumerate()
        .map(|(number, (image, command, ports))| {
            json!({
                "Id": format!("{number:x}").repeat(64), "Names": [format!("/odd-{number}")],
                "Image": image, "ImageID": by_id, "Command": command, "Created": 1_700_000_000,
                "Ports": ports, "State": "exited", "Status": "Exited (0) 2 years ago",
            })
        })
        .collect();
    let names: Vec<String> = (0..odd.len())
        .map(|number| format!("odd-{number}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut answers = Answers::of_nothing();
    answers.containers = Value::from(list).to_string().into_bytes();
    let server = Server::start(answers);
    let told = told(server.socket(), Interest::default(), |told| {
        told.containers.len() == odd.len()
    })
    .await;
    let mut compared = 0;
    for docker in docker_commands() {
        // those before write addresses of IPv6 without brackets
        if docker.major >= 25 {
            let printed = run(&docker, &server, &["ps", "-a"]).await;
            assert_eq!(printed, containers_table(&told, &names), "{docker:?}");
            compared += 1;
        }
    }
    if compared == 0 {
        eprintln!("no docker command of release 25 or later here, nothing compared");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_stats_prints_our_figures() {
    for capture in Capture::ALL {
        let answers = capture.answers();
        let server = Server::start(answers.clone());
        let (running, stopped): (Vec<_>, Vec<_>) = capture
            .containers()
            .into_iter()
            .filter(|container| answers.statistics.contains_key(&container.name))
            .partition(|container| matches!(container.state.as_str(), "running" | "paused"));
        assert!(running.len() >= 7 && stopped.len() >= 4);
        let interest = Interest {
            stats: StatsWanted::All,
            ..Interest::default()
        };
        let told = told(server.socket(), interest, |told| {
            !told.containers.is_empty()
                && running
                    .iter()
                    .all(|container| told.figures(&container.name).cpu_hundredths.is_some())
        })
        .await;

        let mut rows = vec![words(&STATISTICS_HEAD)];
        for container in running.iter().chain(&stopped) {
            let figures = told.figures(&container.name);
            if stopped.iter().any(|stopped| stopped.id == container.id) {
                // where we know nothing, the docker command prints zeros
                assert!(!figures.known(), "{}", container.name);
            }
            rows.push(statistics_row(&container.id, &container.name, &figures));
        }
        let names = running.iter().chain(&stopped);
        let arguments: Vec<&str> = ["stats", "--no-stream"]
            .into_iter()
            .chain(names.map(|container| container.name.as_str()))
            .collect();
        for docker in docker_commands() {
            let printed = run(&docker, &server, &arguments).await;
            assert_eq!(printed, table(&rows), "{capture:?} {docker:?}");
        }
    }
}

/// Where we know nothing, the docker command prints zeros.
fn statistics_row(id: &str, name: &str, figures: &Figures) -> Vec<String> {
    let number = |figure: Option<u64>| figure.unwrap_or(0);
    let used = number(figures.memory_used_bytes);
    let limit = number(figures.memory_limit_bytes);
    vec![
        format::short_id(id).to_owned(),
        name.to_owned(),
        format::cpu_percent(number(figures.cpu_hundredths)),
        format::memory_usage(used, limit),
        format::memory_percent(used, limit),
        format::io(
            number(figures.network_rx_bytes),
            number(figures.network_tx_bytes),
        ),
        format::io(
            number(figures.block_read_bytes),
            number(figures.block_write_bytes),
        ),
        format::pids(number(figures.pids)),
    ]
}

/// The shapes that no capture has go through the docker command too.
#[tokio::test(flavor = "multi_thread")]
async fn docker_stats_prints_our_figures_of_written_answers() {
    let statistics: BTreeMap<String, Vec<u8>> = [
        ("v1", "stats-v1-block.json"),
        ("v2", "stats-v2.ndjson"),
        ("uncounted", "stats-v2-null-block.json"),
        ("old", "stats-no-online-cpus.json"),
        ("falling", "stats-falling.ndjson"),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (name, file))| {
        let mut answer: Value = serde_json::from_slice(&written(file)).expect("JSON");
        answer["name"] = format!("/{name}").into();
        answer["id"] = format!("{number:x}").repeat(64).into();
        (name.to_owned(), answer.to_string().into_bytes())
    })
    .collect();
    let names: Vec<String> = statistics.keys().cloned().collect();
    let server = Server::start(Answers::of_nothing().with_statistics(statistics));
    let interest = Interest {
        stats: StatsWanted::All,
        ..Interest::default()
    };
    let told = told(server.socket(), interest, |told| {
        told.containers.len() == names.len()
            && names
                .iter()
                .all(|name| told.figures(name).cpu_hundredths.is_some())
    })
    .await;
    let mut rows = vec![words(&STATISTICS_HEAD)];
    rows.extend(
        names
            .iter()
            .map(|name| statistics_row(&told.container(name).id, name, &told.figures(name))),
    );
    let arguments: Vec<&str> = ["stats", "--no-stream"]
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    for docker in docker_commands() {
        let printed = run(&docker, &server, &arguments).await;
        assert_eq!(printed, table(&rows), "{docker:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_stats_prints_our_figures_of_windows() {
    let statistics = BTreeMap::from([("iis".to_owned(), written("stats-windows.ndjson"))]);
    let mut answers = Answers::of_nothing().with_statistics(statistics);
    answers.os = "windows".to_owned();
    let server = Server::start(answers);
    let interest = Interest {
        stats: StatsWanted::All,
        ..Interest::default()
    };
    let told = told(server.socket(), interest, |told| {
        !told.containers.is_empty() && told.figures("iis").cpu_hundredths.is_some()
    })
    .await;
    let row = statistics_row(&told.container("iis").id, "iis", &told.figures("iis"));
    let [id, name, cpu, memory, _, network, block, _] = row.try_into().expect("eight columns");
    let (working_set, _) = memory.split_once(" / ").expect("two figures");
    let rows = [
        words(&[
            "CONTAINER ID",
            "NAME",
            "CPU %",
            "PRIV WORKING SET",
            "NET I/O",
            "BLOCK I/O",
        ]),
        vec![id, name, cpu, working_set.to_owned(), network, block],
    ];
    for docker in docker_commands() {
        let printed = run(&docker, &server, &["stats", "--no-stream", "iis"]).await;
        assert_eq!(printed, table(&rows), "{docker:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_system_df_prints_our_usage() {
    for capture in Capture::ALL {
        let server = Server::start(capture.answers());
        let interest = Interest {
            usage: true,
            ..Interest::default()
        };
        let told = told(server.socket(), interest, |told| told.usage.is_some()).await;
        let usage = told.usage.expect("it was waited for");

        let rows = usage_rows(&usage);
        for docker in docker_commands() {
            let printed = run(&docker, &server, &["system", "df"]).await;
            // until 24 it took the size of images from a field that engines since 25 do not send
            if docker.major < 25 && capture.major() >= 25 {
                let but_images = |text: &str| -> Vec<String> {
                    text.lines()
                        .filter(|line| !line.starts_with(UsageClass::Images.word()))
                        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                        .collect()
                };
                assert_eq!(
                    but_images(&printed),
                    but_images(&table(&rows)),
                    "{docker:?}"
                );
            } else {
                assert_eq!(printed, table(&rows), "{capture:?} {docker:?}");
            }
        }
    }
}

fn usage_rows(usage: &Usage) -> Vec<Vec<String>> {
    let mut rows = vec![words(&["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"])];
    rows.extend(usage.rows.iter().map(|row| {
        vec![
            row.class.word().to_owned(),
            row.total.to_string(),
            row.active.to_string(),
            format::human_size(row.size_bytes as f64),
            format::reclaimable(row),
        ]
    }));
    rows
}

/// What a docker command before 29 makes of lists with sizes that the daemon does not know, and of no lists.
#[tokio::test(flavor = "multi_thread")]
async fn docker_system_df_prints_our_usage_of_written_answers() {
    for file in ["df-null.json", "df-unknown.json", "df-1.52.json"] {
        let mut answer: Value = serde_json::from_slice(&written(file)).expect("JSON");
        let lists = answer.as_object_mut().expect("an object");
        lists.retain(|name, _| !name.ends_with("Usage"));
        if let Some(Value::Array(volumes)) = lists.get_mut("Volumes") {
            // at volumes without usage data these docker commands crash
            volumes.retain(|volume| !volume["UsageData"].is_null());
        }
        let mut answers = Answers::of_nothing();
        answers.usage = answer.to_string().into_bytes();
        let server = Server::start(answers);
        let interest = Interest {
            usage: true,
            ..Interest::default()
        };
        let told = told(server.socket(), interest, |told| told.usage.is_some()).await;
        let rows = usage_rows(&told.usage.expect("it was waited for"));
        let mut compared = 0;
        for docker in docker_commands() {
            // those before 25 take the size of images from elsewhere, those since 29 have another rule
            if (25..29).contains(&docker.major) {
                let printed = run(&docker, &server, &["system", "df"]).await;
                assert_eq!(printed, table(&rows), "{file} {docker:?}");
                compared += 1;
            }
        }
        if compared == 0 {
            eprintln!("{file}: no docker command of releases 25 to 28 here, nothing compared");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_events_prints_our_events() {
    for capture in Capture::ALL {
        let server = Server::start(capture.answers());
        let recorded = String::from_utf8(capture.read("events.ndjson")).expect("text");
        let recorded: Vec<&str> = recorded.lines().collect();
        let interest = Interest {
            events: EventsWanted::Live {
                recent: 10_000,
                after: None,
            },
            ..Interest::default()
        };
        let told = told(server.socket(), interest, |told| {
            told.events.len() >= recorded.len()
        })
        .await;
        assert!(told.events.iter().all(|event| !event.redacted));

        let lines: String = told.events.iter().map(|event| line(event) + "\n").collect();
        let objects: String = told
            .events
            .iter()
            .map(|event| object(event) + "\n")
            .collect();
        for docker in docker_commands() {
            let stretch = ["events", "--since", "0", "--until", "1"];
            let printed = run(&docker, &server, &stretch).await;
            assert_same_lines(&printed, &lines, &format!("{capture:?} {docker:?}"));
            let json = [&stretch[..], &["--format", "{{json .}}"]].concat();
            let printed = run(&docker, &server, &json).await;
            assert_same_lines(&printed, &objects, &format!("{capture:?} {docker:?}"));
        }
    }
}

/// Says the first line that differs, not two hundred that do not.
fn assert_same_lines(printed: &str, ours: &str, of_what: &str) {
    for (number, (printed, ours)) in printed.lines().zip(ours.lines()).enumerate() {
        assert_eq!(printed, ours, "{of_what}, line {}", number + 1);
    }
    assert_eq!(printed.lines().count(), ours.lines().count(), "{of_what}");
    assert_eq!(printed, ours, "{of_what}");
}

/// `docker events`.
fn line(event: &Event) -> String {
    let mut line = format!(
        "{} {} {} {}",
        utc(event.time_nano),
        event.kind,
        event.action,
        event.actor_id
    );
    if !event.attributes.is_empty() {
        let attributes: Vec<String> = event
            .attributes
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        line.push_str(&format!(" ({})", attributes.join(", ")));
    }
    line
}

/// `docker events --format '{{json .}}'`: with the fields of old that the daemon still writes for containers and images.
fn object(event: &Event) -> String {
    let mut fields: Vec<String> = Vec::new();
    let mut field = |name: &str, value: &str| {
        if !value.is_empty() {
            fields.push(format!("\"{name}\":{}", quoted(value)));
        }
    };
    let is_container = event.kind == "container";
    if is_container || event.kind == "image" {
        field("status", &event.action);
        field("id", &event.actor_id);
    }
    if is_container {
        field("from", event.attribute("image").unwrap_or(""));
    }
    let attributes: Vec<String> = event
        .attributes
        .iter()
        .map(|(name, value)| format!("{}:{}", quoted(name), quoted(value)))
        .collect();
    fields.extend([
        format!("\"Type\":{}", quoted(&event.kind)),
        format!("\"Action\":{}", quoted(&event.action)),
        format!(
            "\"Actor\":{{\"ID\":{},\"Attributes\":{{{}}}}}",
            quoted(&event.actor_id),
            attributes.join(",")
        ),
        format!("\"scope\":{}", quoted(&event.scope)),
        format!("\"time\":{}", event.time_nano / 1_000_000_000),
        format!("\"timeNano\":{}", event.time_nano),
    ]);
    format!("{{{}}}", fields.join(","))
}

/// As Go writes it: what HTML would take for its own is escaped.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// `2006-01-02T15:04:05.000000000Z`.
fn utc(nanos: i64) -> String {
    let seconds = nanos.div_euclid(1_000_000_000);
    let (days, second_of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let mut year = 1970;
    let mut day = days;
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_of = |year: i64| if leap(year) { 366 } else { 365 };
    while day >= days_of(year) {
        day -= days_of(year);
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!(
        "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z",
        day + 1,
        second_of_day / 3600,
        second_of_day / 60 % 60,
        second_of_day % 60,
        nanos.rem_euclid(1_000_000_000)
    )
}
