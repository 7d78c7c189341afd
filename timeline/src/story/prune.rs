//! `prune`: what went just before it is a part of it, and `docker system prune` is one for each class in a row.

use std::sync::Arc;

use protocol::Event;

use super::{ImageVerb, Outcome, Pruned, SECOND, Story, Taken, Telling};

/// Between two removals of one prune.
const NEXT_REMOVAL: i64 = SECOND / 2;
/// From the last to the prune's own event. Shorter than it takes to start another docker command.
const TO_OWN_EVENT: i64 = SECOND / 40;
/// Between two classes.
const NEXT_CLASS: i64 = 10 * SECOND;

#[derive(Debug, Clone, Default)]
pub(super) struct Prunes {
    last: Option<(u32, i64)>,
}

impl Telling {
    pub(super) fn prune(&mut self, event: &Event) -> Taken {
        if event.action != "prune" {
            return None;
        }
        let nano = event.time_nano;
        let removals = self.removals_before(event);
        let row = Pruned {
            class: event.kind.clone(),
            removed: removals.len() as u32,
            reclaimed_bytes: event
                .attribute("reclaimed")
                .and_then(|bytes| bytes.parse().ok()),
        };
        let goes_on = self.prunes.last.filter(|(slot, last)| {
            let is_new = matches!(self.slots.story(*slot), Some(Story::Pruned(rows))
                if rows.iter().all(|known| known.class != row.class));
            is_new && nano.saturating_sub(*last) <= NEXT_CLASS
        });
        let mut slot = match goes_on {
            Some((slot, _)) => {
                let slot = self.slots.add(slot, nano);
                if let Some(Story::Pruned(rows)) = self.slots.story_mut(slot) {
                    rows.push(row);
                }
                slot
            }
            None => {
                let slot = self.open(event, Story::Pruned(vec![row]));
                self.slots.at_mut(slot).subject = Arc::new(super::Subject {
                    kind: event.kind.clone(),
                    ..super::Subject::default()
                });
                slot
            }
        };
        for removal in removals {
            slot = self.slots.join(slot, removal);
        }
        self.prunes.last = Some((slot, nano));
        Some(slot)
    }

    /// The removals of this class right before, each close to the next. A container that was stopped in the same story
    /// was somebody's own removal: a prune takes only what does not run.
    fn removals_before(&self, event: &Event) -> Vec<u32> {
        let mut removals = Vec::new();
        let mut next_nano = event.time_nano;
        let mut limit = TO_OWN_EVENT;
        for (key, piece) in self.slots.pieces().rev() {
            if next_nano.saturating_sub(piece.to_nano) > NEXT_REMOVAL {
                break;
            }
            if piece.subject.kind != event.kind {
                continue;
            }
            let is_removal = match self.slots.story(key.0) {
                Some(Story::Removed) => true,
                Some(Story::Container(life)) => {
                    life.outcome() == Outcome::Removed
                        && life.signals.is_empty()
                        && life.deaths == 0
                        && !life.created
                }
                Some(Story::Image { verb, .. }) => *verb == ImageVerb::Deleted,
                _ => false,
            };
            let is_close = next_nano.saturating_sub(piece.to_nano) <= limit;
            if is_removal && is_close && piece.gaps_before == self.slots.gaps() {
                removals.push(key.0);
                next_nano = piece.from_nano;
                limit = NEXT_REMOVAL;
            } else {
                break;
            }
        }
        removals
    }
}
