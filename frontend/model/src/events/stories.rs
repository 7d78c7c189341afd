use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use timeline::story::{Piece, PieceKey, Stories, What};

use super::Wanted;
use crate::{Entry, Position, concerns};

/// What a person has opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// The probes of each container are shown, not their sum alone.
    pub probes: bool,
    /// Opened stories, each by an event of it: keys of stories may change, events stay in theirs.
    pub pieces: BTreeSet<Position>,
}

/// The probes of all containers that are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProbeSum {
    pub containers: usize,
    pub probes: u64,
    pub failed: u64,
}

/// One line of the list of stories.
#[derive(Debug, Clone, PartialEq)]
pub enum StoryLine {
    /// The sum of all probes; the containers' own counts follow where it is opened.
    Probes,
    /// A story, or the probes of a container, by its first event.
    Story { first: Position, is_probes: bool },
    /// An event that belongs to no story, or a gap.
    Plain(Arc<Entry>),
    /// A raw event of the opened story above.
    Within(Arc<Entry>),
}

/// The stories that are asked for, newest first, with what is opened of them.
#[derive(Debug, Default)]
pub struct StoryList {
    placed: Vec<Placed>,
    lines: Vec<Line>,
    probes: ProbeSum,
}

#[derive(Debug, Clone, Copy)]
struct Placed {
    key: PieceKey,
    last_seq: u64,
    is_plain: bool,
    is_probes: bool,
}

#[derive(Debug, Clone, Copy)]
enum Line {
    Probes,
    Piece(usize),
    /// Of the piece at this place the event at that one, counted from the newest.
    Within(usize, usize),
}

impl StoryList {
    /// Makes the list anew.
    pub fn look(&mut self, stories: &Stories, wanted: &Wanted, open: &Open) {
        let opened: BTreeSet<PieceKey> = open
            .pieces
            .iter()
            .filter_map(|position| stories.holding(*position))
            .collect();
        let mut probes = ProbeSum::default();
        let mut of_containers: BTreeMap<(&str, PieceKey), Placed> = BTreeMap::new();
        self.placed.clear();
        for (key, piece) in stories.pieces() {
            if !wanted.admits_piece(stories, piece) {
                continue;
            }
            let Some(last_seq) = last_seq(stories, piece) else {
                continue;
            };
            let placed = Placed {
                key,
                last_seq,
                is_plain: matches!(piece.what, What::Event | What::Gap),
                is_probes: matches!(piece.what, What::Probes(_)),
            };
            if let What::Probes(told) = &piece.what {
                probes.containers += 1;
                probes.probes += u64::from(told.count);
                probes.failed += u64::from(told.failed);
                of_containers.insert((&piece.subject.name, key), placed);
            } else {
                self.placed.push(placed);
            }
        }
        self.placed
            .sort_unstable_by_key(|placed| std::cmp::Reverse(placed.last_seq));
        self.probes = probes;
        self.lines.clear();
        let stories_end = self.placed.len();
        if probes.containers > 0 {
            self.lines.push(Line::Probes);
            if open.probes {
                self.placed.extend(of_containers.into_values());
                for place in stories_end..self.placed.len() {
                    self.push(stories, &opened, place);
                }
            }
        }
        for place in 0..stories_end {
            self.push(stories, &opened, place);
        }
    }

    fn push(&mut self, stories: &Stories, opened: &BTreeSet<PieceKey>, place: usize) {
        self.lines.push(Line::Piece(place));
        let key = self.placed[place].key;
        if opened.contains(&key)
            && let Some(piece) = stories.piece(key)
        {
            self.lines
                .extend((0..piece.count()).map(|nth| Line::Within(place, nth)));
        }
    }

    pub fn count(&self) -> usize {
        self.lines.len()
    }

    pub fn probes(&self) -> ProbeSum {
        self.probes
    }

    /// Some of the lines, of the same stories that were looked at.
    pub fn lines(&self, stories: &Stories, range: Range<usize>) -> Vec<StoryLine> {
        let end = range.end.min(self.lines.len());
        self.lines[range.start.min(end)..end]
            .iter()
            .filter_map(|line| self.line(stories, *line))
            .collect()
    }

    /// Where a line is.
    pub fn place_of(&self, stories: &Stories, wanted: &StoryLine) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| self.line(stories, *line).as_ref() == Some(wanted))
    }

    fn line(&self, stories: &Stories, line: Line) -> Option<StoryLine> {
        let (Line::Piece(place) | Line::Within(place, _)) = line else {
            return Some(StoryLine::Probes);
        };
        let placed = self.placed.get(place)?;
        let mut events = stories.events(stories.piece(placed.key)?);
        Some(match line {
            Line::Within(_, nth) => StoryLine::Within(Arc::clone(events.rev().nth(nth)?.1)),
            _ if placed.is_plain => StoryLine::Plain(Arc::clone(events.next()?.1)),
            _ => StoryLine::Story {
                first: events.next()?.0,
                is_probes: placed.is_probes,
            },
        })
    }

    /// How many of them began or went on after an entry; probes, which always do, are not counted.
    pub fn newer_than(&self, seq: u64) -> usize {
        self.placed
            .iter()
            .filter(|placed| !placed.is_probes && placed.last_seq > seq)
            .count()
    }
}

fn last_seq(stories: &Stories, piece: &Piece) -> Option<u64> {
    stories.events(piece).next_back().map(|(last, _)| last.seq)
}

/// The latest `most`, newest first, without probes and what routine brings.
pub fn latest_stories(stories: &Stories, most: usize) -> Vec<StoryLine> {
    newest(stories, most, |piece| {
        !matches!(piece.what, What::Probes(_))
            && stories
                .events(piece)
                .any(|(_, entry)| !crate::is_routine(entry))
    })
}

/// The latest `most` about a container, newest first, without its probes. A gap stands only where it may hide one between
/// two.
pub fn latest_about(stories: &Stories, id: &str, most: usize) -> Vec<StoryLine> {
    let mut lines = newest(stories, most, |piece| {
        !matches!(piece.what, What::Probes(_))
            && stories
                .events(piece)
                .any(|(_, entry)| concerns(entry, id) && !crate::is_routine(entry))
    });
    while let Some(StoryLine::Plain(last)) = lines.last()
        && matches!(last.item, crate::Item::Gap(_))
    {
        lines.pop();
    }
    lines
}

fn newest(stories: &Stories, most: usize, is_wanted: impl Fn(&Piece) -> bool) -> Vec<StoryLine> {
    let mut found: Vec<(u64, &Piece)> = stories
        .pieces()
        .filter(|(_, piece)| is_wanted(piece))
        .filter_map(|(_, piece)| Some((last_seq(stories, piece)?, piece)))
        .collect();
    found.sort_unstable_by_key(|(last_seq, _)| std::cmp::Reverse(*last_seq));
    found
        .into_iter()
        .take(most)
        .filter_map(|(_, piece)| {
            let (first, entry) = stories.events(piece).next()?;
            Some(match piece.what {
                What::Event | What::Gap => StoryLine::Plain(Arc::clone(entry)),
                What::Probes(_) | What::Story(_) => StoryLine::Story {
                    first,
                    is_probes: false,
                },
            })
        })
        .collect()
}
