//! `/containers/json` and `/containers/{id}/top`.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use serde_json::json as value;

use super::filters::Filters;
use super::{Failure, Site, json, truth};
use crate::fleet::container::{Mount, State as Standing};
use crate::fleet::{Container, Fleet};
use crate::life::Act;
use crate::options::Release;
use crate::time::Time;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Summary<'a> {
    id: &'a str,
    names: [String; 1],
    image: &'a str,
    #[serde(rename = "ImageID")]
    image_id: &'a str,
    command: String,
    created: i64,
    ports: Vec<PortMapping>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_rw: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_root_fs: Option<u64>,
    labels: &'a BTreeMap<String, String>,
    state: &'a str,
    status: String,
    host_config: HostConfig<'a>,
    network_settings: NetworkSettings<'a>,
    mounts: Vec<MountPoint>,
}

#[derive(Serialize)]
struct PortMapping {
    #[serde(rename = "IP", skip_serializing_if = "Option::is_none")]
    ip: Option<&'static str>,
    #[serde(rename = "PrivatePort")]
    private: u16,
    #[serde(rename = "PublicPort", skip_serializing_if = "Option::is_none")]
    public: Option<u16>,
    #[serde(rename = "Type")]
    protocol: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HostConfig<'a> {
    network_mode: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct NetworkSettings<'a> {
    networks: BTreeMap<&'a str, Endpoint<'a>>,
}

/// A container's place on one network.
#[derive(Serialize)]
pub struct Endpoint<'a> {
    #[serde(rename = "IPAMConfig")]
    ipam: Option<()>,
    #[serde(rename = "Links")]
    links: Option<()>,
    #[serde(rename = "Aliases")]
    aliases: Option<Vec<&'a str>>,
    #[serde(rename = "MacAddress")]
    mac: &'a str,
    #[serde(rename = "DriverOpts")]
    driver_options: Option<()>,
    #[serde(rename = "GwPriority", skip_serializing_if = "Option::is_none")]
    gateway_priority: Option<i32>,
    #[serde(rename = "NetworkID")]
    network: &'a str,
    #[serde(rename = "EndpointID")]
    endpoint: &'a str,
    #[serde(rename = "Gateway")]
    gateway: String,
    #[serde(rename = "IPAddress")]
    ip: &'a str,
    #[serde(rename = "IPPrefixLen")]
    prefix_length: u8,
    #[serde(rename = "IPv6Gateway")]
    gateway_v6: &'static str,
    #[serde(rename = "GlobalIPv6Address")]
    ip_v6: &'static str,
    #[serde(rename = "GlobalIPv6PrefixLen")]
    prefix_length_v6: u8,
    /// Absent from engines before 25.
    #[serde(rename = "DNSNames", skip_serializing_if = "Option::is_none")]
    names: Option<Option<Vec<&'a str>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MountPoint {
    #[serde(rename = "Type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    source: String,
    destination: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    driver: Option<&'static str>,
    mode: &'static str,
    #[serde(rename = "RW")]
    writable: bool,
    propagation: &'static str,
}

impl<'a> Summary<'a> {
    pub fn of(
        container: &'a Container,
        fleet: &'a Fleet,
        now: Time,
        release: Release,
        size: bool,
        strange: Option<&'a str>,
    ) -> Self {
        let spec = &container.spec;
        // Once its name means another image, a container is listed with the id of the one it has.
        let image = if fleet
            .image(&spec.image)
            .is_some_and(|image| image.id == container.image_id)
        {
            &spec.image
        } else {
            &container.image_id
        };
        let root = || {
            fleet
                .image(&container.image_id)
                .map_or(0, |image| image.size)
        };
        let rw = container.size_rw(now);
        let shown = container.state.has_process();
        let ports = spec.ports.iter().filter(|_| shown).flat_map(|port| {
            let mapping = |ip| PortMapping {
                ip,
                private: port.private,
                public: port.public,
                protocol: port.protocol,
            };
            match port.public {
                None => vec![mapping(None)],
                Some(_) => vec![mapping(Some("0.0.0.0")), mapping(Some("::"))],
            }
        });
        Self {
            id: &container.id,
            names: [format!("/{}", spec.name)],
            image,
            image_id: &container.image_id,
            command: spec.command.join(" "),
            created: container.created.seconds(),
            ports: ports.collect(),
            // The daemon leaves a size of zero out.
            size_rw: (size && rw > 0).then_some(rw),
            size_root_fs: size.then(|| root() + rw),
            labels: &spec.labels,
            state: shown_state(container, strange),
            status: container.status(now),
            host_config: HostConfig {
                network_mode: network_mode(container, release),
            },
            network_settings: NetworkSettings {
                networks: BTreeMap::from([(
                    spec.network.name(),
                    endpoint(container, fleet, release, false),
                )]),
            },
            mounts: mounts(container),
        }
    }
}

/// The default bridge has its own name only in newer engines.
pub fn network_mode(container: &Container, release: Release) -> &str {
    match container.spec.network.name() {
        "bridge" if release == Release::V20 => "default",
        name => name,
    }
}

/// The state's word, or the one that a test put in the place of `exited`.
pub fn shown_state<'a>(container: &Container, strange: Option<&'a str>) -> &'a str {
    strange
        .filter(|_| container.state == Standing::Exited)
        .unwrap_or(container.state.word())
}

/// `whole` adds the names, which lists leave out.
pub fn endpoint<'a>(
    container: &'a Container,
    fleet: &'a Fleet,
    release: Release,
    whole: bool,
) -> Endpoint<'a> {
    let network = fleet.network(container.spec.network.name());
    let placed = !container.address.ip.is_empty();
    let service = container.spec.service.as_deref();
    let names = service
        .filter(|_| whole)
        .map(|service| vec![container.name(), service, &container.id[..12]]);
    Endpoint {
        ipam: None,
        links: None,
        aliases: service
            .filter(|_| whole)
            .map(|service| vec![container.name(), service]),
        mac: &container.address.mac,
        driver_options: None,
        gateway_priority: (release >= Release::V28).then_some(0),
        network: network.map_or("", |network| &network.id),
        endpoint: &container.address.endpoint,
        gateway: network
            .filter(|_| placed)
            .map(crate::fleet::Network::gateway)
            .unwrap_or_default(),
        ip: &container.address.ip,
        prefix_length: network
            .filter(|_| placed)
            .map_or(0, |network| network.prefix_length),
        gateway_v6: "",
        ip_v6: "",
        prefix_length_v6: 0,
        names: (release >= Release::V28).then_some(names),
    }
}

pub fn mounts(container: &Container) -> Vec<MountPoint> {
    let point = |mount: &Mount| match mount {
        Mount::Volume { name, destination } => MountPoint {
            kind: "volume",
            name: Some(name.clone()),
            source: format!("/var/lib/docker/volumes/{name}/_data"),
            destination: destination.clone(),
            driver: Some("local"),
            mode: "z",
            writable: true,
            propagation: "",
        },
        Mount::Bind {
            source,
            destination,
            writable,
        } => MountPoint {
            kind: "bind",
            name: None,
            source: source.clone(),
            destination: destination.clone(),
            driver: None,
            mode: if *writable { "rw" } else { "ro" },
            writable: *writable,
            propagation: "rprivate",
        },
    };
    container.spec.mounts.iter().map(point).collect()
}

pub async fn list(
    State(site): State<Site>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let filters = Filters::parse(query.get("filters"))?;
    filters.check_container_keys()?;
    let limit: i64 = query
        .get("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(0);
    let all = truth(query.get("all")) || limit > 0 || filters.wants_stopped();
    let size = truth(query.get("size"));
    let now = site.engine.now();
    let release = site.engine.options().release;
    let strange = site.engine.faults().state_word();
    // A copy: nothing must wait until a thousand containers are written down.
    let fleet = site.engine.world().fleet.clone();
    let listed = |container: &Container| {
        (all || container.state.has_process() || container.state == Standing::Restarting)
            && filters.container(container)
    };
    let most = usize::try_from(limit)
        .ok()
        .filter(|limit| *limit > 0)
        .unwrap_or(usize::MAX);
    // Newest first, as the daemon sorts.
    let mut containers: Vec<&Container> = fleet
        .iter()
        .map(|(_, container)| container)
        .filter(|container| listed(container))
        .collect();
    containers.sort_by_key(|container| std::cmp::Reverse(container.created));
    let summaries: Vec<Summary<'_>> = containers
        .into_iter()
        .take(most)
        .map(|container| Summary::of(container, &fleet, now, release, size, strange.as_deref()))
        .collect();
    Ok(json(&summaries))
}

pub async fn top(State(site): State<Site>, Path(id): Path<String>) -> Result<Response, Failure> {
    let processes = {
        let world = site.engine.world();
        let container = world
            .fleet
            .find(&id)
            .and_then(|key| world.fleet.get(key))
            .ok_or_else(|| Failure::no_container(&id))?;
        if !container.state.has_process() {
            return Err(Failure::new(
                StatusCode::CONFLICT,
                format!("container {} is not running", container.id),
            ));
        }
        let started = container.started.to_string();
        let row = |pid: u32, parent: u32, command: &str| {
            let clock = started.get(11..16).unwrap_or("00:00");
            value!([
                "root",
                pid.to_string(),
                parent.to_string(),
                "0",
                clock,
                "?",
                "00:00:01",
                command
            ])
        };
        let mut rows = vec![row(
            container.pid,
            container.pid - 21,
            &container.spec.command.join(" "),
        )];
        let last = container.spec.command.last().cloned().unwrap_or_default();
        for child in 1..=container.spec.character.threads / 10 {
            rows.push(row(container.pid + child, container.pid, &last));
        }
        rows
    };
    // The daemon tells it like everything else that is done to a container.
    drop(site.engine.act(&Act::Top(id)));
    Ok(json(
        &value!({ "Processes": processes, "Titles": ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"] }),
    ))
}
