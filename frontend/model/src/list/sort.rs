use std::cmp::Ordering;

use super::Candidate;
use crate::{Figures, Tone};

/// What the list is in the order of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    pub key: SortKey,
    pub descending: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    #[default]
    Name,
    State,
    Cpu,
    Memory,
    /// Both ways together, as for the block devices.
    Network,
    Block,
    Pids,
    /// Since when it is up.
    Started,
    Image,
}

impl SortKey {
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::State,
        Self::Cpu,
        Self::Memory,
        Self::Network,
        Self::Block,
        Self::Pids,
        Self::Started,
        Self::Image,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::State => "state",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Network => "network",
            Self::Block => "block",
            Self::Pids => "pids",
            Self::Started => "started",
            Self::Image => "image",
        }
    }

    /// Whether it changes with every sample.
    pub fn is_figure(self) -> bool {
        matches!(
            self,
            Self::Cpu | Self::Memory | Self::Network | Self::Block | Self::Pids
        )
    }

    /// The figure it sorts by; `None` where it is not known, or where the key is no figure.
    pub fn figure(self, figures: &Figures) -> Option<u64> {
        match self {
            Self::Cpu => figures.cpu_hundredths,
            Self::Memory => figures.memory_used_bytes,
            Self::Network => both(figures.network_rx_rate, figures.network_tx_rate),
            Self::Block => both(figures.block_read_rate, figures.block_write_rate),
            Self::Pids => figures.pids,
            Self::Name | Self::State | Self::Started | Self::Image => None,
        }
    }
}

fn both(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (None, None) => None,
        (one, other) => Some(one.unwrap_or(0).saturating_add(other.unwrap_or(0))),
    }
}

impl Sort {
    /// `name`, or `-name` when descending.
    pub fn to_word(self) -> String {
        let sign = if self.descending { "-" } else { "" };
        format!("{sign}{}", self.key.word())
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let (descending, word) = match word.strip_prefix('-') {
            Some(word) => (true, word),
            None => (false, word),
        };
        let key = SortKey::ALL.into_iter().find(|key| key.word() == word)?;
        Some(Self { key, descending })
    }

    /// What is not known comes last, whichever way; what is equal goes by name.
    pub(super) fn compare(self, a: &Candidate, b: &Candidate) -> Ordering {
        let primary = match self.key {
            SortKey::Name => Ordering::Equal,
            SortKey::State => self.turn(
                Tone::of(&b.container)
                    .cmp(&Tone::of(&a.container))
                    .then_with(|| a.container.state.cmp(&b.container.state)),
            ),
            SortKey::Image => self.turn(a.container.image.cmp(&b.container.image)),
            SortKey::Started => self.known_first(started(a), started(b)),
            key => self.known_first(key.figure(&a.figures), key.figure(&b.figures)),
        };
        let by_name = a.container.order.cmp(&b.container.order);
        let by_name = if self.key == SortKey::Name {
            self.turn(by_name)
        } else {
            by_name
        };
        primary
            .then(by_name)
            .then_with(|| a.container.key.cmp(&b.container.key))
    }

    pub(super) fn known_first(self, a: Option<u64>, b: Option<u64>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.turn(a.cmp(&b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }

    pub(super) fn turn(self, order: Ordering) -> Ordering {
        if self.descending {
            order.reverse()
        } else {
            order
        }
    }
}

/// In which turn of ordering a frame of figures falls. Lines that dance cannot be read, so an order by figures is
/// looked at anew once in three frames; the first few, which fill a list that was empty, count one by one.
pub fn order_of_tick(tick: u32) -> u32 {
    match tick {
        0..6 => tick,
        _ => 4 + tick / 3,
    }
}

/// Only a run that goes on has a beginning that matters.
fn started(candidate: &Candidate) -> Option<u64> {
    candidate
        .container
        .state
        .has_processes()
        .then(|| candidate.container.started_millis())
        .flatten()
}

/// A name as it is put in order: by letters without case, and runs of digits as numbers, `web-2` before `web-10`. Made
/// once for each name, so that ordering many compares bytes only.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NaturalKey {
    key: String,
    /// Names that are alike otherwise go by this.
    name: String,
}

impl NaturalKey {
    pub fn new(name: &str) -> Self {
        let mut key = String::with_capacity(name.len() + 4);
        let mut rest = name;
        while let Some(first) = rest.chars().next() {
            if first.is_ascii_digit() {
                let (number, after) = number(rest);
                // the longer a number the larger it is; against what is no digit any digit counts alike
                let length = u32::try_from(number.len()).ok().and_then(char::from_u32);
                key.push('0');
                key.push(length.unwrap_or(char::MAX));
                key.push_str(number);
                rest = after;
            } else {
                key.push(first.to_ascii_lowercase());
                rest = &rest[first.len_utf8()..];
            }
        }
        Self {
            key,
            name: name.to_owned(),
        }
    }
}

/// The digits at the beginning, without leading zeros, and what follows.
fn number(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = [
            "web-10",
            "Web-2",
            "api",
            "web-1",
            "web-02",
            "web",
            "datenbank-ü",
        ];
        names.sort_by_cached_key(|name| NaturalKey::new(name));
        assert_eq!(
            names,
            [
                "api",
                "datenbank-ü",
                "web",
                "web-1",
                "Web-2",
                "web-02",
                "web-10"
            ]
        );
    }

    #[test]
    fn punctuation_stands_before_digits_and_digits_before_letters() {
        for (before, after) in [
            ("web", "web-1"),
            ("web-", "web-0"),
            ("web-9", "web-a"),
            ("web-0", "web-00"),
            ("web-007x", "web-7y"),
            ("1.9", "1.10"),
            ("", "0"),
        ] {
            assert!(
                NaturalKey::new(before) < NaturalKey::new(after),
                "{before} {after}"
            );
        }
        let digits = "9".repeat(300);
        assert!(NaturalKey::new(&digits) < NaturalKey::new(&format!("1{digits}")));
    }

    #[test]
    fn a_list_that_fills_is_ordered_at_once_and_then_rests() {
        let turns: Vec<u32> = (0..12).map(order_of_tick).collect();
        assert_eq!(turns, [0, 1, 2, 3, 4, 5, 6, 6, 6, 7, 7, 7]);
    }

    #[test]
    fn words_of_the_url() {
        for key in SortKey::ALL {
            for descending in [false, true] {
                let sort = Sort { key, descending };
                assert_eq!(Sort::from_word(&sort.to_word()), Some(sort));
            }
        }
        assert_eq!(Sort::from_word("--cpu"), None);
        assert_eq!(Sort::from_word(""), None);
    }
}
