//! The life of a container: which event goes on with the story before it, and which begins another.
//!
//! Orders that engines really send (20.10 and 28): `create attach connect mount start`, `kill die disconnect stop`,
//! `kill disconnect stop die`, `disconnect unmount die` for one that ends by itself.

use std::{collections::HashMap, sync::Arc};

use protocol::Event;

use super::{
    Check, Life, Story, Subject, Taken, Telling, What,
    exec::Execs,
    life::{Step, TO_DIE, TO_LEAVE, TO_START},
    names::GivenUp,
    piece::{Link, Member, Phase},
    project::Direction,
};

#[derive(Debug, Clone, Default)]
pub(super) struct Containers {
    known: Vec<Known>,
    /// Where each is among these, by its id.
    places: HashMap<String, usize>,
    /// Who had a name last, until when, and where that is told.
    pub names_given_up: HashMap<String, GivenUp>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub id: String,
    /// Most events of a container say the same of it, and many pieces hold it.
    subject: Arc<Subject>,
    /// The last stretch of its life.
    pub life: Option<u32>,
    /// What may belong to the next step of it.
    pub pending: Vec<Pending>,
    pause: Option<u32>,
    pub health: Option<u32>,
    pub execs: Execs,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Pending {
    pub slot: u32,
    pub nano: i64,
    pub comes: bool,
}

impl Containers {
    pub fn of(&mut self, id: &str) -> &mut Known {
        let place = match self.places.get(id) {
            Some(place) => *place,
            None => {
                self.known.push(Known {
                    id: id.to_owned(),
                    ..Known::default()
                });
                let place = self.known.len() - 1;
                self.places.insert(id.to_owned(), place);
                place
            }
        };
        &mut self.known[place]
    }

    pub fn get(&self, id: &str) -> Option<&Known> {
        Some(&self.known[*self.places.get(id)?])
    }

    pub fn knows(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    pub fn has_execs(&self, id: &str) -> bool {
        self.get(id).is_some_and(|known| known.execs.any)
    }

    pub fn all(&mut self) -> impl Iterator<Item = &mut Known> {
        self.known.iter_mut()
    }
}

impl Known {
    /// What an event of it is about.
    pub fn subject(&mut self, event: &Event) -> Arc<Subject> {
        if !self.subject.is_of(event) {
            self.subject = Arc::new(Subject::of(event));
        }
        Arc::clone(&self.subject)
    }
}

impl Telling {
    pub(super) fn container(&mut self, event: &Event, checks: &HashMap<String, Check>) -> Taken {
        let action = event.action.as_str();
        if let Some(step) = Step::from_action(action) {
            return (!event.actor_id.is_empty()).then(|| self.step(step, event));
        }
        if action.starts_with("exec_") {
            return self.exec(event, checks.get(&event.actor_id));
        }
        if let Some(status) = action.strip_prefix("health_status") {
            return Some(self.health(event, status));
        }
        match action {
            "attach" | "resize" => self.beside_the_start(event),
            "pause" => {
                let slot = self.open(event, Story::Paused { lasted_nano: None });
                self.containers.of(&event.actor_id).pause = Some(slot);
                Some(slot)
            }
            "unpause" => self.unpause(event),
            "commit" => Some(self.commit(event)),
            "rename" => Some(self.rename(event)),
            "update" => Some(self.open(event, Story::Updated)),
            "archive-path" => Some(self.open(event, Story::Copied { into: false })),
            "extract-to-dir" | "copy" => Some(self.open(event, Story::Copied { into: true })),
            _ => None,
        }
    }

    /// The life of a container within a slot of its own or of its project.
    pub(super) fn life_mut(&mut self, slot: u32, id: &str) -> Option<&mut Life> {
        match self.slots.story_mut(slot)? {
            Story::Container(life) => Some(life),
            Story::Project(project) => project
                .members
                .iter_mut()
                .find(|member| member.id == id)
                .map(|member| &mut member.life),
            _ => None,
        }
    }

    pub(super) fn life(&self, slot: u32, id: &str) -> Option<&Life> {
        match self.slots.story(slot)? {
            Story::Container(life) => Some(life),
            Story::Project(project) => project
                .members
                .iter()
                .find(|member| member.id == id)
                .map(|member| &member.life),
            _ => None,
        }
    }

    fn step(&mut self, step: Step, event: &Event) -> u32 {
        let id = event.actor_id.as_str();
        let goes_on = self.containers.of(id).life.filter(|slot| {
            let in_project = matches!(self.slots.story(*slot), Some(Story::Project(_)));
            // what ends by itself is news, however many were started with it
            let news = in_project && matches!(step, Step::Die | Step::Oom);
            self.life(*slot, id).is_some_and(|life| {
                life.accepts(step, event.time_nano) && !(news && life.phase == Phase::Started)
            })
        });
        let slot = match goes_on {
            Some(slot) => {
                let slot = self.slots.add(slot, event.time_nano);
                if let Some(life) = self.life_mut(slot, id) {
                    life.take(step, event);
                }
                slot
            }
            None => {
                let mut life = Life {
                    last_nano: event.time_nano,
                    ..Life::default()
                };
                life.take(step, event);
                let slot = self.open(event, Story::Container(life));
                self.containers.of(id).life = Some(slot);
                slot
            }
        };
        let slot = self.take_pending(step, event, slot);
        let slot = match (goes_on, direction(step)) {
            (None, Some(direction)) => self.with_project(slot, direction, event),
            _ => slot,
        };
        self.touch_project(event);
        match step {
            Step::Create => self.replace(event, slot),
            Step::Start => {
                self.containers.of(id).execs.started();
                slot
            }
            Step::Destroy => {
                self.give_up_name(event, event.attribute("name").unwrap_or(""), Some(slot));
                slot
            }
            _ => slot,
        }
    }

    /// What was connected or mounted before a start, disconnected or unmounted before an end.
    fn take_pending(&mut self, step: Step, event: &Event, slot: u32) -> u32 {
        let pending = std::mem::take(&mut self.containers.of(&event.actor_id).pending);
        let (comes, limit) = match step {
            Step::Start => (true, TO_START),
            Step::Die | Step::Stop | Step::Destroy => (false, TO_LEAVE),
            _ => return slot,
        };
        let mut slot = slot;
        for pending in pending {
            if pending.comes == comes && event.time_nano.saturating_sub(pending.nano) <= limit {
                slot = self.slots.join(slot, pending.slot);
            }
        }
        slot
    }

    /// Whether a link to a network or volume is a part of the last stretch of the container's life.
    pub(super) fn belongs_to_life(&self, slot: u32, id: &str, link: Link, nano: i64) -> bool {
        self.life(slot, id).is_some_and(|life| {
            let within = |limit: i64| nano.saturating_sub(life.last_nano) <= limit;
            match (link, life.phase) {
                (Link::Connected | Link::Mounted, Phase::Created) => within(TO_START),
                (Link::Disconnected | Link::Unmounted, Phase::Killing) => {
                    life.meant_to_end() && within(TO_DIE)
                }
                (Link::Disconnected | Link::Unmounted, Phase::Dead | Phase::Gone) => {
                    within(TO_LEAVE)
                }
                _ => false,
            }
        })
    }

    /// `docker run` attaches before it starts, and sizes the terminal after.
    fn beside_the_start(&mut self, event: &Event) -> Taken {
        let id = event.actor_id.as_str();
        let slot = self.containers.of(id).life?;
        let life = self.life(slot, id)?;
        let since = event.time_nano.saturating_sub(life.last_nano);
        let fits = match life.phase {
            Phase::Created => since <= TO_START,
            Phase::Started => since <= TO_LEAVE,
            _ => false,
        };
        fits.then(|| self.slots.add(slot, event.time_nano))
    }

    fn health(&mut self, event: &Event, status: &str) -> u32 {
        // Podman tells it beside the action
        let status = match status.trim_start_matches([':', ' ']) {
            "" => event.attribute("health_status").unwrap_or(""),
            status => status,
        };
        let known = self.containers.of(&event.actor_id);
        if matches!(status, "healthy" | "unhealthy") {
            known.execs.judged();
        }
        let same = known.health.filter(|slot| {
            matches!(self.slots.story(*slot), Some(Story::Health { status: last, .. }) if last == status)
        });
        let slot = match same {
            Some(slot) => {
                let slot = self.slots.add(slot, event.time_nano);
                if let Some(Story::Health { times, .. }) = self.slots.story_mut(slot) {
                    *times += 1;
                }
                slot
            }
            None => self.open(
                event,
                Story::Health {
                    status: status.to_owned(),
                    times: 1,
                },
            ),
        };
        self.containers.of(&event.actor_id).health = Some(slot);
        slot
    }

    fn unpause(&mut self, event: &Event) -> Taken {
        let slot = self.containers.of(&event.actor_id).pause.take()?;
        let slot = self.slots.add(slot, event.time_nano);
        let took = self.slots.at(slot).took_nano();
        if let Some(Story::Paused { lasted_nano }) = self.slots.story_mut(slot) {
            *lasted_nano = Some(took);
        }
        Some(slot)
    }

    /// A commit pauses the container and makes an image.
    fn commit(&mut self, event: &Event) -> u32 {
        let image = ["imageRef", "imageID"]
            .into_iter()
            .filter_map(|name| event.attribute(name))
            .find(|image| !image.is_empty())
            .unwrap_or("");
        let story = Story::Committed {
            image: image.to_owned(),
        };
        let paused = self.containers.of(&event.actor_id).pause;
        let slot = match paused {
            Some(slot) => {
                let slot = self.slots.add(slot, event.time_nano);
                self.slots.at_mut(slot).what = What::Story(story);
                slot
            }
            None => self.open(event, story),
        };
        let made = event
            .attribute("imageID")
            .and_then(|id| self.images.just_made(id, event.time_nano));
        match made {
            Some(made) => self.slots.join(slot, made),
            None => slot,
        }
    }
}

fn direction(step: Step) -> Option<Direction> {
    match step {
        Step::Create | Step::Start => Some(Direction::Up),
        Step::Kill | Step::Stop | Step::Destroy => Some(Direction::Down),
        _ => None,
    }
}

/// A container as a member of its project's story.
pub(super) fn member(event: &Event, life: Life) -> Member {
    let subject = Subject::of(event);
    Member {
        id: subject.id,
        name: subject.name,
        service: subject.service,
        life,
    }
}
