use std::collections::{BTreeSet, HashMap};

use protocol::{Container, Event, State};

use super::{
    effect::{self, Effect},
    inspect, parts,
};
use crate::engine::{Id, transport::well_formed};

/// All containers of the engine, as far as the daemon has told.
#[derive(Debug, Default)]
pub struct Fleet {
    containers: HashMap<Id, Container>,
}

/// What an event did to the fleet.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    pub news: Option<News>,
    /// This container is to be inspected: there is more to know than the event told.
    pub inspect: Option<Id>,
}

#[derive(Debug, PartialEq)]
pub enum News {
    Changed(Box<Container>),
    Gone(Id),
}

impl Fleet {
    pub fn ids(&self) -> impl Iterator<Item = &Id> {
        self.containers.keys()
    }

    pub fn has(&self, id: &str) -> bool {
        self.containers.contains_key(id)
    }

    /// Those that have statistics.
    pub fn running(&self) -> BTreeSet<Id> {
        self.containers
            .iter()
            .filter(|(_, container)| container.state.has_processes())
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Replaces the whole fleet. What was known of a container in detail stays known until it is inspected again.
    pub fn replace(&mut self, listed: Vec<Container>) {
        let mut before = std::mem::take(&mut self.containers);
        self.containers = listed
            .into_iter()
            .map(|mut container| {
                let id = Id::from(container.id.as_str());
                container.details = before.remove(&id).and_then(|old| old.details);
                (id, container)
            })
            .collect();
    }

    /// In the order of `docker ps`: the newest first.
    pub fn containers(&self) -> Vec<Container> {
        let mut containers: Vec<_> = self.containers.values().cloned().collect();
        containers.sort_by(|a, b| b.created_secs.cmp(&a.created_secs).then(a.id.cmp(&b.id)));
        containers
    }

    pub fn apply(&mut self, event: &Event, now_millis: u64) -> Outcome {
        let (id, effect) = effect::of(event);
        if effect == Effect::None || !well_formed(id) {
            return Outcome::default();
        }
        if effect == Effect::Gone {
            return Outcome {
                news: self.remove(id).map(News::Gone),
                inspect: None,
            };
        }
        let id = match self.containers.get_key_value(id) {
            Some((id, _)) => id.clone(),
            None if matches!(effect, Effect::Created | Effect::Started) => {
                let id = Id::from(id);
                self.containers.insert(id.clone(), of_event(event));
                id
            }
            // the list could not show it, and the event does not say enough
            None => return Outcome::default(),
        };
        let Some(container) = self.containers.get_mut(&id) else {
            return Outcome::default();
        };
        let before = container.clone();
        change(container, effect.clone(), event);
        if container.details.is_some() {
            container.status = parts::status(container, now_millis);
        }
        let changed = *container != before || effect == Effect::Created;
        // a health that is known already needs no call: some daemons tell each probe
        let inspect = changed || !matches!(effect, Effect::Health(_));
        Outcome {
            news: changed.then(|| News::Changed(Box::new(container.clone()))),
            inspect: inspect.then_some(id),
        }
    }

    /// `Ok(None)`: the inspection told nothing new.
    pub fn inspected(
        &mut self,
        id: &str,
        body: &[u8],
        now_millis: u64,
    ) -> Result<Option<News>, String> {
        let Some(container) = self.containers.get_mut(id) else {
            return Ok(None);
        };
        let before = container.clone();
        inspect::update(container, body, now_millis)?;
        Ok((!same(container, &before)).then(|| News::Changed(Box::new(container.clone()))))
    }

    pub fn remove(&mut self, id: &str) -> Option<Id> {
        self.containers.remove_entry(id).map(|(id, _)| id)
    }
}

/// But for the time of the inspection.
fn same(a: &Container, b: &Container) -> bool {
    let when = |container: &Container| {
        container
            .details
            .as_ref()
            .map(|details| details.inspected_at_millis)
    };
    if when(a).is_none() || when(b).is_none() {
        return a == b;
    }
    let mut a = a.clone();
    if let (Some(details), Some(then)) = (&mut a.details, when(b)) {
        details.inspected_at_millis = then;
    }
    a == *b
}

/// As much as the event itself says.
fn change(container: &mut Container, effect: Effect, event: &Event) {
    let at_millis = u64::try_from(event.time_nano / 1_000_000).ok();
    match effect {
        Effect::Created | Effect::Unsaid | Effect::None | Effect::Gone => {}
        Effect::Started => {
            container.state = State::Running;
            // until there are details to write it from
            container.status = "Up Less than a second".to_owned();
            if let Some(details) = &mut container.details {
                details.started_at_millis = at_millis;
                details.exit_code = Some(0);
            }
        }
        Effect::Died { exit_code } => {
            container.state = State::Exited;
            container.health = None;
            container.status = match exit_code {
                Some(code) => format!("Exited ({code}) Less than a second ago"),
                None => "Exited".to_owned(),
            };
            if let Some(details) = &mut container.details {
                details.finished_at_millis = at_millis;
                details.exit_code = exit_code;
                details.pid = None;
            }
        }
        Effect::State(state) => container.state = state,
        Effect::Health(health) => container.health = Some(health),
        Effect::Renamed(name) => container.name = parts::without_slash(&name),
    }
}

/// A container that no list has shown yet: an event carries its name, its image and its labels.
fn of_event(event: &Event) -> Container {
    let (own, labels): (Vec<_>, Vec<_>) = event
        .attributes
        .iter()
        .cloned()
        .partition(|(name, _)| matches!(name.as_str(), "name" | "image"));
    let attribute = |wanted: &str| {
        own.iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let (project, service) = parts::compose(&labels);
    Container {
        id: event.actor_id.clone(),
        name: attribute("name"),
        image: attribute("image"),
        created_secs: event.time_nano / 1_000_000_000,
        state: State::Created,
        status: "Created".to_owned(),
        labels,
        project,
        service,
        ..Container::default()
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Details, Health};

    use super::*;

    const NOW: u64 = 1_000_000;

    fn event(action: &str, attributes: &[(&str, &str)]) -> Event {
        Event {
            time_nano: 999_000_000_000,
            kind: "container".to_owned(),
            action: action.to_owned(),
            actor_id: "a".to_owned(),
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Event::default()
        }
    }

    fn fleet() -> Fleet {
        let mut fleet = Fleet::default();
        fleet.replace(vec![Container {
            id: "a".to_owned(),
            name: "web".to_owned(),
            state: State::Running,
            health: Some(Health::Healthy),
            details: None,
            ..Container::default()
        }]);
        fleet
    }

    fn changed(outcome: Outcome) -> Container {
        match outcome.news {
            Some(News::Changed(container)) => *container,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_event_changes_the_container_at_once() {
        let outcome = fleet().apply(&event("die", &[("exitCode", "3")]), NOW);
        assert_eq!(outcome.inspect.as_deref(), Some("a"));
        let container = changed(outcome);
        assert_eq!((container.state, container.health), (State::Exited, None));
        assert_eq!(container.status, "Exited (3) Less than a second ago");

        let mut known = fleet();
        known.containers.get_mut("a").unwrap().details = Some(Box::new(Details {
            pid: Some(7),
            started_at_millis: Some(1),
            ..Details::default()
        }));
        let container = changed(known.apply(&event("die", &[("exitCode", "3")]), NOW));
        assert_eq!(container.status, "Exited (3) 1 second ago");
        let details = container.details.unwrap();
        assert_eq!((details.exit_code, details.pid), (Some(3), None));
        assert_eq!(details.finished_at_millis, Some(999_000));
        let container = changed(known.apply(&event("start", &[]), NOW));
        assert_eq!(
            (container.state, container.status.as_str()),
            (State::Running, "Up 1 second")
        );
        let container = changed(known.apply(&event("die", &[]), NOW));
        assert_eq!(container.details.unwrap().exit_code, None);
        let container = changed(known.apply(&event("rename", &[("name", "www")]), NOW));
        assert_eq!(container.name, "www");
    }

    #[test]
    fn a_new_container_is_there_before_any_list_shows_it() {
        let mut fleet = Fleet::default();
        let created = event(
            "create",
            &[
                ("com.docker.compose.project", "shop"),
                ("image", "bb:1"),
                ("name", "web"),
                ("x", "y"),
            ],
        );
        let outcome = fleet.apply(&created, NOW);
        assert_eq!(outcome.inspect.as_deref(), Some("a"));
        let container = changed(outcome);
        assert_eq!(
            (container.name.as_str(), container.image.as_str()),
            ("web", "bb:1")
        );
        assert_eq!(container.project.as_deref(), Some("shop"));
        assert_eq!(container.labels.len(), 2);
        assert!(fleet.running().is_empty());
        fleet.apply(&event("start", &[]), NOW);
        assert_eq!(fleet.running().len(), 1);
        assert_eq!(
            fleet.apply(&event("destroy", &[]), NOW),
            Outcome {
                news: Some(News::Gone("a".into())),
                inspect: None
            }
        );
        assert_eq!(fleet.apply(&event("destroy", &[]), NOW), Outcome::default());
    }

    #[test]
    fn what_is_known_already_costs_nothing() {
        let mut fleet = fleet();
        for action in [
            "health_status: healthy",
            "exec_die",
            "kill",
            "exec_create: x",
        ] {
            assert_eq!(
                fleet.apply(&event(action, &[]), NOW),
                Outcome::default(),
                "{action}"
            );
        }
        let sick = fleet.apply(&event("health_status: unhealthy", &[]), NOW);
        assert_eq!(sick.inspect.as_deref(), Some("a"));
        // a container that is not there, and an id that no path may hold
        for id in ["b", "a/../b", ""] {
            let event = Event {
                actor_id: id.to_owned(),
                ..event("die", &[])
            };
            assert_eq!(fleet.apply(&event, NOW), Outcome::default(), "{id}");
        }
    }

    #[test]
    fn a_new_list_keeps_the_details_of_those_that_stay() {
        let mut fleet = fleet();
        let body = br#"{"Id":"a","State":{"Status":"running","ExitCode":5}}"#;
        assert!(matches!(
            fleet.inspected("a", body, NOW),
            Ok(Some(News::Changed(_)))
        ));
        // the same again is no news, though it is later
        assert_eq!(fleet.inspected("a", body, NOW + 5), Ok(None));
        assert_eq!(fleet.inspected("gone", body, NOW), Ok(None));
        assert!(fleet.inspected("a", b"{", NOW).is_err());

        let (mut stays, mut new) = (Container::default(), Container::default());
        stays.id = "a".to_owned();
        new.id = "b".to_owned();
        fleet.replace(vec![stays, new]);
        let details: Vec<_> = fleet
            .containers()
            .into_iter()
            .map(|container| {
                (
                    container.id,
                    container.details.and_then(|details| details.exit_code),
                )
            })
            .collect();
        assert_eq!(details, [("a".to_owned(), Some(5)), ("b".to_owned(), None)]);
    }
}
