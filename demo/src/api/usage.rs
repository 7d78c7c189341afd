//! `/system/df` in both shapes.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json as value};

use super::containers::Summary;
use super::{Failure, Site, Version, json, objects, truth};
use crate::fleet::build::base_size;
use crate::fleet::container::{Mount, State as Standing};
use crate::fleet::{Fleet, Image};
use crate::options::Release;
use crate::time::Time;

/// From this API version on, totals are counted by the daemon.
const COUNTED: Version = Version(52);
/// From this API version on, one can ask for single classes.
const BY_TYPE: Version = Version(42);

/// The classes that a request asks for.
struct Wanted {
    containers: bool,
    images: bool,
    volumes: bool,
    cache: bool,
}

pub async fn read(
    State(site): State<Site>,
    Extension(version): Extension<Version>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect();
    let wanted = wanted(&pairs, version)?;
    let verbose = pairs
        .iter()
        .any(|(key, value)| *key == "verbose" && truth(Some(&(*value).to_owned())));
    let slow = site.engine.faults().slow_usage();
    let takes = slow.unwrap_or(site.engine.options().usage_takes);
    let claim = site.engine.claim_usage();
    let release = site.engine.options().release;
    if release == Release::V20 && !claim.alone {
        return Ok(Failure::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "a disk usage operation is already running",
        )
        .into_response());
    }
    tokio::select! {
        () = tokio::time::sleep(takes) => {}
        () = site.cancel.cancelled() => {}
    }
    let now = site.engine.now();
    let fleet = site.engine.world().fleet.clone();
    let usage = Usage::read(&fleet, now, release);
    drop(claim);
    let mut answer = Map::new();
    if version >= COUNTED {
        usage.counted(&mut answer, &wanted, verbose);
        if verbose {
            return Ok(json(&answer));
        }
    }
    usage.legacy(&mut answer, &wanted, version);
    Ok(json(&answer))
}

fn wanted(pairs: &[(&str, &str)], version: Version) -> Result<Wanted, Failure> {
    let mut types = pairs
        .iter()
        .filter(|(key, _)| *key == "type")
        .map(|(_, value)| *value)
        .peekable();
    if version < BY_TYPE || types.peek().is_none() {
        return Ok(Wanted {
            containers: true,
            images: true,
            volumes: true,
            cache: true,
        });
    }
    let mut wanted = Wanted {
        containers: false,
        images: false,
        volumes: false,
        cache: false,
    };
    for of in types {
        match of {
            "container" => wanted.containers = true,
            "image" => wanted.images = true,
            "volume" => wanted.volumes = true,
            "build-cache" => wanted.cache = true,
            unknown => return Err(Failure::bad(format!("unknown object type: {unknown}"))),
        }
    }
    Ok(wanted)
}

/// All lists as JSON, with the numbers that the totals need.
struct Usage {
    layers: u64,
    images: Vec<Value>,
    images_active: usize,
    images_reclaimable: u64,
    containers: Vec<Value>,
    containers_active: usize,
    containers_size: u64,
    containers_reclaimable: u64,
    volumes: Vec<Value>,
    volumes_active: usize,
    volumes_size: u64,
    volumes_reclaimable: u64,
    cache: Vec<Value>,
    cache_active: usize,
    cache_size: u64,
    cache_reclaimable: u64,
}

impl Usage {
    fn read(fleet: &Fleet, now: Time, release: Release) -> Self {
        let users = users_of_volumes(fleet);
        let shared = |image: &Image| {
            if shares_base(fleet, image) {
                base_size(image.base)
            } else {
                0
            }
        };
        let used = |image: &Image| fleet.containers_of_image(&image.id);
        let unused_images = fleet.images.iter().filter(|image| used(image) == 0);
        let active = |state: Standing| {
            matches!(
                state,
                Standing::Running | Standing::Paused | Standing::Restarting
            )
        };
        let containers = || fleet.iter().map(|(_, container)| container);
        let unused = |name: &str| !users.contains_key(name);
        let volumes = || fleet.volumes.iter();
        Self {
            layers: layers_size(fleet),
            images: fleet
                .images
                .iter()
                .map(|image| {
                    objects::image_summary(image, used(image) as i64, shared(image) as i64, release)
                })
                .collect(),
            images_active: fleet.images.iter().filter(|image| used(image) > 0).count(),
            images_reclaimable: unused_images.map(|image| image.size - shared(image)).sum(),
            containers: containers()
                .map(|container| to_value(&Summary::of(container, fleet, now, release, true, None)))
                .collect(),
            containers_active: containers()
                .filter(|container| active(container.state))
                .count(),
            containers_size: containers().map(|container| container.size_rw(now)).sum(),
            containers_reclaimable: containers()
                .filter(|container| !active(container.state))
                .map(|container| container.size_rw(now))
                .sum(),
            volumes: volumes()
                .map(|volume| {
                    objects::volume_of(
                        volume,
                        Some((
                            users.get(&volume.name).copied().unwrap_or(0),
                            volume.size_at(now),
                        )),
                    )
                })
                .collect(),
            volumes_active: volumes().filter(|volume| !unused(&volume.name)).count(),
            volumes_size: volumes().map(|volume| volume.size_at(now)).sum(),
            volumes_reclaimable: volumes()
                .filter(|volume| unused(&volume.name))
                .map(|volume| volume.size_at(now))
                .sum(),
            cache: fleet
                .cache
                .iter()
                .map(|record| objects::cache_record(record, release))
                .collect(),
            cache_active: fleet.cache.iter().filter(|record| record.in_use).count(),
            cache_size: fleet.cache.iter().map(|record| record.size).sum(),
            cache_reclaimable: fleet
                .cache
                .iter()
                .filter(|record| !record.in_use && !record.shared)
                .map(|record| record.size)
                .sum(),
        }
    }

    fn legacy(&self, answer: &mut Map<String, Value>, wanted: &Wanted, version: Version) {
        let list = |wanted: bool, items: &[Value]| if wanted { value!(items) } else { Value::Null };
        answer.insert(
            "LayersSize".into(),
            value!(if wanted.images { self.layers } else { 0 }),
        );
        answer.insert("Images".into(), list(wanted.images, &self.images));
        answer.insert(
            "Containers".into(),
            list(wanted.containers, &self.containers),
        );
        answer.insert("Volumes".into(), list(wanted.volumes, &self.volumes));
        answer.insert("BuildCache".into(), list(wanted.cache, &self.cache));
        if version < BY_TYPE {
            answer.insert("BuilderSize".into(), value!(self.cache_size));
        }
    }

    fn counted(&self, answer: &mut Map<String, Value>, wanted: &Wanted, verbose: bool) {
        let mut add = |name: &str, items: &[Value], active: usize, size: u64, reclaimable: u64| {
            let mut class = value!({ "ActiveCount": active, "TotalCount": items.len(), "Reclaimable": reclaimable, "TotalSize": size });
            if verbose {
                class["Items"] = value!(items);
            }
            answer.insert(name.to_owned(), class);
        };
        if wanted.images {
            add(
                "ImageUsage",
                &self.images,
                self.images_active,
                self.layers,
                self.images_reclaimable,
            );
        }
        if wanted.containers {
            add(
                "ContainerUsage",
                &self.containers,
                self.containers_active,
                self.containers_size,
                self.containers_reclaimable,
            );
        }
        if wanted.volumes {
            add(
                "VolumeUsage",
                &self.volumes,
                self.volumes_active,
                self.volumes_size,
                self.volumes_reclaimable,
            );
        }
        if wanted.cache {
            add(
                "BuildCacheUsage",
                &self.cache,
                self.cache_active,
                self.cache_size,
                self.cache_reclaimable,
            );
        }
    }
}

fn to_value<T: Serialize>(of: &T) -> Value {
    serde_json::to_value(of).unwrap_or(Value::Null)
}

/// How many containers mount each volume.
fn users_of_volumes(fleet: &Fleet) -> HashMap<String, u64> {
    let mut users = HashMap::new();
    for (_, container) in fleet.iter() {
        for mount in &container.spec.mounts {
            if let Mount::Volume { name, .. } = mount {
                *users.entry(name.clone()).or_insert(0) += 1;
            }
        }
    }
    users
}

/// Whether another image stands on the same base.
fn shares_base(fleet: &Fleet, image: &Image) -> bool {
    image.base.is_some()
        && fleet
            .images
            .iter()
            .any(|other| other.id != image.id && other.base == image.base)
}

/// Every layer once: what images share counts only for one of them.
fn layers_size(fleet: &Fleet) -> u64 {
    let mut bases: Vec<&str> = fleet.images.iter().filter_map(|image| image.base).collect();
    bases.sort_unstable();
    bases.dedup();
    let own: u64 = fleet
        .images
        .iter()
        .map(|image| image.size - base_size(image.base))
        .sum();
    own + bases
        .into_iter()
        .map(|base| base_size(Some(base)))
        .sum::<u64>()
}
