//! Images, volumes, networks and build cache as the API shows them.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json as value};

use super::{Failure, Site, json, truth};
use crate::fleet::{CacheRecord, Fleet, Image, Network, Volume};
use crate::options::Release;

/// `users` and `shared` are -1 where nobody counted them.
pub fn image_summary(image: &Image, users: i64, shared: i64, release: Release) -> Value {
    let mut summary = value!({
        "Containers": users, "Created": image.created.seconds(), "Id": image.id, "Labels": image.labels, "ParentId": "",
        "RepoDigests": image.digests, "RepoTags": image.tags, "SharedSize": shared, "Size": image.size,
    });
    if release == Release::V20 {
        summary["VirtualSize"] = value!(image.size);
        if image.tags.is_empty() {
            summary["RepoTags"] = value!(["<none>:<none>"]);
        }
    }
    summary
}

pub fn cache_record(record: &CacheRecord, release: Release) -> Value {
    let mut shown = value!({
        "ID": record.id, "Type": record.kind, "Description": record.description, "InUse": record.in_use, "Shared": record.shared,
        "Size": record.size, "CreatedAt": record.created.to_string(), "LastUsedAt": record.last_used.map(|used| used.to_string()), "UsageCount": record.uses,
    });
    if release == Release::V20 {
        shown["Parent"] = value!(record.parents.first().map_or("", String::as_str));
    } else if !record.parents.is_empty() {
        // With the space: so the daemon writes it.
        shown[" Parents"] = value!(record.parents);
    }
    shown
}

/// `usage`: how many containers use it, and its size.
pub fn volume_of(volume: &Volume, usage: Option<(u64, u64)>) -> Value {
    let mut created = volume.created.to_string();
    created.truncate(19);
    let labels = if volume.labels.is_empty() {
        Value::Null
    } else {
        value!(volume.labels)
    };
    let mut shown = value!({
        "CreatedAt": format!("{created}Z"), "Driver": "local", "Labels": labels, "Mountpoint": format!("/var/lib/docker/volumes/{}/_data", volume.name),
        "Name": volume.name, "Options": null, "Scope": "local",
    });
    if let Some((users, size)) = usage {
        shown["UsageData"] = value!({ "RefCount": users, "Size": size });
    }
    shown
}

fn network_of(network: &Network, fleet: Option<&Fleet>) -> Value {
    let mut ends = Map::new();
    for (_, container) in fleet.into_iter().flat_map(Fleet::iter) {
        if container.spec.network.name() == network.name && container.state.has_process() {
            let ip = if container.address.ip.is_empty() {
                String::new()
            } else {
                format!("{}/{}", container.address.ip, network.prefix_length)
            };
            let end = value!({
                "Name": container.name(), "EndpointID": container.address.endpoint, "MacAddress": container.address.mac, "IPv4Address": ip, "IPv6Address": "",
            });
            ends.insert(container.id.clone(), end);
        }
    }
    let addressed = !network.prefix.is_empty();
    let pools = if addressed {
        value!([{ "Subnet": network.subnet(), "Gateway": network.gateway() }])
    } else {
        Value::Null
    };
    let options: BTreeMap<&str, &str> = if network.name == "bridge" {
        BTreeMap::from([
            ("com.docker.network.bridge.default_bridge", "true"),
            ("com.docker.network.bridge.name", "docker0"),
            ("com.docker.network.driver.mtu", "1500"),
        ])
    } else {
        BTreeMap::new()
    };
    value!({
        "Name": network.name, "Id": network.id, "Created": network.created.to_string(), "Scope": "local", "Driver": network.driver, "EnableIPv4": true,
        "EnableIPv6": false, "IPAM": { "Driver": "default", "Options": null, "Config": pools }, "Internal": false, "Attachable": false, "Ingress": false,
        "ConfigFrom": { "Network": "" }, "ConfigOnly": false, "Containers": ends, "Options": options, "Labels": network.labels,
    })
}

pub async fn images(
    State(site): State<Site>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let release = site.engine.options().release;
    let counts = release >= Release::V28;
    let shared = truth(query.get("shared-size"));
    let world = site.engine.world();
    let users = |image: &Image| {
        if counts {
            world.fleet.containers_of_image(&image.id) as i64
        } else {
            -1
        }
    };
    let images: Vec<Value> = world
        .fleet
        .images
        .iter()
        .map(|image| {
            image_summary(
                image,
                users(image),
                if shared {
                    crate::fleet::build::base_size(image.base) as i64
                } else {
                    -1
                },
                release,
            )
        })
        .collect();
    json(&images)
}

/// `/images/{name}/json`; names may hold slashes.
pub async fn image(
    State(site): State<Site>,
    Path(path): Path<String>,
) -> Result<Response, Failure> {
    let Some(name) = path.strip_suffix("/json") else {
        return Err(Failure::new(StatusCode::NOT_FOUND, "page not found"));
    };
    let world = site.engine.world();
    let image = world
        .fleet
        .image(name)
        .or_else(|| world.fleet.image(&format!("{name}:latest")));
    let image = image
        .ok_or_else(|| Failure::new(StatusCode::NOT_FOUND, format!("No such image: {name}")))?;
    Ok(json(&value!({
        "Id": image.id, "RepoTags": image.tags, "RepoDigests": image.digests, "Parent": "", "Comment": "", "Created": image.created.to_string(),
        "DockerVersion": "", "Author": "", "Config": { "Labels": image.labels }, "Architecture": "amd64", "Os": "linux", "Size": image.size,
        "GraphDriver": { "Data": null, "Name": "overlay2" }, "RootFS": { "Type": "layers", "Layers": [] }, "Metadata": { "LastTagTime": "0001-01-01T00:00:00Z" },
    })))
}

pub async fn volumes(State(site): State<Site>) -> Response {
    let world = site.engine.world();
    let volumes: Vec<Value> = world
        .fleet
        .volumes
        .iter()
        .map(|volume| volume_of(volume, None))
        .collect();
    json(&value!({ "Volumes": volumes, "Warnings": null }))
}

pub async fn volume(
    State(site): State<Site>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let world = site.engine.world();
    let volume = world
        .fleet
        .volumes
        .iter()
        .find(|volume| volume.name == name);
    let volume = volume.ok_or_else(|| {
        Failure::new(StatusCode::NOT_FOUND, format!("get {name}: no such volume"))
    })?;
    Ok(json(&volume_of(volume, None)))
}

pub async fn networks(State(site): State<Site>) -> Response {
    let world = site.engine.world();
    let networks: Vec<Value> = world
        .fleet
        .networks
        .iter()
        .map(|network| network_of(network, None))
        .collect();
    json(&networks)
}

pub async fn network(
    State(site): State<Site>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let world = site.engine.world();
    let network = world
        .fleet
        .network(&id)
        .ok_or_else(|| Failure::new(StatusCode::NOT_FOUND, format!("network {id} not found")))?;
    Ok(json(&network_of(network, Some(&world.fleet))))
}
