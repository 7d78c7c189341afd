use std::sync::Arc;

use super::{Outline, Piece, PieceKey, Story, Subject, What};

/// All pieces, in the order of their first events. One that turned out to be part of another leads there.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    /// The slot that each entry went to at first.
    taken_by: Vec<u32>,
    gaps: u32,
}

#[derive(Debug, Clone)]
enum Slot {
    /// What whoever sorts all pieces reads of each stands here: to follow every box would take most of the time.
    Piece {
        last: u32,
        is_probes: bool,
        piece: Box<Piece>,
    },
    PartOf(u32),
}

impl Slots {
    pub fn outlines(&self) -> impl DoubleEndedIterator<Item = Outline<'_>> {
        self.slots.iter().enumerate().filter_map(|(at, slot)| {
            let Slot::Piece {
                last,
                is_probes,
                piece,
            } = slot
            else {
                return None;
            };
            Some(Outline {
                key: PieceKey(at as u32),
                last_place: *last,
                is_probes: *is_probes,
                piece,
            })
        })
    }

    pub fn pieces(&self) -> impl DoubleEndedIterator<Item = (PieceKey, &Piece)> {
        self.outlines().map(|outline| (outline.key, outline.piece))
    }

    pub fn piece(&self, key: PieceKey) -> Option<&Piece> {
        match self.slots.get(key.0 as usize)? {
            Slot::Piece { piece, .. } => Some(piece),
            Slot::PartOf(_) => None,
        }
    }

    pub fn holding(&self, place: usize) -> Option<PieceKey> {
        self.taken_by
            .get(place)
            .map(|slot| PieceKey(self.leading(*slot)))
    }

    pub fn gaps(&self) -> u32 {
        self.gaps
    }

    /// The place of the entry that is told now.
    pub fn next_place(&self) -> usize {
        self.taken_by.len()
    }

    pub fn gap(&mut self, from_nano: i64, to_nano: i64) {
        self.gaps += 1;
        let slot = self.open(What::Gap, Arc::default(), from_nano);
        self.at_mut(slot).to_nano = to_nano;
    }

    /// A new piece with the entry that is told now.
    pub fn open(&mut self, what: What, subject: Arc<Subject>, nano: i64) -> u32 {
        let slot = self.slots.len() as u32;
        let place = self.taken_by.len() as u32;
        let is_probes = matches!(what, What::Probes(_));
        let piece = Box::new(Piece {
            what,
            subject,
            from_nano: nano,
            to_nano: nano,
            incomplete: false,
            events: vec![place],
            gaps_before: self.gaps,
        });
        self.slots.push(Slot::Piece {
            last: place,
            is_probes,
            piece,
        });
        self.taken_by.push(slot);
        slot
    }

    /// Adds the entry that is told now to a piece. Gives the piece's own slot.
    pub fn add(&mut self, slot: u32, nano: i64) -> u32 {
        let slot = self.leading(slot);
        let (place, gaps) = (self.taken_by.len() as u32, self.gaps);
        let Slot::Piece { last, piece, .. } = &mut self.slots[slot as usize] else {
            unreachable!("`leading` gives pieces only");
        };
        *last = place;
        piece.events.push(place);
        piece.incomplete |= piece.gaps_before != gaps;
        piece.gaps_before = gaps;
        // swarm events may be out of order
        piece.from_nano = piece.from_nano.min(nano);
        piece.to_nano = piece.to_nano.max(nano);
        self.taken_by.push(slot);
        slot
    }

    /// Makes one piece of two, with the place of the earlier. What it is and about whom, `whole` says.
    pub fn join(&mut self, whole: u32, part: u32) -> u32 {
        let (whole, part) = (self.leading(whole), self.leading(part));
        if whole == part {
            return whole;
        }
        let (earlier, later) = (whole.min(part), whole.max(part));
        let taken = std::mem::replace(&mut self.slots[later as usize], Slot::PartOf(earlier));
        let gaps = self.gaps;
        let (
            Slot::Piece {
                last: other_last,
                is_probes: other_is_probes,
                piece: other,
            },
            Slot::Piece {
                last,
                is_probes,
                piece,
            },
        ) = (taken, &mut self.slots[earlier as usize])
        else {
            unreachable!("`leading` gives pieces only");
        };
        let other = *other;
        *last = (*last).max(other_last);
        if later == whole {
            *is_probes = other_is_probes;
            piece.what = other.what;
            piece.subject = other.subject;
        }
        let apart = piece.gaps_before != other.gaps_before;
        piece.incomplete |= other.incomplete || apart;
        piece.gaps_before = piece.gaps_before.max(other.gaps_before).min(gaps);
        piece.from_nano = piece.from_nano.min(other.from_nano);
        piece.to_nano = piece.to_nano.max(other.to_nano);
        for event in other.events {
            let place = piece.events.partition_point(|known| *known < event);
            piece.events.insert(place, event);
        }
        earlier
    }

    /// Ends the last of them; what is left is not whole any more.
    pub fn shrink(&mut self, slots: usize) {
        self.slots.truncate(self.slots.len().saturating_sub(slots));
    }

    pub fn leading(&self, mut slot: u32) -> u32 {
        while let Slot::PartOf(whole) = self.slots[slot as usize] {
            slot = whole;
        }
        slot
    }

    pub fn at(&self, slot: u32) -> &Piece {
        match &self.slots[self.leading(slot) as usize] {
            Slot::Piece { piece, .. } => piece,
            Slot::PartOf(_) => unreachable!("`leading` gives pieces only"),
        }
    }

    pub fn at_mut(&mut self, slot: u32) -> &mut Piece {
        let slot = self.leading(slot);
        match &mut self.slots[slot as usize] {
            Slot::Piece { piece, .. } => piece,
            Slot::PartOf(_) => unreachable!("`leading` gives pieces only"),
        }
    }

    pub fn story(&self, slot: u32) -> Option<&Story> {
        match &self.at(slot).what {
            What::Story(story) => Some(story),
            _ => None,
        }
    }

    pub fn story_mut(&mut self, slot: u32) -> Option<&mut Story> {
        match &mut self.at_mut(slot).what {
            What::Story(story) => Some(story),
            _ => None,
        }
    }
}
