use std::{ops::Range, sync::Arc};

use timeline::story::{Outline, Piece, PieceKey, Stories, What};

use super::Wanted;
use crate::{Entry, Position, concerns, sort_by};

/// What a person has opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// The probes of each container are shown, not their sum alone.
    pub probes: bool,
    /// Opened stories, each by an event of it: keys of stories may change, events stay in theirs.
    pub pieces: Vec<Position>,
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
    last: u32,
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
        let opened: Vec<PieceKey> = open
            .pieces
            .iter()
            .filter_map(|position| stories.holding(*position))
            .collect();
        let mut probes = ProbeSum::default();
        let mut of_containers: Vec<(&str, Placed)> = Vec::new();
        self.placed.clear();
        // nearly as they are to stand, which is soon sorted
        for outline in stories.outlines().rev() {
            if !wanted.admits_piece(stories, outline.piece) {
                continue;
            }
            let placed = Placed {
                key: outline.key,
                last: outline.last_place,
                is_probes: outline.is_probes,
            };
            if !placed.is_probes {
                self.placed.push(placed);
            } else if let What::Probes(told) = &outline.piece.what {
                probes.containers += 1;
                probes.probes += u64::from(told.count);
                probes.failed += u64::from(told.failed);
                of_containers.push((&outline.piece.subject.name, placed));
            }
        }
        sort_by(&mut self.placed, |a, b| b.last.cmp(&a.last));
        self.probes = probes;
        self.lines.clear();
        let stories_end = self.placed.len();
        if probes.containers > 0 {
            self.lines.push(Line::Probes);
            if open.probes {
                sort_by(&mut of_containers, |a, b| a.0.cmp(b.0));
                self.placed
                    .extend(of_containers.into_iter().map(|(_, placed)| placed));
                for place in stories_end..self.placed.len() {
                    self.push(stories, &opened, place);
                }
            }
        }
        for place in 0..stories_end {
            self.push(stories, &opened, place);
        }
    }

    fn push(&mut self, stories: &Stories, opened: &[PieceKey], place: usize) {
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
        let piece = stories.piece(placed.key)?;
        let is_plain = matches!(piece.what, What::Event | What::Gap);
        let mut events = stories.events(piece);
        Some(match line {
            Line::Within(_, nth) => StoryLine::Within(Arc::clone(events.rev().nth(nth)?.1)),
            _ if is_plain => StoryLine::Plain(Arc::clone(events.next()?.1)),
            _ => StoryLine::Story {
                first: events.next()?.0,
                is_probes: placed.is_probes,
            },
        })
    }

    /// How many of them began or went on after an entry; probes, which always do, are not counted.
    pub fn newer_than(&self, stories: &Stories, seq: u64) -> usize {
        let last_seq = |placed: &Placed| {
            let (last, _) = stories.events(stories.piece(placed.key)?).next_back()?;
            Some(last.seq)
        };
        self.placed
            .iter()
            .filter(|placed| !placed.is_probes)
            .take_while(|placed| last_seq(placed).is_some_and(|last| last > seq))
            .count()
    }
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
    let mut found: Vec<Outline> = stories
        .outlines()
        .rev()
        .filter(|outline| is_wanted(outline.piece))
        .collect();
    sort_by(&mut found, |a, b| b.last_place.cmp(&a.last_place));
    found
        .into_iter()
        .take(most)
        .filter_map(|Outline { piece, .. }| {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Gap, GapReason, HealthCheck, Item};

    const CHECK: &str = "/bin/sh -c check";

    fn event(seq: u64, container: char, action: &str, attributes: &[(&str, &str)]) -> Arc<Entry> {
        let name = format!("c-{container}");
        let mut all = vec![("name", name.as_str())];
        all.extend(attributes);
        Arc::new(Entry {
            seq,
            item: Item::Event(Event {
                time_nano: seq as i64 * 1_000_000_000,
                kind: "container".to_owned(),
                action: action.to_owned(),
                actor_id: container.to_string().repeat(64),
                attributes: all
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
                ..Event::default()
            }),
        })
    }

    fn probe(seq: u64, container: char, exec: &str, exit: &str) -> [Arc<Entry>; 3] {
        let id = ("execID", exec);
        [
            event(seq, container, &format!("exec_create: {CHECK}"), &[id]),
            event(seq + 1, container, &format!("exec_start: {CHECK}"), &[id]),
            event(seq + 2, container, "exec_die", &[id, ("exitCode", exit)]),
        ]
    }

    /// A restart of a, two probes of b with one that failed in between, and a gap.
    fn stories() -> Stories {
        let mut stories = Stories::new(1000);
        let check = HealthCheck {
            command: CHECK.to_owned(),
            interval_millis: 1_000,
            ..HealthCheck::default()
        };
        let b = "b".repeat(64);
        stories.learn([(b.as_str(), Some(&check))]);
        stories.append(1, probe(1, 'b', "e1", "0"));
        stories.append(
            1,
            [
                event(4, 'a', "kill", &[("signal", "15")]),
                event(5, 'a', "die", &[("exitCode", "143")]),
                event(6, 'a', "stop", &[]),
                event(7, 'a', "start", &[]),
                event(8, 'a', "restart", &[]),
            ],
        );
        stories.append(1, probe(9, 'b', "e2", "1"));
        stories.append(
            1,
            [Arc::new(Entry {
                seq: 12,
                item: Item::Gap(Gap {
                    from_nano: Some(11_000_000_000),
                    to_nano: 12_000_000_000,
                    reason: GapReason::DaemonRestarted,
                }),
            })],
        );
        stories
    }

    fn at(seq: u64) -> Position {
        Position { epoch: 1, seq }
    }

    /// Letters for the kinds of lines, with their entries' numbers.
    fn shown(list: &StoryList, stories: &Stories) -> Vec<String> {
        list.lines(stories, 0..usize::MAX)
            .into_iter()
            .map(|line| match line {
                StoryLine::Probes => "probes".to_owned(),
                StoryLine::Story { first, is_probes } => {
                    format!("{}{}", if is_probes { "p" } else { "s" }, first.seq)
                }
                StoryLine::Plain(entry) => format!("e{}", entry.seq),
                StoryLine::Within(entry) => format!(">{}", entry.seq),
            })
            .collect()
    }

    #[test]
    fn probes_are_one_line_and_what_is_opened_follows() {
        let stories = stories();
        let mut list = StoryList::default();
        let mut open = Open::default();
        list.look(&stories, &Wanted::default(), &open);
        assert_eq!(shown(&list, &stories), ["probes", "e12", "s4"]);
        let sum = ProbeSum {
            containers: 1,
            probes: 2,
            failed: 1,
        };
        assert_eq!(list.probes(), sum);
        open.probes = true;
        // any event of it will do
        open.pieces.push(at(6));
        list.look(&stories, &Wanted::default(), &open);
        assert_eq!(
            shown(&list, &stories),
            ["probes", "p1", "e12", "s4", ">8", ">7", ">6", ">5", ">4"]
        );
        assert_eq!(list.lines(&stories, 4..6).len(), 2);
        open.pieces = [at(1)].into();
        list.look(&stories, &Wanted::default(), &open);
        let lines = shown(&list, &stories);
        assert_eq!(lines[2..8], [">11", ">10", ">9", ">3", ">2", ">1"]);
    }

    #[test]
    fn a_story_is_shown_where_one_of_its_events_is_asked_for() {
        let stories = stories();
        let mut list = StoryList::default();
        for (line, since, until, expected) in [
            ("event=die", None, None, vec!["e12", "s4"]),
            ("container=c-b", None, None, vec!["probes", "e12"]),
            ("event=die", None, Some(10_000), vec!["s4"]),
            ("", Some(8_500), None, vec!["probes", "e12"]),
            ("", None, Some(3_500), vec!["probes"]),
            ("", Some(20_000), None, vec![]),
        ] {
            let wanted = Wanted {
                filter: line.parse().unwrap(),
                since_millis: since,
                until_millis: until,
            };
            list.look(&stories, &wanted, &Open::default());
            assert_eq!(
                shown(&list, &stories),
                expected,
                "{line} {since:?} {until:?}"
            );
        }
    }

    #[test]
    fn what_waits_is_what_went_on_without_probes() {
        let stories = stories();
        let mut list = StoryList::default();
        let open = Open {
            probes: true,
            ..Open::default()
        };
        list.look(&stories, &Wanted::default(), &open);
        assert_eq!(
            (list.newer_than(&stories, 3), list.newer_than(&stories, 8)),
            (2, 1)
        );
    }

    #[test]
    fn the_latest_are_without_probes() {
        let stories = stories();
        let seqs = |lines: Vec<StoryLine>| -> Vec<u64> {
            lines
                .iter()
                .filter_map(|line| match line {
                    StoryLine::Story { first, .. } => Some(first.seq),
                    StoryLine::Plain(entry) => Some(entry.seq),
                    _ => None,
                })
                .collect()
        };
        assert_eq!(seqs(latest_stories(&stories, 9)), [12, 4]);
        assert_eq!(seqs(latest_stories(&stories, 1)), [12]);
        assert_eq!(seqs(latest_about(&stories, &"a".repeat(64), 9)), [12, 4]);
        assert_eq!(seqs(latest_about(&stories, &"b".repeat(64), 9)), [0u64; 0]);
    }
}
