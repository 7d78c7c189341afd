use timeline::{
    english,
    story::{Piece, Stories, Story, What},
    text,
};

use super::piece_weight;
use crate::{Tone, unbroken};

/// A story in a line. Everything in it is safe to put on a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// When it happened, or went on last.
    pub at_nano: i64,
    pub kind: String,
    pub name: String,
    pub words: String,
    pub tone: Tone,
    /// How many raw events it holds.
    pub events: usize,
}

/// A plain event in its own words, a story or probes in theirs. `None` for a gap, which is told by its entry.
pub fn told(stories: &Stories, piece: &Piece) -> Option<Told> {
    let words = english::sentence(piece).or_else(|| {
        let (_, entry) = stories.events(piece).next()?;
        match &entry.item {
            crate::Item::Event(event) => {
                let (action, details) = (text::action(event), text::details(event));
                Some(if details.is_empty() {
                    action
                } else {
                    format!("{action} ({details})")
                })
            }
            crate::Item::Gap(_) => None,
        }
    })?;
    Some(Told {
        at_nano: piece.to_nano,
        kind: text::visible(&piece.subject.kind),
        name: english::name(&piece.subject),
        words: match piece.what {
            // a command is somebody's own, and is copied as it stands
            What::Event | What::Story(Story::Exec(_)) => words,
            _ => unbroken(&words),
        },
        tone: piece_weight(stories, piece),
        events: piece.count(),
    })
}
