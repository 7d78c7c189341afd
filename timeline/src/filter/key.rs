use std::fmt;

/// What a filter looks at; the fourteen keys of the docker command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Type,
    Event,
    Scope,
    Label,
    Daemon,
    Container,
    Plugin,
    Volume,
    Network,
    Image,
    Node,
    Service,
    Secret,
    Config,
}

impl Key {
    pub const ALL: [Self; 14] = [
        Self::Type,
        Self::Event,
        Self::Scope,
        Self::Label,
        Self::Daemon,
        Self::Container,
        Self::Plugin,
        Self::Volume,
        Self::Network,
        Self::Image,
        Self::Node,
        Self::Service,
        Self::Secret,
        Self::Config,
    ];

    /// Matched against the actor's id and name, whatever its type.
    pub(super) const OBJECTS: [Self; 9] = [
        Self::Daemon,
        Self::Container,
        Self::Plugin,
        Self::Volume,
        Self::Network,
        Self::Node,
        Self::Service,
        Self::Secret,
        Self::Config,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Event => "event",
            Self::Scope => "scope",
            Self::Label => "label",
            Self::Daemon => "daemon",
            Self::Container => "container",
            Self::Plugin => "plugin",
            Self::Volume => "volume",
            Self::Network => "network",
            Self::Image => "image",
            Self::Node => "node",
            Self::Service => "service",
            Self::Secret => "secret",
            Self::Config => "config",
        }
    }

    /// In any case, as the docker command reads it.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|key| key.word().eq_ignore_ascii_case(word))
    }

    /// The key that somebody who wrote `word` most likely means.
    pub fn nearest(word: &str) -> Self {
        let word = word.to_ascii_lowercase();
        meant(&word).unwrap_or_else(|| {
            Self::ALL
                .into_iter()
                .min_by_key(|key| distance(&word, key.word()))
                .unwrap_or(Self::Type)
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Words for the same thing from other commands and from the daemon's own answers.
fn meant(word: &str) -> Option<Key> {
    Some(match word {
        "action" | "status" | "actions" => Key::Event,
        "kind" | "object" => Key::Type,
        "name" | "id" | "ctr" | "cid" => Key::Container,
        "from" | "ancestor" | "repository" => Key::Image,
        "net" => Key::Network,
        "vol" | "mount" => Key::Volume,
        "attribute" | "attr" => Key::Label,
        _ => return None,
    })
}

/// How many letters are wrong, missing, too many or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, in_a) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, in_b) in b.iter().enumerate() {
            let mut steps = (last[column] + usize::from(in_a != in_b))
                .min(last[column + 1] + 1)
                .min(current[column] + 1);
            if row > 0 && column > 0 && *in_a == b[column - 1] && a[row - 1] == *in_b {
                steps = steps.min(before_last[column - 1] + 1);
            }
            current.push(steps);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_has_a_nearest_one() {
        for (word, expected) in [
            ("contianer", Key::Container),
            ("containers", Key::Container),
            ("cotainer", Key::Container),
            ("typ", Key::Type),
            ("tpye", Key::Type),
            ("events", Key::Event),
            ("evnet", Key::Event),
            ("lable", Key::Label),
            ("labels", Key::Label),
            ("imgae", Key::Image),
            ("netwrok", Key::Network),
            ("volumes", Key::Volume),
            ("services", Key::Service),
            ("secrets", Key::Secret),
            ("configs", Key::Config),
            ("nodes", Key::Node),
            ("plugins", Key::Plugin),
            ("deamon", Key::Daemon),
            ("scop", Key::Scope),
            ("ACTION", Key::Event),
            ("name", Key::Container),
        ] {
            assert_eq!(Key::nearest(word), expected, "{word}");
        }
    }

    #[test]
    fn any_word_has_one() {
        Key::nearest("");
        Key::nearest(&"é".repeat(10_000));
    }

    #[test]
    fn words_come_back() {
        for key in Key::ALL {
            assert_eq!(Key::from_word(key.word()), Some(key));
            assert_eq!(Key::from_word(&key.word().to_uppercase()), Some(key));
        }
        assert_eq!(Key::from_word("typ"), None);
    }
}
