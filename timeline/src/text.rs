//! An event in words, safe to put on a screen.

use std::fmt::Write;

use protocol::Event;

use crate::english::span;

/// One line: type, name, action, and what else tells events of this kind apart.
pub fn line(event: &Event) -> String {
    let details = match details(event) {
        details if details.is_empty() => details,
        details => format!("({details})"),
    };
    let parts = [visible(&event.kind), name(event), action(event), details];
    let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    known.join(" ")
}

/// What the event happened to: its name, or as much of its id as the docker command shows.
pub fn name(event: &Event) -> String {
    let name = match event.attribute("name") {
        Some(name) if !name.is_empty() => name,
        _ => &event.actor_id,
    };
    let hex = name.strip_prefix("sha256:").unwrap_or(name);
    let is_id = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    visible(if is_id { &hex[..12] } else { name })
}

/// The action, with its own argument where it has one.
pub fn action(event: &Event) -> String {
    visible(&event.action)
}

/// The attributes that matter most, in words, separated by commas.
pub fn details(event: &Event) -> String {
    let verb = event.action.split(':').next().unwrap_or("");
    let told: Vec<String> = DETAILS
        .iter()
        .filter(|(_, actions, _)| actions.contains(&verb))
        .filter_map(|(attribute, _, write)| Some(write(event.attribute(attribute)?)))
        .collect();
    told.join(", ")
}

type Detail = (&'static str, &'static [&'static str], fn(&str) -> String);

/// Attribute, the actions it is told for, how.
const DETAILS: [Detail; 13] = [
    ("exitCode", &["die", "exec_die"], |code| {
        format!("exit {}", visible(code))
    }),
    ("signal", &["kill"], |signal| {
        format!("signal {}", visible(signal))
    }),
    ("execDuration", &["die"], |seconds| {
        match seconds.parse::<u64>() {
            Ok(long @ 60..) => format!("ran {}", span(long.saturating_mul(1000))),
            _ => format!("ran {} s", visible(seconds)),
        }
    }),
    ("oldName", &["rename"], |name| {
        format!("was {}", visible(name.trim_start_matches('/')))
    }),
    ("image", &["create", "start", "die", "destroy"], |image| {
        format!("image {}", short(image))
    }),
    ("imageRef", &["commit"], |image| {
        format!("to {}", visible(image))
    }),
    (
        "container",
        &["connect", "disconnect", "mount", "unmount"],
        |id| format!("container {}", short(id)),
    ),
    ("destination", &["mount"], |path| {
        format!("at {}", visible(path))
    }),
    ("driver", &["create"], |driver| {
        format!("driver {}", visible(driver))
    }),
    ("type", &["create", "connect", "disconnect"], |kind| {
        format!("type {}", visible(kind))
    }),
    ("width", &["resize"], |width| {
        format!("width {}", visible(width))
    }),
    ("height", &["resize"], |height| {
        format!("height {}", visible(height))
    }),
    ("reclaimed", &["prune"], |bytes| {
        format!("{} B reclaimed", visible(bytes))
    }),
];

/// An id as short as the docker command writes it; anything else whole.
pub fn short(id: &str) -> String {
    let hex = id.strip_prefix("sha256:").unwrap_or(id);
    let is_id = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    visible(if is_id { &hex[..12] } else { id })
}

/// With everything written out that would hide, reorder or break what stands around it:
/// control characters, those that turn the direction of writing, and those without a width.
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => visible.push_str("\\n"),
            '\r' => visible.push_str("\\r"),
            '\t' => visible.push_str("\\t"),
            _ if is_hidden(character) => {
                // writing to a string never fails
                let _ = write!(visible, "\\u{{{:x}}}", u32::from(character));
            }
            _ => visible.push(character),
        }
    }
    visible
}

/// Whether [`visible`] writes it out.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, action: &str, actor_id: &str, attributes: &[(&str, &str)]) -> Event {
        Event {
            kind: kind.to_owned(),
            action: action.to_owned(),
            actor_id: actor_id.to_owned(),
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Event::default()
        }
    }

    #[test]
    fn events_in_one_line() {
        let id = "cc1713c999af6775409f8a7b79d8c085c510896e8462138d62cf61557e0e5572";
        let image = format!("sha256:{id}");
        for (event, expected) in [
            (
                event(
                    "container",
                    "die",
                    id,
                    &[
                        ("com.example.secret", "x"),
                        ("execDuration", "12"),
                        ("exitCode", "137"),
                        ("image", "fx:1"),
                        ("name", "web"),
                    ],
                ),
                "container web die (exit 137, ran 12 s, image fx:1)",
            ),
            (
                event(
                    "container",
                    "die",
                    id,
                    &[("execDuration", "86400"), ("name", "web")],
                ),
                "container web die (ran 1 day)",
            ),
            (
                event(
                    "container",
                    "kill",
                    id,
                    &[("name", "web"), ("signal", "15")],
                ),
                "container web kill (signal 15)",
            ),
            (
                event(
                    "container",
                    "exec_create: /bin/sh -c x",
                    id,
                    &[("execID", id), ("name", "web")],
                ),
                "container web exec_create: /bin/sh -c x",
            ),
            (
                event(
                    "container",
                    "rename",
                    id,
                    &[("name", "b"), ("oldName", "/a")],
                ),
                "container b rename (was a)",
            ),
            (
                event("image", "delete", &image, &[]),
                "image cc1713c999af delete",
            ),
            (
                event("image", "delete", &image, &[("name", &image)]),
                "image cc1713c999af delete",
            ),
            (
                event("volume", "create", "data", &[("driver", "local")]),
                "volume data create (driver local)",
            ),
            (
                event(
                    "network",
                    "connect",
                    id,
                    &[("container", id), ("name", "front"), ("type", "bridge")],
                ),
                "network front connect (container cc1713c999af, type bridge)",
            ),
            (
                event("builder", "prune", "", &[("reclaimed", "12")]),
                "builder prune (12 B reclaimed)",
            ),
            (event("", "", "", &[]), ""),
            (
                event("pod\n", "\u{202e}evil", "x", &[("name", "a\u{1b}[2J")]),
                "pod\\n a\\u{1b}[2J \\u{202e}evil",
            ),
        ] {
            assert_eq!(line(&event), expected);
        }
    }

    #[test]
    fn what_hides_is_written_out() {
        for (text, expected) in [
            ("plain 웹 é 🐳", "plain 웹 é 🐳"),
            ("a\u{200b}b", "a\\u{200b}b"),
            ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"),
            ("\0\u{7f}\u{9b}", "\\u{0}\\u{7f}\\u{9b}"),
            ("\r\n\t", "\\r\\n\\t"),
            ("\u{2028}\u{feff}", "\\u{2028}\\u{feff}"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }
}
