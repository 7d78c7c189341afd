//! `docker ps`.

use e2e::replay::{Answers, Capture, Server};
use model::format;
use protocol::Interest;
use serde_json::{Value, json};

use crate::{
    docker_commands, run,
    table::table,
    viewer::{Told, told},
    words,
};

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

fn now_millis() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(now.expect("after 1970").as_millis()).expect("before the year 292 million")
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
    assert!(
        compared > 0,
        "needs a docker command of release 25 or later; {}",
        crate::NEWER
    );
}
