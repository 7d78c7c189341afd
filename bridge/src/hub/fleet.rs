use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use protocol::{Container, ContainerKey, FleetDelta};

use crate::engine::Id;

/// All containers of the engine, under the short names that they have on the wire.
pub struct Fleet {
    keys: HashMap<Id, ContainerKey>,
    /// Shared with the pictures of those who ask for the whole fleet.
    containers: BTreeMap<ContainerKey, Arc<Container>>,
    last_key: u32,
    /// Since the last delta: keys that did not exist before it, keys whose container differs, keys that are gone.
    new: BTreeSet<ContainerKey>,
    changed: BTreeSet<ContainerKey>,
    gone: BTreeSet<ContainerKey>,
}

impl Fleet {
    pub fn new() -> Self {
        Self {
            keys: HashMap::new(),
            containers: BTreeMap::new(),
            last_key: ContainerKey::SUM.0,
            new: BTreeSet::new(),
            changed: BTreeSet::new(),
            gone: BTreeSet::new(),
        }
    }

    pub fn key(&self, id: &str) -> Option<ContainerKey> {
        self.keys.get(id).copied()
    }

    pub fn get(&self, key: ContainerKey) -> Option<&Container> {
        self.containers.get(&key).map(Arc::as_ref)
    }

    /// In the order in which they became known.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Container>> {
        self.containers.values()
    }

    /// The whole fleet as the daemon lists it: what is not in it is gone.
    pub fn list(&mut self, listed: Vec<Container>) {
        let present: BTreeSet<&str> = listed.iter().map(|one| one.id.as_str()).collect();
        let gone: Vec<Id> = self
            .keys
            .keys()
            .filter(|id| !present.contains(&***id))
            .cloned()
            .collect();
        for id in gone {
            self.remove(&id);
        }
        for container in listed {
            self.put(container);
        }
    }

    pub fn put(&mut self, mut container: Container) {
        let key = match self.keys.get(container.id.as_str()) {
            Some(&key) => key,
            None => {
                self.last_key += 1;
                let key = ContainerKey(self.last_key);
                self.keys.insert(container.id.as_str().into(), key);
                self.new.insert(key);
                key
            }
        };
        container.key = key;
        let known = self.containers.get_mut(&key);
        if container.details.is_none()
            && let Some(known) = &known
            && known.state == container.state
        {
            // A list tells less than an inspection; what that told holds until the next one.
            container.details.clone_from(&known.details);
        }
        match known {
            Some(known) if **known == container => return,
            Some(known) => *known = Arc::new(container),
            None => {
                self.containers.insert(key, Arc::new(container));
            }
        }
        self.changed.insert(key);
    }

    pub fn remove(&mut self, id: &str) -> Option<ContainerKey> {
        let key = self.keys.remove(id)?;
        self.containers.remove(&key);
        self.changed.remove(&key);
        if !self.new.remove(&key) {
            self.gone.insert(key);
        }
        Some(key)
    }

    /// What changed since the last call, if anything did.
    pub fn take_delta(&mut self) -> Option<FleetDelta> {
        self.new.clear();
        if self.changed.is_empty() && self.gone.is_empty() {
            return None;
        }
        Some(FleetDelta {
            changed: std::mem::take(&mut self.changed)
                .iter()
                .filter_map(|key| self.get(*key).cloned())
                .collect(),
            gone: std::mem::take(&mut self.gone).into_iter().collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Details, State};

    use super::*;

    fn container(id: &str) -> Container {
        Container {
            id: id.to_owned(),
            name: format!("{id}-name"),
            state: State::Running,
            ..Container::default()
        }
    }

    fn keys(delta: &FleetDelta) -> (Vec<u32>, Vec<u32>) {
        (
            delta.changed.iter().map(|one| one.key.0).collect(),
            delta.gone.iter().map(|key| key.0).collect(),
        )
    }

    fn delta(fleet: &mut Fleet) -> (Vec<u32>, Vec<u32>) {
        fleet
            .take_delta()
            .map(|delta| keys(&delta))
            .unwrap_or_default()
    }

    #[test]
    fn a_list_tells_only_what_differs() {
        let mut fleet = Fleet::new();
        fleet.list(vec![container("a"), container("b")]);
        assert_eq!(delta(&mut fleet), (vec![1, 2], vec![]));

        fleet.list(vec![container("a"), container("b")]);
        assert_eq!(fleet.take_delta(), None, "the same list again is no change");

        let paused = Container {
            state: State::Paused,
            ..container("b")
        };
        fleet.list(vec![paused.clone(), container("c")]);
        let told = fleet.take_delta().unwrap();
        assert_eq!(keys(&told), (vec![2, 3], vec![1]));
        assert_eq!(
            told.changed[0],
            Container {
                key: ContainerKey(2),
                ..paused
            }
        );
    }

    #[test]
    fn a_key_is_never_used_again() {
        let mut fleet = Fleet::new();
        fleet.put(container("a"));
        assert_eq!(fleet.remove("a"), Some(ContainerKey(1)));
        fleet.put(container("a"));
        assert_eq!(fleet.key("a"), Some(ContainerKey(2)));
        assert_eq!(
            delta(&mut fleet),
            (vec![2], vec![]),
            "nobody was told of the first one"
        );
        assert_eq!(fleet.remove("unknown"), None);
        fleet.remove("a");
        assert_eq!(delta(&mut fleet), (vec![], vec![2]));
        assert_eq!(fleet.take_delta(), None);
    }

    #[test]
    fn details_hold_until_the_state_changes() {
        let mut fleet = Fleet::new();
        let details = Some(Box::new(Details {
            restart_count: Some(3),
            ..Details::default()
        }));
        fleet.put(Container {
            details,
            ..container("a")
        });
        fleet.take_delta();

        fleet.list(vec![container("a")]);
        assert_eq!(
            fleet.take_delta(),
            None,
            "a list without details is no news"
        );

        fleet.put(Container {
            state: State::Exited,
            ..container("a")
        });
        assert_eq!(fleet.take_delta().unwrap().changed[0].details, None);
    }
}
