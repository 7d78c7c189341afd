use std::{fmt, iter::Peekable, str::CharIndices, str::FromStr};

use super::{Filter, Key};

/// Why a line is no filter; `at` is where in it, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterError {
    /// A word without `=`.
    NotATerm {
        at: usize,
        word: String,
    },
    UnknownKey {
        at: usize,
        word: String,
        nearest: Key,
    },
    /// Nothing after `=`. An empty value, which is rarely meant, is written `""`.
    NoValue {
        at: usize,
        key: Key,
    },
    OpenQuote {
        at: usize,
        quote: char,
    },
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotATerm { word, .. } => {
                write!(
                    f,
                    "“{word}” is no filter; write key=value, such as container={word}"
                )
            }
            Self::UnknownKey { word, nearest, .. } => {
                write!(f, "there is no filter “{word}”; the nearest is “{nearest}”")
            }
            Self::NoValue { key, .. } => {
                write!(
                    f,
                    "“{key}=” needs a value; an empty one is written {key}=\"\""
                )
            }
            Self::OpenQuote { quote, .. } => write!(f, "a {quote} is opened and not closed"),
        }
    }
}

impl std::error::Error for FilterError {}

impl FromStr for Filter {
    type Err = FilterError;

    /// Terms as the docker command takes them after `--filter`, with spaces between them. Quotes work as in a shell:
    /// nothing is special within `'…'`, and within `"…"` only `\"` and `\\` are.
    fn from_str(line: &str) -> Result<Self, FilterError> {
        let mut filter = Self::default();
        let mut characters = line.char_indices().peekable();
        while let Some(word) = next_word(&mut characters)? {
            let (key, value) = word.term()?;
            filter.add(key, value);
        }
        Ok(filter)
    }
}

impl Filter {
    /// Adds one term as the docker command takes it after `--filter`: everything after the first `=` is the value.
    /// An empty one, which is rarely meant, is written `""`.
    pub fn add_term(&mut self, text: &str) -> Result<(), FilterError> {
        let equals = text.find('=');
        let is_empty = equals.is_some_and(|at| matches!(text[at + 1..].trim(), "\"\"" | "''"));
        let text = match equals {
            Some(at) if is_empty => &text[..=at],
            _ => text,
        };
        let word = Word {
            at: 0,
            text: text.to_owned(),
            equals,
            quoted: is_empty,
        };
        let (key, value) = word.term()?;
        self.add(key, value);
        Ok(())
    }
}

struct Word {
    at: usize,
    text: String,
    /// In `text`, of the first `=`.
    equals: Option<usize>,
    quoted: bool,
}

impl Word {
    fn term(self) -> Result<(Key, String), FilterError> {
        let Self { at, text, .. } = self;
        let Some(equals) = self.equals else {
            return Err(FilterError::NotATerm { at, word: text });
        };
        // the docker command trims both
        let name = text[..equals].trim();
        let value = text[equals + 1..].trim();
        let Some(key) = Key::from_word(name) else {
            return Err(FilterError::UnknownKey {
                at,
                word: name.to_owned(),
                nearest: Key::nearest(name),
            });
        };
        if value.is_empty() && !self.quoted {
            return Err(FilterError::NoValue { at, key });
        }
        Ok((key, value.to_owned()))
    }
}

fn next_word(characters: &mut Peekable<CharIndices<'_>>) -> Result<Option<Word>, FilterError> {
    while characters.next_if(|(_, c)| c.is_whitespace()).is_some() {}
    let Some(&(at, _)) = characters.peek() else {
        return Ok(None);
    };
    let mut word = Word {
        at,
        text: String::new(),
        equals: None,
        quoted: false,
    };
    while let Some((at, character)) = characters.next_if(|(_, c)| !c.is_whitespace()) {
        match character {
            '\'' | '"' => {
                word.quoted = true;
                quoted(characters, at, character, &mut word.text)?;
            }
            '=' => {
                word.equals.get_or_insert(word.text.len());
                word.text.push('=');
            }
            _ => word.text.push(character),
        }
    }
    // `"type=container"`: the whole term in quotes
    if word.equals.is_none() {
        word.equals = word.text.find('=');
    }
    Ok(Some(word))
}

fn quoted(
    characters: &mut Peekable<CharIndices<'_>>,
    at: usize,
    quote: char,
    text: &mut String,
) -> Result<(), FilterError> {
    while let Some((_, character)) = characters.next() {
        if character == quote {
            return Ok(());
        }
        let escaped = (quote == '"' && character == '\\')
            .then(|| characters.next_if(|(_, c)| matches!(c, '"' | '\\')))
            .flatten();
        text.push(escaped.map_or(character, |(_, escaped)| escaped));
    }
    Err(FilterError::OpenQuote { at, quote })
}

/// The line that reads back as this filter.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, value)) in self.terms().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{key}=")?;
            if value.is_empty() || value.contains(|c: char| c.is_whitespace() || "'\"".contains(c))
            {
                write!(
                    f,
                    "\"{}\"",
                    value.replace('\\', "\\\\").replace('"', "\\\"")
                )?;
            } else {
                f.write_str(value)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(line: &str) -> Vec<(Key, String)> {
        line.parse::<Filter>()
            .unwrap_or_else(|error| panic!("{line}: {error}"))
            .terms()
            .map(|(key, value)| (key, value.to_owned()))
            .collect()
    }

    #[test]
    fn lines_are_read_and_written_back() {
        for (line, expected, written) in [
            ("", &[][..], ""),
            (" \t ", &[], ""),
            (
                "type=container",
                &[(Key::Type, "container")],
                "type=container",
            ),
            (
                "  type=container   event=die label=a=b ",
                &[
                    (Key::Type, "container"),
                    (Key::Event, "die"),
                    (Key::Label, "a=b"),
                ],
                "type=container event=die label=a=b",
            ),
            // the order is the writer's; the same term twice is one
            (
                "event=die type=container event=start event=die",
                &[
                    (Key::Event, "die"),
                    (Key::Type, "container"),
                    (Key::Event, "start"),
                ],
                "event=die type=container event=start",
            ),
            (
                "TYPE=container",
                &[(Key::Type, "container")],
                "type=container",
            ),
            (
                "event='exec_create: /bin/sh -c x'",
                &[(Key::Event, "exec_create: /bin/sh -c x")],
                "event=\"exec_create: /bin/sh -c x\"",
            ),
            (
                r#"label="a=say \"hi\" \\ \n""#,
                &[(Key::Label, r#"a=say "hi" \ \n"#)],
                r#"label="a=say \"hi\" \\ \\n""#,
            ),
            (r"label='a=\'", &[(Key::Label, r"a=\")], r"label=a=\"),
            ("'label=a b'", &[(Key::Label, "a b")], "label=\"a b\""),
            ("label=\"it's\"", &[(Key::Label, "it's")], "label=\"it's\""),
            ("container=\"\"", &[(Key::Container, "")], "container=\"\""),
            (
                "container=' web '",
                &[(Key::Container, "web")],
                "container=web",
            ),
            ("container=웹", &[(Key::Container, "웹")], "container=웹"),
            ("label==b", &[(Key::Label, "=b")], "label==b"),
        ] {
            let expected: Vec<(Key, String)> = expected
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned()))
                .collect();
            assert_eq!(terms(line), expected, "{line}");
            let filter: Filter = line.parse().unwrap();
            assert_eq!(filter.to_string(), written, "{line}");
            assert_eq!(written.parse(), Ok(filter), "{line}");
        }
    }

    #[test]
    fn any_value_comes_back() {
        for value in [
            "\"",
            "'",
            "\\",
            "\\\"",
            "a\\",
            "\\\\",
            "a b",
            "\u{a0}b",
            "a\nb",
            "=",
            "a=\"b\" 'c'",
            "\u{202e}x",
            "end\\ ",
        ] {
            let mut filter = Filter::default();
            filter.add(Key::Label, value.trim().to_owned());
            assert_eq!(filter.to_string().parse(), Ok(filter), "{value:?}");
        }
    }

    #[test]
    fn one_term_is_taken_as_the_docker_command_takes_it() {
        for (text, expected) in [
            ("type=container", Ok((Key::Type, "container"))),
            (" Type = container ", Ok((Key::Type, "container"))),
            (
                "event=exec_create: /bin/sh -c \"x y\"",
                Ok((Key::Event, "exec_create: /bin/sh -c \"x y\"")),
            ),
            ("label=a=b", Ok((Key::Label, "a=b"))),
            ("container=\"\"", Ok((Key::Container, ""))),
            ("container=''", Ok((Key::Container, ""))),
            (
                "typ=container",
                Err("there is no filter “typ”; the nearest is “type”"),
            ),
            (
                "web",
                Err("“web” is no filter; write key=value, such as container=web"),
            ),
            (
                "type=",
                Err("“type=” needs a value; an empty one is written type=\"\""),
            ),
        ] {
            let mut filter = Filter::default();
            let added = filter.add_term(text).map_err(|error| error.to_string());
            let terms: Vec<_> = filter.terms().collect();
            match expected {
                Ok(term) => assert_eq!((added, terms), (Ok(()), vec![term]), "{text}"),
                Err(sentence) => {
                    assert_eq!((added, terms), (Err(sentence.into()), vec![]), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_filter_says_why() {
        for (line, expected, sentence) in [
            (
                "type=container web",
                FilterError::NotATerm {
                    at: 15,
                    word: "web".to_owned(),
                },
                "“web” is no filter; write key=value, such as container=web",
            ),
            (
                "contianer=web",
                FilterError::UnknownKey {
                    at: 0,
                    word: "contianer".to_owned(),
                    nearest: Key::Container,
                },
                "there is no filter “contianer”; the nearest is “container”",
            ),
            (
                "event=die action=die",
                FilterError::UnknownKey {
                    at: 10,
                    word: "action".to_owned(),
                    nearest: Key::Event,
                },
                "there is no filter “action”; the nearest is “event”",
            ),
            (
                "=x",
                FilterError::UnknownKey {
                    at: 0,
                    word: String::new(),
                    nearest: Key::Type,
                },
                "there is no filter “”; the nearest is “type”",
            ),
            (
                "type=",
                FilterError::NoValue {
                    at: 0,
                    key: Key::Type,
                },
                "“type=” needs a value; an empty one is written type=\"\"",
            ),
            (
                "label=\"a b",
                FilterError::OpenQuote { at: 6, quote: '"' },
                "a \" is opened and not closed",
            ),
            (
                "label='",
                FilterError::OpenQuote { at: 6, quote: '\'' },
                "a ' is opened and not closed",
            ),
        ] {
            let error = line.parse::<Filter>().unwrap_err();
            assert_eq!(error.to_string(), sentence);
            assert_eq!(error, expected);
        }
    }
}
