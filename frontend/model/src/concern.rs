use crate::{Entry, Item};

/// Whether an entry is about the container with this id: what happened to it, or to something with it. A gap may hide
/// anything.
pub fn concerns(entry: &Entry, id: &str) -> bool {
    match &entry.item {
        Item::Gap(_) => true,
        Item::Event(event) => {
            (event.kind == "container" && event.actor_id == id)
                || event.attribute("container") == Some(id)
        }
    }
}

/// What happens all the time and means nothing to most: probes, and people who look.
pub fn is_routine(entry: &Entry) -> bool {
    match &entry.item {
        Item::Gap(_) => false,
        Item::Event(event) => {
            event.kind == "container"
                && ["exec_", "top", "resize", "attach", "detach"]
                    .iter()
                    .any(|verb| event.action.starts_with(verb))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Gap, GapReason};

    fn event(kind: &str, actor: &str, attributes: &[(&str, &str)]) -> Entry {
        Entry {
            seq: 1,
            item: Item::Event(Event {
                kind: kind.to_owned(),
                actor_id: actor.to_owned(),
                attributes: attributes
                    .iter()
                    .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                    .collect(),
                ..Event::default()
            }),
        }
    }

    #[test]
    fn what_happened_to_it_or_with_it() {
        assert!(concerns(&event("container", "c1", &[]), "c1"));
        assert!(concerns(
            &event("network", "n1", &[("container", "c1")]),
            "c1"
        ));
        assert!(!concerns(
            &event("container", "c2", &[("name", "c1")]),
            "c1"
        ));
        assert!(!concerns(&event("image", "c1", &[]), "c1"));
        let gap = Gap {
            from_nano: None,
            to_nano: 1,
            reason: GapReason::BridgeStarted,
        };
        assert!(concerns(
            &Entry {
                seq: 1,
                item: Item::Gap(gap)
            },
            "c1"
        ));
    }
}
