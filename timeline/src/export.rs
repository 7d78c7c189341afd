//! Entries as text for other programs. What they get is what is known here: redacted, and gaps told where the format
//! has room for them.

use std::fmt::Write;

use protocol::{Entry, Event, Gap, GapReason, Item};

/// How the daemon writes its events, which changed with API 1.52.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `status`, `id` and `from` before the rest, for containers and images.
    Legacy,
    Plain,
}

impl Shape {
    /// Of the API version in the path of the call, such as `1.41`.
    pub fn of_api(version: &str) -> Self {
        let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
        match (parts.next().flatten(), parts.next().flatten()) {
            (Some(1), Some(minor)) if minor < 52 => Self::Legacy,
            _ => Self::Plain,
        }
    }
}

/// One JSON object a line, as `docker events --format '{{json .}}'` prints them. A gap is no event of the daemon's:
/// it is left out, and the CSV has it.
pub fn ndjson<'e>(entries: impl IntoIterator<Item = &'e Entry>, shape: Shape) -> String {
    let mut text = String::new();
    for entry in entries {
        if let Item::Event(event) = &entry.item {
            write_event(event, shape, &mut text);
            text.push('\n');
        }
    }
    text
}

fn write_event(event: &Event, shape: Shape, text: &mut String) {
    text.push('{');
    if shape == Shape::Legacy {
        let image = event.attribute("image").filter(|image| !image.is_empty());
        let is_container = event.kind == "container";
        // moby, `api/types/events` until 1.51: the fields of before 1.22
        if is_container || event.kind == "image" {
            field("status", &event.action, text);
            if !event.actor_id.is_empty() {
                field("id", &event.actor_id, text);
            }
            if let Some(image) = image.filter(|_| is_container) {
                field("from", image, text);
            }
        }
    }
    field("Type", &event.kind, text);
    field("Action", &event.action, text);
    text.push_str("\"Actor\":{");
    field("ID", &event.actor_id, text);
    text.push_str("\"Attributes\":{");
    for (at, (name, value)) in event.attributes.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        string(name, text);
        text.push(':');
        string(value, text);
    }
    text.push_str("}},");
    field("scope", &event.scope, text);
    let seconds = event.time_nano.div_euclid(1_000_000_000);
    let _ = write!(
        text,
        "\"time\":{seconds},\"timeNano\":{}}}",
        event.time_nano
    );
}

fn field(name: &str, value: &str, text: &mut String) {
    string(name, text);
    text.push(':');
    string(value, text);
    text.push(',');
}

/// As Go's encoder writes strings: what HTML or JavaScript would misread is escaped, too.
fn string(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}

const HEAD: &str = "time,timeNano,type,action,id,name,scope,attributes,redacted,gap\r\n";

/// RFC 4180, with a head. `attributes` holds `name=value` with `; ` between; a gap has a line with its reason in the
/// last column. A cell that a spreadsheet would take for a formula begins with `'`.
pub fn csv<'e>(entries: impl IntoIterator<Item = &'e Entry>) -> String {
    let mut text = HEAD.to_owned();
    for entry in entries {
        let cells = match &entry.item {
            Item::Event(event) => event_cells(event),
            Item::Gap(gap) => gap_cells(gap),
        };
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            push_cell(cell, &mut text);
        }
        text.push_str("\r\n");
    }
    text
}

fn event_cells(event: &Event) -> [String; 10] {
    let attributes: Vec<String> = event
        .attributes
        .iter()
        .filter(|(name, _)| name != "name")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    [
        utc(event.time_nano),
        event.time_nano.to_string(),
        event.kind.clone(),
        event.action.clone(),
        event.actor_id.clone(),
        event.attribute("name").unwrap_or("").to_owned(),
        event.scope.clone(),
        attributes.join("; "),
        if event.redacted { "yes" } else { "" }.to_owned(),
        String::new(),
    ]
}

fn gap_cells(gap: &Gap) -> [String; 10] {
    let reason = match gap.reason {
        GapReason::BridgeStarted => "listening began",
        GapReason::DaemonRestarted => "the daemon was restarted",
        GapReason::RingOverrun => "more events than the daemon keeps",
        GapReason::StreamStalled => "the stream stalled",
        GapReason::ViewerTooSlow => "this viewer was too slow",
        GapReason::Unreadable => "unreadable events",
        GapReason::BridgeWasDown => "daemonscope was not running",
        GapReason::NotStored => "the disk took no more",
    };
    let since = match gap.from_nano {
        Some(from) => format!("events may be missing since {}: {reason}", utc(from)),
        None => format!("events may be missing before: {reason}"),
    };
    let mut cells: [String; 10] = Default::default();
    cells[0] = utc(gap.to_nano);
    cells[1] = gap.to_nano.to_string();
    cells[9] = since;
    cells
}

fn push_cell(cell: &str, text: &mut String) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = cell.contains([',', '"', '\r', '\n']);
    if quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    if quoted {
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

/// `2026-11-24T06:44:13.333153632Z`.
fn utc(nano: i64) -> String {
    let (seconds, nano) = (
        nano.div_euclid(1_000_000_000),
        nano.rem_euclid(1_000_000_000),
    );
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = crate::date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nano:09}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(action: &str, attributes: &[(&str, &str)]) -> Entry {
        Entry {
            seq: 1,
            item: Item::Event(Event {
                time_nano: 1_795_502_653_333_153_632,
                kind: "container".to_owned(),
                action: action.to_owned(),
                scope: "local".to_owned(),
                actor_id: "cc17".to_owned(),
                attributes: attributes
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                redacted: false,
            }),
        }
    }

    #[test]
    fn times_are_written_in_utc() {
        for (nano, expected) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
            (1_795_502_653_333_153_632, "2026-11-24T06:44:13.333153632Z"),
            (i64::MAX, "2262-04-11T23:47:16.854775807Z"),
            (i64::MIN, "1677-09-21T00:12:43.145224192Z"),
        ] {
            assert_eq!(utc(nano), expected);
        }
    }

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+x", "'+x"),
            ("-x", "'-x"),
            ("-5", "'-5"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            (
                "=HYPERLINK(\"x\",\"y\")",
                "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
            ),
            ("a=b", "a=b"),
        ] {
            let mut text = String::new();
            push_cell(cell, &mut text);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn a_line_for_each_entry_and_a_head() {
        let gap = Entry {
            seq: 2,
            item: Item::Gap(Gap {
                from_nano: Some(0),
                to_nano: 1_000_000_000,
                reason: GapReason::DaemonRestarted,
            }),
        };
        let entries = [entry("die", &[("exitCode", "1"), ("name", "web")]), gap];
        assert_eq!(
            csv(&entries),
            "time,timeNano,type,action,id,name,scope,attributes,redacted,gap\r\n\
             2026-11-24T06:44:13.333153632Z,1795502653333153632,container,die,cc17,web,local,exitCode=1,,\r\n\
             1970-01-01T00:00:01.000000000Z,1000000000,,,,,,,,\
             events may be missing since 1970-01-01T00:00:00.000000000Z: the daemon was restarted\r\n"
        );
    }

    #[test]
    fn the_shape_follows_the_api() {
        for (version, shape) in [
            ("1.41", Shape::Legacy),
            ("1.51", Shape::Legacy),
            ("1.52", Shape::Plain),
            ("2.0", Shape::Plain),
            ("", Shape::Plain),
        ] {
            assert_eq!(Shape::of_api(version), shape, "{version}");
        }
        let line = ndjson(
            &[entry("exec_create: a <b> \u{1}", &[("image", "fx:1")])],
            Shape::Plain,
        );
        assert_eq!(
            line,
            "{\"Type\":\"container\",\"Action\":\"exec_create: a \\u003cb\\u003e \\u0001\",\"Actor\":{\"ID\":\"cc17\",\
             \"Attributes\":{\"image\":\"fx:1\"}},\"scope\":\"local\",\"time\":1795502653,\"timeNano\":1795502653333153632}\n"
        );
    }
}
