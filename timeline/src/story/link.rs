//! Networks and volumes: their own coming and going, and what connects them to containers.

use protocol::Event;

use super::{Link, SECOND, Story, Taken, Telling, container::Pending};

/// A volume that is made for a container is mounted at once.
const TO_MOUNT: i64 = 5 * SECOND;
/// An anonymous volume goes with its container.
const TO_GO_ALONG: i64 = 2 * SECOND;

impl Telling {
    pub(super) fn object(&mut self, event: &Event) -> Taken {
        let name = match event.attribute("name") {
            Some(name) => name,
            None => &event.actor_id,
        };
        let container = event.attribute("container").unwrap_or("");
        let link = match event.action.as_str() {
            "create" => {
                let slot = self.open(event, Story::Created);
                self.projects.made(slot, event, name);
                return Some(slot);
            }
            "destroy" | "remove" => return Some(self.destroy(event, name)),
            "connect" => Link::Connected,
            "disconnect" => Link::Disconnected,
            "mount" => Link::Mounted,
            "unmount" => Link::Unmounted,
            _ => return None,
        };
        (!container.is_empty()).then(|| self.link(event, link, container))
    }

    fn link(&mut self, event: &Event, link: Link, container: &str) -> u32 {
        let nano = event.time_nano;
        let life = self
            .containers
            .of(container)
            .life
            .filter(|slot| self.belongs_to_life(*slot, container, link, nano));
        let slot = match life {
            Some(slot) => self.slots.add(slot, nano),
            None => {
                let slot = self.open(
                    event,
                    Story::Linked {
                        link,
                        container: container.to_owned(),
                    },
                );
                self.containers.of(container).pending.push(Pending {
                    slot,
                    nano,
                    comes: matches!(link, Link::Connected | Link::Mounted),
                });
                slot
            }
        };
        match link {
            Link::Mounted => match self.projects.just_made(&event.actor_id, nano, TO_MOUNT) {
                Some(made) if matches!(self.slots.story(made), Some(Story::Created)) => {
                    self.slots.join(slot, made)
                }
                _ => slot,
            },
            Link::Unmounted => {
                self.projects
                    .unmounted(&event.actor_id, container, nano, TO_GO_ALONG);
                slot
            }
            _ => slot,
        }
    }

    fn destroy(&mut self, event: &Event, name: &str) -> u32 {
        if event.kind == "volume"
            && let Some(container) = self
                .projects
                .last_user(name, event.time_nano, TO_GO_ALONG)
                .map(str::to_owned)
            && let Some(life) = self.containers.of(&container).life
        {
            return self.slots.add(life, event.time_nano);
        }
        if let Some(slot) = self.removed_with_project(event, name) {
            return slot;
        }
        self.open(event, Story::Removed)
    }
}
