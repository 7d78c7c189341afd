//! Names of containers: who gives one up, and who takes the place of the one that had it.

use std::sync::Arc;

use protocol::Event;

use super::{Outcome, SECOND, Story, Telling, What, life::TO_START, piece::Phase};

/// From the end of one container to the next of its name; an image may be pulled between.
const TO_REPLACE: i64 = 60 * SECOND;

#[derive(Debug, Clone)]
pub(super) struct GivenUp {
    id: String,
    image: String,
    nano: i64,
    removal: Option<u32>,
}

impl Telling {
    pub(super) fn rename(&mut self, event: &Event) -> u32 {
        let id = event.actor_id.as_str();
        let from = event
            .attribute("oldName")
            .unwrap_or("")
            .trim_start_matches('/');
        let to = event.attribute("name").unwrap_or("");
        self.give_up_name(event, from, None);
        let new = self.containers.of(id).life.filter(|slot| {
            self.life(*slot, id).is_some_and(|life| {
                life.phase == Phase::Created
                    && event.time_nano.saturating_sub(life.last_nano) <= TO_START
            })
        });
        match new {
            // `compose up` makes the new one beside the old, and gives it the name at last
            Some(slot) => {
                let slot = self.slots.add(slot, event.time_nano);
                let piece = self.slots.at_mut(slot);
                match &mut piece.what {
                    What::Story(Story::Project(project)) => {
                        for member in &mut project.members {
                            if member.id == id {
                                to.clone_into(&mut member.name);
                            }
                        }
                    }
                    _ => to.clone_into(&mut Arc::make_mut(&mut piece.subject).name),
                }
                self.replace(event, slot)
            }
            None => self.open(
                event,
                Story::Renamed {
                    from: from.to_owned(),
                    to: to.to_owned(),
                },
            ),
        }
    }

    pub(super) fn give_up_name(&mut self, event: &Event, name: &str, removal: Option<u32>) {
        let given_up = GivenUp {
            id: event.actor_id.clone(),
            image: event.attribute("image").unwrap_or("").to_owned(),
            nano: event.time_nano,
            removal,
        };
        self.containers
            .names_given_up
            .insert(name.to_owned(), given_up);
    }

    /// A container that has the name of one that went just before takes its place.
    pub(super) fn replace(&mut self, event: &Event, slot: u32) -> u32 {
        let name = event.attribute("name").unwrap_or("");
        let recent = |old: &GivenUp| {
            event.time_nano.saturating_sub(old.nano) <= TO_REPLACE && old.id != event.actor_id
        };
        if !self.containers.names_given_up.get(name).is_some_and(recent) {
            return slot;
        }
        let Some(old) = self.containers.names_given_up.remove(name) else {
            return slot;
        };
        if let Some(life) = self.life_mut(slot, &event.actor_id) {
            life.replaces = Some(old.id.clone());
            life.images = Some((
                old.image.clone(),
                event.attribute("image").unwrap_or("").to_owned(),
            ));
        }
        let Some(removal) = old.removal else {
            return slot;
        };
        let together = self.slots.leading(slot) == self.slots.leading(removal);
        match self.slots.story_mut(removal) {
            Some(Story::Container(life)) if life.outcome() == Outcome::Removed => {
                self.slots.join(slot, removal)
            }
            Some(Story::Project(project)) if together => {
                project.members.retain(|member| member.id != old.id);
                slot
            }
            _ => slot,
        }
    }
}
