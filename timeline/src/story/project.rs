//! `compose up` and `compose down`: what happens to the containers of one project within seconds is one story, and so
//! are its networks and volumes, which the daemon's events tell by their names alone.

use std::{collections::BTreeMap, sync::Arc};

use protocol::Event;

use super::{
    Life, Project, SECOND, Story, Telling, What,
    container::member,
    piece::{Member, Subject},
};

/// A project in which nothing happened for so long has come to rest.
const BURST: i64 = 15 * SECOND;

#[derive(Debug, Clone, Default)]
pub(super) struct Projects {
    recent: BTreeMap<String, Recent>,
    /// Networks and volumes that were just made; the oldest first.
    made: Vec<Made>,
    /// Volumes that a container just gave up: volume, container, when.
    unmounted: Vec<(String, String, i64)>,
}

#[derive(Debug, Clone, Copy)]
struct Recent {
    slot: u32,
    nano: i64,
}

#[derive(Debug, Clone)]
struct Made {
    slot: u32,
    nano: i64,
    name: String,
    is_volume: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

impl Projects {
    pub fn made(&mut self, slot: u32, event: &Event, name: &str) {
        let nano = event.time_nano;
        self.made
            .retain(|made| nano.saturating_sub(made.nano) <= BURST);
        self.made.push(Made {
            slot,
            nano,
            name: name.to_owned(),
            is_volume: event.kind == "volume",
        });
    }

    /// The story of a volume that was made at most so long ago; it is not given a second time.
    pub fn just_made(&mut self, volume: &str, nano: i64, limit: i64) -> Option<u32> {
        let at = self.made.iter().position(|made| {
            made.is_volume && made.name == volume && nano.saturating_sub(made.nano) <= limit
        })?;
        Some(self.made.remove(at).slot)
    }

    pub fn unmounted(&mut self, volume: &str, container: &str, nano: i64, limit: i64) {
        self.unmounted
            .retain(|(_, _, at)| nano.saturating_sub(*at) <= limit);
        self.unmounted
            .push((volume.to_owned(), container.to_owned(), nano));
    }

    pub fn last_user(&self, volume: &str, nano: i64, limit: i64) -> Option<&str> {
        self.unmounted
            .iter()
            .rev()
            .find(|(of, _, at)| of == volume && nano.saturating_sub(*at) <= limit)
            .map(|(_, container, _)| container.as_str())
    }
}

fn project_of(event: &Event) -> Option<&str> {
    // `compose run` is one container's affair
    let is_oneoff = event
        .attribute("com.docker.compose.oneoff")
        .is_some_and(|oneoff| oneoff.eq_ignore_ascii_case("true"));
    event
        .attribute("com.docker.compose.project")
        .filter(|project| !project.is_empty() && !is_oneoff)
}

/// Whether a network or volume of this name is one that compose made for the project.
fn is_of(project: &str, object: &str) -> bool {
    object
        .strip_prefix(project)
        .is_some_and(|rest| rest.starts_with(['_', '-']))
}

impl Telling {
    /// Something happened within what the project does at present.
    pub(super) fn touch_project(&mut self, event: &Event) {
        let Some(life) = self.containers.of(&event.actor_id).life else {
            return;
        };
        let life = self.slots.leading(life);
        if let Some(project) = project_of(event)
            && let Some(recent) = self.projects.recent.get_mut(project)
            && self.slots.leading(recent.slot) == life
        {
            recent.nano = event.time_nano;
        }
    }

    /// A new stretch of a container's life joins what its project does at present.
    pub(super) fn with_project(&mut self, slot: u32, direction: Direction, event: &Event) -> u32 {
        let Some(project) = project_of(event) else {
            return slot;
        };
        let nano = event.time_nano;
        let recent = self
            .projects
            .recent
            .get(project)
            .filter(|recent| nano.saturating_sub(recent.nano) <= BURST)
            .map(|recent| self.slots.leading(recent.slot));
        let slot = match recent {
            Some(recent) if self.fits(recent, direction, event) => {
                let life = self.life(slot, &event.actor_id).cloned();
                if let (Some(known), Some(life)) = (self.as_project(recent, project), life) {
                    known.members.push(member(event, life));
                }
                self.slots.join(recent, slot)
            }
            _ => slot,
        };
        let slot = match direction {
            Direction::Up => self.with_objects(slot, project, nano),
            Direction::Down => slot,
        };
        self.projects
            .recent
            .insert(project.to_owned(), Recent { slot, nano });
        slot
    }

    fn with_objects(&mut self, slot: u32, project: &str, nano: i64) -> u32 {
        let made = std::mem::take(&mut self.projects.made);
        let (own, others) = made.into_iter().partition(|made| {
            is_of(project, &made.name) && nano.saturating_sub(made.nano) <= BURST
        });
        self.projects.made = others;
        let own: Vec<Made> = own;
        let mut slot = slot;
        for made in own {
            let single = matches!(self.slots.story(made.slot), Some(Story::Created));
            let Some(known) = self.as_project(slot, project).filter(|_| single) else {
                continue;
            };
            if made.is_volume {
                known.volumes_created += 1;
            } else {
                known.networks_created += 1;
            }
            slot = self.slots.join(slot, made.slot);
        }
        slot
    }

    /// A network or volume that goes after the containers of its project. Gives the project's slot.
    pub(super) fn removed_with_project(&mut self, event: &Event, name: &str) -> Option<u32> {
        let nano = event.time_nano;
        let (project, recent) = self.projects.recent.iter().find(|(project, recent)| {
            is_of(project, name) && nano.saturating_sub(recent.nano) <= BURST
        })?;
        let (project, slot) = (project.clone(), self.slots.leading(recent.slot));
        let goes = |life: &Life| life.removed && life.unasked == 0;
        match self.slots.story(slot)? {
            Story::Container(life) if goes(life) => {}
            Story::Project(known) if known.members.iter().any(|member| goes(&member.life)) => {}
            _ => return None,
        }
        let known = self.as_project(slot, &project)?;
        if event.kind == "volume" {
            known.volumes_removed += 1;
        } else {
            known.networks_removed += 1;
        }
        let slot = self.slots.add(slot, nano);
        self.projects.recent.insert(project, Recent { slot, nano });
        Some(slot)
    }

    /// Whether what a project does at present may have this as a part.
    fn fits(&self, slot: u32, direction: Direction, event: &Event) -> bool {
        let one;
        let (members, networks_removed): (Vec<&Life>, u32) = match self.slots.story(slot) {
            Some(Story::Container(life)) if self.slots.at(slot).subject.id != event.actor_id => {
                one = life;
                (vec![one], 0)
            }
            Some(Story::Project(known))
                if known
                    .members
                    .iter()
                    .all(|member| member.id != event.actor_id) =>
            {
                let lives = known.members.iter().map(|member| &member.life);
                (lives.collect(), known.networks_removed)
            }
            _ => return false,
        };
        let went_by_itself = |life: &&Life| life.unasked > 0 || life.out_of_memory > 0;
        let freshly_started = |life: &&Life| life.starts > 0 && life.deaths == 0 && !life.stopped;
        !members.iter().any(went_by_itself)
            && match direction {
                Direction::Up => networks_removed == 0,
                Direction::Down => !members.iter().any(freshly_started),
            }
    }

    /// The project's story in this slot, made of the one container's where it was that.
    fn as_project(&mut self, slot: u32, project: &str) -> Option<&mut Project> {
        let piece = self.slots.at_mut(slot);
        if let What::Story(Story::Container(life)) = &mut piece.what {
            let subject = Arc::unwrap_or_clone(std::mem::take(&mut piece.subject));
            let first = Member {
                id: subject.id,
                name: subject.name,
                service: subject.service,
                life: std::mem::take(life),
            };
            piece.subject = Arc::new(Subject {
                kind: "project".to_owned(),
                name: project.to_owned(),
                project: Some(project.to_owned()),
                ..Subject::default()
            });
            piece.what = What::Story(Story::Project(Project {
                members: vec![first],
                ..Project::default()
            }));
        }
        match &mut piece.what {
            What::Story(Story::Project(known)) => Some(known),
            _ => None,
        }
    }
}
