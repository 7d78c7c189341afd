use std::fmt;

use super::{Filter, Key};
use crate::text::is_hidden;

/// A value that must not be pasted into a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpastable {
    pub key: Key,
    /// The first character that hides, or does something, instead of standing there.
    pub character: char,
}

impl fmt::Display for Unpastable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the value of “{}” has the invisible character U+{:04X}, which a terminal may act on; remove it to copy the command",
            self.key,
            u32::from(self.character)
        )
    }
}

impl std::error::Error for Unpastable {}

impl Filter {
    /// The line for a POSIX shell that prints the same events.
    pub fn command(&self) -> Result<String, Unpastable> {
        let mut line = "docker events".to_owned();
        for (key, value) in self.terms() {
            if let Some(character) = value.chars().find(|character| is_hidden(*character)) {
                return Err(Unpastable { key, character });
            }
            line.push_str(" --filter '");
            line.push_str(key.word());
            line.push('=');
            // nothing is special within single quotes but their end
            line.push_str(&value.replace('\'', "'\\''"));
            line.push('\'');
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_command() {
        for (line, expected) in [
            ("", "docker events"),
            (
                "type=container event=die",
                "docker events --filter 'type=container' --filter 'event=die'",
            ),
            (
                "label=\"a=it's $HOME\"",
                "docker events --filter 'label=a=it'\\''s $HOME'",
            ),
        ] {
            let filter: Filter = line.parse().unwrap();
            assert_eq!(filter.command().as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_a_terminal_may_act_on_is_refused() {
        for character in [
            '\n', '\r', '\u{1b}', '\0', '\u{202e}', '\u{2066}', '\u{200b}', '\u{9b}',
        ] {
            let mut filter = Filter::default();
            filter.add(Key::Container, format!("a{character}b"));
            let refused = Unpastable {
                key: Key::Container,
                character,
            };
            assert_eq!(filter.command(), Err(refused));
        }
        let refused = Unpastable {
            key: Key::Label,
            character: '\u{202e}',
        };
        assert_eq!(
            refused.to_string(),
            "the value of “label” has the invisible character U+202E, which a terminal may act on; remove it to copy the command"
        );
    }
}
