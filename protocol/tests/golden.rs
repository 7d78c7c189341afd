//! Every kind of message as it stands on the wire, so that no change of it goes unseen.
//!
//! `GOLDEN=write cargo test -p daemonscope-protocol --features json` writes the file anew; then look at the difference, and think of
//! `PROTOCOL`.

#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

use std::{env, fmt::Write as _, fs};

use daemonscope_protocol::*;
use serde::{Serialize, de::DeserializeOwned};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.txt");

#[test]
fn the_wire_is_what_it_was() {
    let mut frames = String::new();
    for (name, message) in from_server() {
        write(&mut frames, name, &message);
    }
    for (name, message) in from_client() {
        write(&mut frames, name, &message);
    }
    if env::var_os("GOLDEN").is_some() {
        fs::write(FILE, &frames).unwrap();
    }
    let golden = fs::read_to_string(FILE).unwrap();
    for (now, then) in frames.split("\n\n").zip(golden.split("\n\n")) {
        assert_eq!(now, then);
    }
    assert_eq!(frames, golden);
}

/// A page of any version must read this one.
#[test]
fn hello_is_frozen() {
    let hello = ServerMsg::Hello(Hello {
        protocol: 1,
        build: "0.1.0".to_owned(),
    });
    assert_eq!(Encoding::Postcard.encode(&hello), b"\x00\x01\x050.1.0");
    let json = br#"{"Hello":{"protocol":1,"build":"0.1.0"}}"#;
    assert_eq!(Encoding::Json.encode(&hello), json);
}

#[test]
fn what_is_cut_or_followed_by_more_is_not_a_message() {
    for (name, message) in from_server() {
        let whole = Encoding::Postcard.encode(&message);
        for length in 0..whole.len() {
            let cut = Encoding::Postcard.decode::<ServerMsg>(&whole[..length]);
            assert!(cut.is_err(), "{name}");
        }
        let more = [&whole[..], &[0]].concat();
        assert!(
            Encoding::Postcard.decode::<ServerMsg>(&more).is_err(),
            "{name}"
        );
        assert!(
            Encoding::Json.decode::<ServerMsg>(&whole).is_err(),
            "{name}"
        );
    }
}

fn write<T>(frames: &mut String, name: &str, message: &T)
where
    T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let postcard = Encoding::Postcard.encode(message);
    let json = Encoding::Json.encode(message);
    for (encoding, bytes) in [(Encoding::Postcard, &postcard), (Encoding::Json, &json)] {
        assert_eq!(encoding.decode::<T>(bytes).as_ref(), Ok(message), "{name}");
    }
    writeln!(frames, "# {name}").unwrap();
    for line in postcard.chunks(48) {
        for byte in line {
            write!(frames, "{byte:02x}").unwrap();
        }
        frames.push('\n');
    }
    writeln!(frames, "{}\n", String::from_utf8(json).unwrap()).unwrap();
}

fn from_client() -> Vec<(&'static str, ClientMsg)> {
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
    ]
}

fn from_server() -> Vec<(&'static str, ServerMsg)> {
    let away = |reason| {
        ServerMsg::Daemon(DaemonState::Away(Away {
            reason,
            since_millis: 1_700_000_000_000,
            retry_at_millis: Some(1_700_000_000_500),
            attempts: 1,
        }))
    };
    let tls = |fault| away(AwayReason::Tls(fault));
    let file = |fault| {
        tls(TlsFault::File {
            path: "/certs/key.pem".to_owned(),
            fault,
        })
    };
    let usage_failed = |failure| {
        ServerMsg::Usage(UsageState {
            failure: Some(failure),
            ..UsageState::default()
        })
    };
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
    let entries = |items: Vec<Item>| {
        ServerMsg::Events(EventsFrame {
            epoch: 1_700_000_000_000_000,
            entries: items
                .into_iter()
                .zip(300..)
                .map(|(item, seq)| Entry { seq, item })
                .collect(),
            oldest: Position {
                epoch: 1_700_000_000_000_000,
                seq: 1,
            },
            past: false,
        })
    };
    let states = [
        State::Created,
        State::Running,
        State::Paused,
        State::Restarting,
        State::Removing,
        State::Exited,
        State::Dead,
        State::Other("new".to_owned()),
    ];
    let healths = [
        None,
        Some(Health::Starting),
        Some(Health::Healthy),
        Some(Health::Unhealthy),
        Some(Health::Other("new".to_owned())),
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
    let text = |text: &str| text.to_owned();
    vec![
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
        (
            "daemon: connecting",
            ServerMsg::Daemon(DaemonState::Connecting),
        ),
        ("daemon: socket missing", away(AwayReason::SocketMissing)),
        ("daemon: refused", away(AwayReason::Refused)),
        (
            "daemon: permission denied",
            away(AwayReason::PermissionDenied),
        ),
        (
            "daemon: unreachable",
            away(AwayReason::Unreachable(text("no such host"))),
        ),
        ("daemon: hung", away(AwayReason::Hung)),
        ("daemon: closed", away(AwayReason::Closed)),
        ("daemon: TLS expected", away(AwayReason::TlsExpected)),
        (
            "daemon: certificate",
            away(AwayReason::Certificate(text("expired"))),
        ),
        (
            "daemon: too old",
            away(AwayReason::TooOld {
                api: text("1.40"),
                needs: text("1.41"),
            }),
        ),
        ("daemon: forbidden", away(AwayReason::Forbidden(403))),
        (
            "daemon: not an engine",
            away(AwayReason::NotAnEngine(text("<html>"))),
        ),
        ("daemon: starting", away(AwayReason::Starting)),
        (
            "daemon: TLS, unknown authority",
            tls(TlsFault::UnknownAuthority),
        ),
        (
            "daemon: TLS, other name",
            tls(TlsFault::OtherName {
                wanted: text("nas.lan"),
                presented: vec![text("localhost"), text("127.0.0.1")],
            }),
        ),
        (
            "daemon: TLS, expired",
            tls(TlsFault::Expired {
                not_after: text("2026-11-24 06:44:55 UTC"),
            }),
        ),
        (
            "daemon: TLS, not yet valid",
            tls(TlsFault::NotYetValid {
                not_before: text("2026-11-24 06:44:55 UTC"),
            }),
        ),
        ("daemon: TLS, unfit", tls(TlsFault::Unfit(text("revoked")))),
        (
            "daemon: TLS, no client certificate",
            tls(TlsFault::ClientMissing {
                path: text("/certs/cert.pem"),
            }),
        ),
        (
            "daemon: TLS, client certificate expired",
            tls(TlsFault::ClientExpired {
                not_after: Some(text("2026-11-24 06:44:55 UTC")),
            }),
        ),
        (
            "daemon: TLS, client certificate of an unknown authority",
            tls(TlsFault::ClientUnknownAuthority),
        ),
        (
            "daemon: TLS, client certificate refused",
            tls(TlsFault::ClientRefused(text("revoked"))),
        ),
        ("daemon: TLS, plain HTTP", tls(TlsFault::PlainHttp)),
        (
            "daemon: TLS, handshake",
            tls(TlsFault::Handshake(text("no common version"))),
        ),
        ("daemon: TLS, no file", file(FileFault::Missing)),
        (
            "daemon: TLS, unreadable file",
            file(FileFault::Unreadable(text("Permission denied"))),
        ),
        (
            "daemon: TLS, long file",
            file(FileFault::TooLong {
                limit_bytes: 1_048_576,
            }),
        ),
        ("daemon: TLS, malformed file", file(FileFault::Malformed)),
        ("daemon: TLS, encrypted key", file(FileFault::Encrypted)),
        (
            "daemon: TLS, unsupported key",
            file(FileFault::UnsupportedKey),
        ),
        ("daemon: TLS, other key", file(FileFault::OtherKey)),
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
        ("events", entries(vec![event()])),
        ("events: gaps", entries(gaps.map(gap).to_vec())),
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
        ("info refused", ServerMsg::InfoRefused(Some(403))),
        ("info refused no longer", ServerMsg::InfoRefused(None)),
    ]
}

// Every field has a value of its own, so that two that change places are seen.

fn container() -> Container {
    let text = |text: &str| text.to_owned();
    Container {
        key: ContainerKey(7),
        id: text("0123"),
        name: text("web"),
        image: text("nginx:1.29"),
        image_id: text("sha256:4567"),
        command: text("nginx -g 'daemon off;'"),
        created_secs: 1_700_000_001,
        state: State::Running,
        status: text("Up 3 minutes (healthy)"),
        health: Some(Health::Healthy),
        ports: vec![PortMapping {
            host_ip: text("0.0.0.0"),
            host_port: Some(8080),
            container_port: 80,
            protocol: text("tcp"),
        }],
        labels: vec![(text("a"), text("b"))],
        project: Some(text("shop")),
        service: Some(text("front")),
        network_mode: text("bridge"),
        networks: vec![NetworkLink {
            name: text("net"),
            network_id: text("89ab"),
            ip_address: text("192.0.2.2"),
            ipv6_address: text("2001:db8::2"),
            gateway: text("192.0.2.1"),
            mac_address: text("02:00:00:00:00:01"),
            aliases: vec![text("alias")],
        }],
        mounts: vec![Mount {
            kind: text("volume"),
            name: text("data"),
            source: text("/source"),
            destination: text("/destination"),
            mode: text("z"),
            read_write: true,
        }],
        details: Some(Box::new(Details {
            exit_code: 137,
            oom_killed: true,
            error: text("error"),
            restart_count: 6,
            started_at_millis: Some(1_700_000_000_002),
            finished_at_millis: Some(1_700_000_000_001),
            pid: Some(4242),
            restart_policy: RestartPolicy {
                name: text("on-failure"),
                maximum_retry_count: 5,
            },
            health_check: Some(HealthCheck {
                command: text("curl -f localhost"),
                interval_millis: 30_000,
                failing_streak: 2,
            }),
            memory_limit_bytes: Some(1 << 30),
            nano_cpus: Some(500_000_000),
            pids_limit: Some(100),
            privileged: true,
            tty: false,
            user: text("www"),
            working_dir: text("/srv"),
            hostname: text("host"),
            log_driver: text("json-file"),
            platform: text("linux"),
            environment: vec![text("PATH")],
            inspected_at_millis: 1_700_000_000_003,
        })),
    }
}

fn engine() -> EngineInfo {
    let text = |text: &str| text.to_owned();
    EngineInfo {
        id: text("ID"),
        name: text("nas"),
        version: text("28.5.2"),
        api_version: text("1.51"),
        api_version_max: text("1.52"),
        api_version_min: text("1.24"),
        components: vec![Component {
            name: text("runc"),
            version: text("1.3.0"),
        }],
        operating_system: text("Debian"),
        os_type: text("linux"),
        architecture: text("x86_64"),
        kernel: text("6.18"),
        storage_driver: text("overlay2"),
        logging_driver: text("json-file"),
        cgroup_driver: text("systemd"),
        cgroup_version: text("2"),
        root_dir: text("/var/lib/docker"),
        cpus: 4,
        memory_bytes: 1 << 34,
        containers: 10,
        containers_running: 7,
        containers_paused: 1,
        containers_stopped: 2,
        images: 31,
        debug: true,
        goroutines: Some(90),
        file_descriptors: Some(50),
        event_listeners: Some(3),
        swarm: text("inactive"),
        warnings: vec![text("WARNING: none")],
        read_at_millis: 1_700_000_000_004,
    }
}

fn usage() -> UsageState {
    let classes = [
        UsageClass::Images,
        UsageClass::Containers,
        UsageClass::LocalVolumes,
        UsageClass::BuildCache,
    ];
    let rows = classes
        .into_iter()
        .zip(1..)
        .map(|(class, number)| UsageRow {
            class,
            total: number * 10,
            active: number,
            size_bytes: number as i64 * 1000,
            reclaimable_bytes: -(number as i64),
        });
    UsageState {
        last: Some(Usage {
            read_at_millis: 1_700_000_000_005,
            took_millis: 350,
            rows: rows.collect(),
        }),
        stale: true,
        reading_since_millis: Some(1_700_000_000_006),
        failure: None,
    }
}

fn stats() -> StatsFrame {
    fn column<T>(value: T) -> Column<T> {
        Column {
            keys: vec![ContainerKey(300)],
            values: vec![value],
        }
    }
    StatsFrame {
        at_millis: 1_700_000_000_007,
        reset: true,
        cpu_hundredths: column(1),
        memory_used_bytes: column(2),
        memory_limit_bytes: column(3),
        network_rx_bytes: column(Some(4)),
        network_tx_bytes: column(Some(5)),
        block_read_bytes: column(Some(6)),
        block_write_bytes: column(Some(7)),
        network_rx_rate: column(Some(8)),
        network_tx_rate: column(Some(9)),
        block_read_rate: column(Some(10)),
        block_write_rate: column(None),
        pids: column(Some(12)),
        lost: vec![ContainerKey(301)],
    }
}

fn segment() -> Segment {
    Segment {
        start_millis: 1_700_000_000_008,
        steps_millis: vec![0, 1001],
        cpu_hundredths: vec![1, 2],
        memory_used_bytes: vec![3, 4],
        network_rx_rate: vec![None, Some(5)],
        network_tx_rate: vec![Some(6), None],
        block_read_rate: vec![Some(7), Some(8)],
        block_write_rate: vec![Some(9), Some(10)],
        pids: vec![Some(11), Some(12)],
    }
}

fn event() -> Item {
    Item::Event(Event {
        time_nano: 1_700_000_000_123_456_789,
        kind: "container".to_owned(),
        action: "start".to_owned(),
        scope: "local".to_owned(),
        actor_id: "0123".to_owned(),
        attributes: vec![("image".to_owned(), "nginx:1.29".to_owned())],
        redacted: true,
    })
}
