//! `docker events`.

use e2e::replay::{Capture, Server};
use protocol::{Event, EventsWanted, Interest};

use crate::{docker_commands, run, viewer::told};

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
