use timeline::filter::Key;

/// The daemon's own types of events.
const TYPES: [&str; 11] = [
    "builder",
    "config",
    "container",
    "daemon",
    "image",
    "network",
    "node",
    "plugin",
    "secret",
    "service",
    "volume",
];
/// What happens most.
const ACTIONS: [&str; 24] = [
    "attach",
    "commit",
    "connect",
    "create",
    "delete",
    "destroy",
    "die",
    "disconnect",
    "exec_create",
    "exec_die",
    "exec_start",
    "health_status",
    "kill",
    "mount",
    "oom",
    "pause",
    "prune",
    "pull",
    "rename",
    "restart",
    "start",
    "stop",
    "unmount",
    "unpause",
];
const SCOPES: [&str; 2] = ["local", "swarm"];
/// A list of more helps nobody.
const MOST: usize = 30;

/// How the last word of a filter may go on: whole lines, for a browser completes whole lines.
pub fn suggestions(line: &str, containers: &[String]) -> Vec<String> {
    let start = line.rfind(' ').map_or(0, |space| space + 1);
    let (before, word) = line.split_at(start);
    let words: Vec<String> = match word.split_once('=') {
        None => Key::ALL.into_iter().map(|key| format!("{key}=")).collect(),
        Some((key, _)) => {
            let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
            let values: Vec<String> = match Key::from_word(key) {
                Some(Key::Type) => values(&TYPES),
                Some(Key::Event) => values(&ACTIONS),
                Some(Key::Scope) => values(&SCOPES),
                Some(Key::Container) => containers.to_vec(),
                _ => Vec::new(),
            };
            values
                .into_iter()
                // what must be quoted is typed by those who need it
                .filter(|value| !value.contains([' ', '"', '\'', '\\']))
                .map(|value| format!("{key}={value}"))
                .collect()
        }
    };
    words
        .into_iter()
        .filter(|option| option.starts_with(word) && option != word)
        .take(MOST)
        .map(|option| format!("{before}{option}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_completed() {
        let names = ["web".to_owned(), "web db".to_owned(), "proxy".to_owned()];
        for (line, expected) in [
            ("ty", vec!["type="]),
            ("type=vol", vec!["type=volume"]),
            ("type=container ev", vec!["type=container event="]),
            ("container=", vec!["container=web", "container=proxy"]),
            ("event=exec_d", vec!["event=exec_die"]),
            ("label=a", vec![]),
            ("nonsense=a", vec![]),
        ] {
            assert_eq!(suggestions(line, &names), expected, "{line}");
        }
        assert_eq!(suggestions("", &names).len(), Key::ALL.len());
    }

    #[test]
    fn what_is_suggested_is_a_filter() {
        for key in Key::ALL {
            for line in suggestions(&format!("{key}="), &["web".to_owned()]) {
                assert!(line.parse::<timeline::Filter>().is_ok(), "{line}");
            }
        }
    }
}
