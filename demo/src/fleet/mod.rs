//! All that the made-up engine has: containers, images, volumes, networks, build cache.

pub mod build;
pub mod catalogue;
pub mod container;
pub mod stores;

use std::collections::{BTreeMap, HashMap};

pub use container::{Container, Key};
pub use stores::{CacheRecord, Image, Network, Volume};

#[derive(Clone, Debug, Default)]
pub struct Fleet {
    containers: BTreeMap<Key, Container>,
    by_id: HashMap<String, Key>,
    by_name: HashMap<String, Key>,
    next: Key,
    pub images: Vec<Image>,
    pub volumes: Vec<Volume>,
    pub networks: Vec<Network>,
    pub cache: Vec<CacheRecord>,
}

impl Fleet {
    pub fn insert(&mut self, container: Container) -> Key {
        let key = self.next;
        self.next += 1;
        self.by_id.insert(container.id.clone(), key);
        self.by_name.insert(container.spec.name.clone(), key);
        self.containers.insert(key, container);
        key
    }

    pub fn remove(&mut self, key: Key) -> Option<Container> {
        let container = self.containers.remove(&key)?;
        self.by_id.remove(&container.id);
        if self.by_name.get(&container.spec.name) == Some(&key) {
            self.by_name.remove(&container.spec.name);
        }
        Some(container)
    }

    pub fn rename(&mut self, key: Key, name: &str) {
        if let Some(container) = self.containers.get_mut(&key) {
            self.by_name.remove(&container.spec.name);
            std::sync::Arc::make_mut(&mut container.spec).name = name.to_owned();
            self.by_name.insert(name.to_owned(), key);
        }
    }

    pub fn get(&self, key: Key) -> Option<&Container> {
        self.containers.get(&key)
    }

    pub fn get_mut(&mut self, key: Key) -> Option<&mut Container> {
        self.containers.get_mut(&key)
    }

    /// A container by its whole id, its name (with or without the slash) or a prefix of its id that fits only one.
    pub fn find(&self, reference: &str) -> Option<Key> {
        let name = reference.strip_prefix('/').unwrap_or(reference);
        if let Some(key) = self.by_id.get(reference).or_else(|| self.by_name.get(name)) {
            return Some(*key);
        }
        if reference.is_empty() {
            return None;
        }
        let mut fitting = self
            .by_id
            .iter()
            .filter(|(id, _)| id.starts_with(reference));
        match (fitting.next(), fitting.next()) {
            (Some((_, key)), None) => Some(*key),
            _ => None,
        }
    }

    pub fn has_name(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// In the order of their making.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Key, &Container)> {
        self.containers
            .iter()
            .map(|(key, container)| (*key, container))
    }

    /// The clock was set by so many nanoseconds. Only what counts time goes with it.
    pub fn jump(&mut self, nanos: i64) {
        for container in self.containers.values_mut() {
            container.counters.at = container.counters.at.moved(nanos);
            container.sick_until = container.sick_until.moved(nanos);
            container.fills_at = container.fills_at.map(|at| at.moved(nanos));
        }
    }

    pub fn len(&self) -> usize {
        self.containers.len()
    }

    /// The image that a name means now.
    pub fn image(&self, reference: &str) -> Option<&Image> {
        self.images
            .iter()
            .find(|image| image.id == reference || image.tags.iter().any(|tag| tag == reference))
    }

    pub fn network(&self, name: &str) -> Option<&Network> {
        self.networks
            .iter()
            .find(|network| network.name == name || network.id == name)
    }

    pub fn containers_of_image(&self, id: &str) -> usize {
        self.containers
            .values()
            .filter(|container| container.image_id == id)
            .count()
    }
}
