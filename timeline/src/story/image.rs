//! Images: the events of one command on one image are one story (`rmi` untags each name and then deletes).

use std::collections::HashMap;

use protocol::Event;

use super::{ImageVerb, SECOND, Story, Taken, Telling};

const NEXT_STEP: i64 = 2 * SECOND;

/// The last story of each image, by its id.
#[derive(Debug, Clone, Default)]
pub(super) struct Images {
    last: HashMap<String, Last>,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    slot: u32,
    nano: i64,
    goes: bool,
}

impl Images {
    /// The story of an image that came into being just now.
    pub fn just_made(&self, id: &str, nano: i64) -> Option<u32> {
        self.last
            .get(id)
            .filter(|last| !last.goes && nano.saturating_sub(last.nano) <= NEXT_STEP)
            .map(|last| last.slot)
    }
}

impl Telling {
    pub(super) fn image(&mut self, event: &Event) -> Taken {
        let (verb, goes) = match event.action.as_str() {
            "untag" => (ImageVerb::Untagged, true),
            "tag" => (ImageVerb::Tagged, false),
            "save" => (ImageVerb::Saved, false),
            "push" => (ImageVerb::Pushed, false),
            "pull" => (ImageVerb::Pulled, false),
            "create" => (ImageVerb::Created, false),
            "import" => (ImageVerb::Imported, false),
            "load" => (ImageVerb::Loaded, false),
            // "remove" is Podman's word
            "delete" | "remove" => (ImageVerb::Deleted, true),
            _ => return None,
        };
        let (id, nano) = (event.actor_id.as_str(), event.time_nano);
        let name = event
            .attribute("name")
            .filter(|name| !name.is_empty() && !name.starts_with("sha256:"));
        // a push and a save are commands of their own on an image that stays
        let alone = matches!(verb, ImageVerb::Pushed | ImageVerb::Saved);
        let goes_on = self.images.last.get(id).copied().filter(|last| {
            let is_image = matches!(self.slots.story(last.slot), Some(Story::Image { .. }));
            last.goes == goes && is_image && !alone && nano.saturating_sub(last.nano) <= NEXT_STEP
        });
        let slot = match goes_on {
            Some(last) => {
                let slot = self.slots.add(last.slot, nano);
                if let Some(Story::Image { verb: known, names }) = self.slots.story_mut(slot) {
                    *known = (*known).max(verb);
                    if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name))
                    {
                        names.push(name.to_owned());
                    }
                }
                slot
            }
            None => {
                let names = name.map(str::to_owned).into_iter().collect();
                self.open(event, Story::Image { verb, names })
            }
        };
        if alone {
            self.images.last.remove(id);
        } else {
            self.images
                .last
                .insert(id.to_owned(), Last { slot, nano, goes });
        }
        Some(slot)
    }
}
