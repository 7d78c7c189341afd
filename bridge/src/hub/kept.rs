//! Entries as the ring keeps them: what all events of one thing say alike is there once.
//!
//! An event carries every label of its container. Health probes make three events each; a fleet of compose projects would
//! fill most of the ring with copies of labels.

use std::{collections::HashMap, sync::Arc};

use protocol::{Encoding, Event, Gap, Item};
use serde::{Deserialize, Serialize};

/// One entry, encoded.
pub struct Kept {
    own: Box<[u8]>,
    common: Option<Arc<[u8]>>,
    size: usize,
}

/// What an entry has for itself.
#[derive(Serialize, Deserialize)]
enum Own {
    Event {
        time_nano: i64,
        action: String,
        attributes: Vec<(String, String)>,
        redacted: bool,
    },
    Gap(Gap),
}

/// What the events of one thing have in common.
#[derive(Default, Serialize, Deserialize)]
struct Common {
    kind: String,
    scope: String,
    actor_id: String,
    attributes: Vec<(String, String)>,
}

impl Kept {
    /// Its bytes when it is written whole, as on the wire.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The bytes that it has for itself, and those that it shares.
    #[cfg(test)]
    pub fn held(&self) -> (usize, Option<&Arc<[u8]>>) {
        (self.own.len(), self.common.as_ref())
    }

    /// What [`Keeper::keep`] was given.
    pub fn item(&self) -> Option<Item> {
        // What was encoded decodes again.
        let (time_nano, action, mut attributes, redacted) = match decode(&self.own)? {
            Own::Gap(gap) => return Some(Item::Gap(gap)),
            Own::Event {
                time_nano,
                action,
                attributes,
                redacted,
            } => (time_nano, action, attributes, redacted),
        };
        let common: Common = decode(self.common.as_deref()?)?;
        attributes.extend(common.attributes);
        attributes.sort();
        Some(Item::Event(Event {
            time_nano,
            kind: common.kind,
            action,
            scope: common.scope,
            actor_id: common.actor_id,
            attributes,
            redacted,
        }))
    }
}

/// Knows what the last events had in common.
#[derive(Default)]
pub struct Keeper {
    /// By the thing's id.
    known: HashMap<Box<str>, Arc<[u8]>>,
}

impl Keeper {
    pub fn keep(&mut self, item: &Item) -> Kept {
        let (own, common) = match item {
            Item::Gap(gap) => (Own::Gap(gap.clone()), None),
            Item::Event(event) => {
                let (common, bytes) = self.common(event);
                let own = event.attributes.iter();
                let own = own.filter(|one| !common.attributes.contains(one));
                let own = Own::Event {
                    time_nano: event.time_nano,
                    action: event.action.clone(),
                    attributes: own.cloned().collect(),
                    redacted: event.redacted,
                };
                (own, Some(bytes))
            }
        };
        Kept {
            own: Encoding::Postcard.encode(&own).into_boxed_slice(),
            common,
            size: Encoding::Postcard.encode(item).len(),
        }
    }

    /// What an event has in common with those of the same thing before it; all of it where it is the first.
    fn common(&mut self, event: &Event) -> (Common, Arc<[u8]>) {
        let mut attributes = event.attributes.clone();
        if let Some(bytes) = self.known.get(event.actor_id.as_str())
            && let Some(known) = decode::<Common>(bytes)
            && known.kind == event.kind
            && known.scope == event.scope
        {
            attributes.retain(|one| known.attributes.contains(one));
            if attributes.len() == known.attributes.len() {
                return (known, bytes.clone());
            }
        }
        let common = Common {
            kind: event.kind.clone(),
            scope: event.scope.clone(),
            actor_id: event.actor_id.clone(),
            attributes,
        };
        let bytes: Arc<[u8]> = Encoding::Postcard.encode(&common).into();
        self.known
            .insert(event.actor_id.as_str().into(), bytes.clone());
        (common, bytes)
    }

    /// Forgets things of which no entry is kept any more.
    pub fn forget_gone(&mut self) {
        self.known.retain(|_, common| Arc::strong_count(common) > 1);
    }

    #[cfg(test)]
    pub fn things(&self) -> usize {
        self.known.len()
    }
}

fn decode<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    Encoding::Postcard.decode(bytes).ok()
}

#[cfg(test)]
mod tests {
    use protocol::GapReason;

    use super::*;

    fn event(actor_id: &str, action: &str, attributes: &[(&str, &str)]) -> Item {
        let mut attributes: Vec<_> = attributes
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        attributes.sort();
        Item::Event(Event {
            time_nano: 7,
            kind: "container".to_owned(),
            action: action.to_owned(),
            scope: "local".to_owned(),
            actor_id: actor_id.to_owned(),
            attributes,
            redacted: action == "die",
        })
    }

    #[test]
    fn every_entry_comes_back_as_it_was() {
        let image = ("image", "box:1");
        let items = [
            event(
                "a",
                "exec_create",
                &[image, ("execID", "1"), ("name", "web")],
            ),
            event(
                "a",
                "exec_start",
                &[image, ("execID", "1"), ("name", "web")],
            ),
            event(
                "a",
                "exec_create",
                &[image, ("execID", "2"), ("name", "web")],
            ),
            event(
                "a",
                "rename",
                &[image, ("name", "shop"), ("oldName", "web")],
            ),
            event("a", "die", &[("exitCode", "0"), image, ("name", "shop")]),
            event("a", "none", &[]),
            event("a", "start", &[image, ("name", "shop")]),
            event("b", "start", &[image]),
            event("", "", &[("", "")]),
            Item::Event(Event {
                actor_id: "a".to_owned(),
                kind: "volume".to_owned(),
                scope: "swarm".to_owned(),
                ..Event::default()
            }),
            Item::Gap(Gap {
                from_nano: None,
                to_nano: 5,
                reason: GapReason::ViewerTooSlow,
            }),
        ];
        let mut keeper = Keeper::default();
        let kept: Vec<_> = items.iter().map(|item| keeper.keep(item)).collect();
        for (kept, item) in kept.iter().zip(&items) {
            assert_eq!(kept.item().as_ref(), Some(item));
            assert_eq!(kept.size(), Encoding::Postcard.encode(item).len());
        }
    }

    #[test]
    fn labels_are_kept_once_for_all_events_of_a_container() {
        let label = "x".repeat(1000);
        let mut keeper = Keeper::default();
        let probe = |id: &str| event("a", "exec_start", &[("execID", id), ("label", &label)]);
        let kept: Vec<_> = (0..100)
            .map(|id| keeper.keep(&probe(&id.to_string())))
            .collect();
        assert!(kept.iter().all(|one| one.size() > 1000));
        assert!(kept[1..].iter().all(|one| one.own.len() < 50));
        let of_the_last = kept[99].common.as_ref().unwrap();
        let sharing = kept
            .iter()
            .filter(|one| Arc::ptr_eq(one.common.as_ref().unwrap(), of_the_last));
        assert_eq!(
            sharing.count(),
            99,
            "the first cannot know what will change"
        );
    }

    #[test]
    fn what_no_entry_is_left_of_is_forgotten() {
        let mut keeper = Keeper::default();
        let kept = keeper.keep(&event("a", "start", &[]));
        drop(keeper.keep(&event("b", "start", &[])));
        assert_eq!(keeper.things(), 2);
        keeper.forget_gone();
        assert_eq!(keeper.things(), 1);
        drop(kept);
        keeper.forget_gone();
        assert_eq!(keeper.things(), 0);
    }
}
