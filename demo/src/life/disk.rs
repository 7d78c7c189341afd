//! What changes on the engine's disk: pulls, builds and prunes.

use super::World;
use crate::fleet::build;
use crate::fleet::stores::{CacheRecord, Volume};
use crate::ring::Attributes;

impl World {
    pub(super) fn pull(&mut self, name: &str) {
        let fresh = build::image(name, self.now, &mut self.random);
        for image in &mut self.fleet.images {
            image.tags.retain(|tag| tag != name);
        }
        // Images that nothing names and nothing uses stay, dangling, until somebody prunes them.
        let mut attributes: Attributes = fresh.labels.clone();
        attributes.insert("name".to_owned(), build::repository(name).to_owned());
        self.fleet.images.insert(0, fresh);
        self.emit("image", "pull", name, attributes);
    }

    pub(super) fn build(&mut self, name: &str) {
        let fresh = build::image(name, self.now, &mut self.random);
        for image in &mut self.fleet.images {
            image.tags.retain(|tag| tag != name);
        }
        let id = fresh.id.clone();
        self.fleet.images.insert(0, fresh);
        for (description, size) in [
            ("mount / from exec /bin/sh -c npm ci", 280_000_000),
            ("mount / from exec /bin/sh -c npm run build", 30_000_000),
        ] {
            let size = size + self.random.below(12_000_000);
            let id = self.random.word(25);
            self.fleet.cache.push(CacheRecord {
                id,
                parents: Vec::new(),
                kind: "regular",
                description: description.to_owned(),
                in_use: false,
                shared: false,
                size,
                created: self.now,
                last_used: Some(self.now),
                uses: 1,
            });
        }
        let attributes = Attributes::from([("name".to_owned(), name.to_owned())]);
        self.emit("image", "create", id.clone(), attributes.clone());
        self.emit("image", "tag", id, attributes);
    }

    pub(super) fn prune_builder(&mut self) {
        let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.fleet.cache)
            .into_iter()
            .partition(|record| !record.in_use && !record.shared);
        self.fleet.cache = kept;
        let reclaimed: u64 = gone.iter().map(|record| record.size).sum();
        self.emit("builder", "prune", "", reclaimed_attributes(reclaimed));
    }

    pub(super) fn prune_images(&mut self) {
        let used: Vec<bool> = self
            .fleet
            .images
            .iter()
            .map(|image| !image.tags.is_empty() || self.fleet.containers_of_image(&image.id) > 0)
            .collect();
        let mut used = used.into_iter();
        let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut self.fleet.images)
            .into_iter()
            .partition(|_| used.next().unwrap_or(true));
        self.fleet.images = kept;
        let mut reclaimed = 0;
        for image in gone {
            reclaimed += image.size - build::base_size(image.base);
            self.emit(
                "image",
                "delete",
                image.id.clone(),
                Attributes::from([("name".into(), image.id)]),
            );
        }
        self.emit("image", "prune", "", reclaimed_attributes(reclaimed));
    }

    /// Anonymous volumes that nothing uses.
    pub(super) fn prune_volumes(&mut self) {
        let anonymous = |volume: &Volume| volume.labels.contains_key("com.docker.volume.anonymous");
        let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.fleet.volumes)
            .into_iter()
            .partition(anonymous);
        self.fleet.volumes = kept;
        let mut reclaimed = 0;
        for volume in gone {
            reclaimed += volume.size;
            self.emit(
                "volume",
                "destroy",
                volume.name,
                Attributes::from([("driver".into(), "local".into())]),
            );
        }
        self.emit("volume", "prune", "", reclaimed_attributes(reclaimed));
    }
}

fn reclaimed_attributes(bytes: u64) -> Attributes {
    Attributes::from([("reclaimed".to_owned(), bytes.to_string())])
}
