//! `/containers/{id}/json`

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json as value};

use super::containers::{Endpoint, MountPoint, endpoint, mounts, network_mode, shown_state};
use super::{Failure, Site, json, truth};
use crate::fleet::Container;
use crate::fleet::catalogue::Restart;
use crate::fleet::container::{Mount, State as Standing};
use crate::life::World;
use crate::options::Release;
use crate::time::Time;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected<'a> {
    id: &'a str,
    created: Time,
    path: &'a str,
    args: &'a [String],
    state: StateOf,
    image: &'a str,
    resolv_conf_path: String,
    hostname_path: String,
    hosts_path: String,
    log_path: String,
    name: String,
    restart_count: u32,
    driver: &'static str,
    platform: &'static str,
    mount_label: &'static str,
    process_label: &'static str,
    app_armor_profile: &'static str,
    #[serde(rename = "ExecIDs")]
    exec_ids: Option<()>,
    host_config: Value,
    graph_driver: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_rw: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_root_fs: Option<u64>,
    mounts: Vec<MountPoint>,
    config: Value,
    network_settings: NetworkSettings<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StateOf {
    status: String,
    running: bool,
    paused: bool,
    restarting: bool,
    #[serde(rename = "OOMKilled")]
    oom_killed: bool,
    dead: bool,
    pid: u32,
    exit_code: i32,
    error: &'static str,
    started_at: Time,
    finished_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<Value>,
}

#[derive(Serialize)]
struct NetworkSettings<'a> {
    #[serde(rename = "Bridge")]
    bridge: &'static str,
    #[serde(rename = "SandboxID")]
    sandbox: &'a str,
    #[serde(rename = "SandboxKey")]
    sandbox_key: String,
    #[serde(rename = "Ports")]
    ports: BTreeMap<String, Value>,
    #[serde(rename = "HairpinMode")]
    hairpin: bool,
    #[serde(rename = "LinkLocalIPv6Address")]
    link_local: &'static str,
    #[serde(rename = "LinkLocalIPv6PrefixLen")]
    link_local_prefix: u8,
    #[serde(rename = "SecondaryIPAddresses")]
    secondary: Option<()>,
    #[serde(rename = "SecondaryIPv6Addresses")]
    secondary_v6: Option<()>,
    #[serde(rename = "EndpointID")]
    endpoint: &'a str,
    #[serde(rename = "Gateway")]
    gateway: String,
    #[serde(rename = "GlobalIPv6Address")]
    ip_v6: &'static str,
    #[serde(rename = "GlobalIPv6PrefixLen")]
    prefix_length_v6: u8,
    #[serde(rename = "IPAddress")]
    ip: &'a str,
    #[serde(rename = "IPPrefixLen")]
    prefix_length: u8,
    #[serde(rename = "IPv6Gateway")]
    gateway_v6: &'static str,
    #[serde(rename = "MacAddress")]
    mac: &'a str,
    #[serde(rename = "Networks")]
    networks: BTreeMap<&'a str, Endpoint<'a>>,
}

pub async fn container(
    State(site): State<Site>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let now = site.engine.now();
    let world = site.engine.world();
    let container = world
        .fleet
        .find(&id)
        .and_then(|key| world.fleet.get(key))
        .ok_or_else(|| Failure::no_container(&id))?;
    Ok(json(&inspected(
        container,
        &world,
        now,
        &site,
        truth(query.get("size")),
    )))
}

fn inspected<'a>(
    container: &'a Container,
    world: &'a World,
    now: Time,
    site: &Site,
    size: bool,
) -> Inspected<'a> {
    let release = site.engine.options().release;
    let strange = site.engine.faults().state_word();
    let id = &container.id;
    let (path, args) = container
        .spec
        .command
        .split_first()
        .map_or(("", &[][..]), |(path, args)| (path.as_str(), args));
    let file = |name: &str| format!("/var/lib/docker/containers/{id}/{name}");
    let rw = container.size_rw(now);
    let root = world
        .fleet
        .image(&container.image_id)
        .map_or(0, |image| image.size);
    Inspected {
        id,
        created: container.created,
        path,
        args,
        state: state(container, strange.as_deref()),
        image: &container.image_id,
        resolv_conf_path: file("resolv.conf"),
        hostname_path: file("hostname"),
        hosts_path: file("hosts"),
        log_path: file(&format!("{id}-json.log")),
        name: format!("/{}", container.name()),
        restart_count: container.restarts,
        driver: "overlay2",
        platform: "linux",
        mount_label: "",
        process_label: "",
        app_armor_profile: "docker-default",
        exec_ids: None,
        host_config: host_config(container, release),
        graph_driver: graph_driver(container),
        size_rw: size.then_some(rw),
        size_root_fs: size.then_some(root + rw),
        mounts: mounts(container),
        config: config(container),
        network_settings: network_settings(container, world, release),
    }
}

fn state(container: &Container, strange: Option<&str>) -> StateOf {
    let health = container.health.as_ref().filter(|_| container.state != Standing::Created).map(|health| {
        let log = health.log.iter().map(|probe| {
            let (code, output) = if probe.passed { (0, "") } else { (1, "connection refused\n") };
            value!({ "Start": probe.began.to_string(), "End": probe.ended.to_string(), "ExitCode": code, "Output": output })
        });
        value!({ "Status": health.verdict.word(), "FailingStreak": health.streak, "Log": log.collect::<Vec<_>>() })
    });
    StateOf {
        status: shown_state(container, strange).to_owned(),
        // A container that waits for its restart counts as running too.
        running: container.state.has_process() || container.state == Standing::Restarting,
        paused: container.state == Standing::Paused,
        restarting: container.state == Standing::Restarting,
        oom_killed: container.oom_killed,
        dead: false,
        pid: container.pid,
        exit_code: container.exit_code,
        error: "",
        started_at: container.started,
        finished_at: container.finished,
        health,
    }
}

fn network_settings<'a>(
    container: &'a Container,
    world: &'a World,
    release: Release,
) -> NetworkSettings<'a> {
    let address = &container.address;
    let place = endpoint(container, &world.fleet, release, true);
    // The old fields at the top speak of the default bridge only.
    let on_default = container.spec.network.name() == "bridge" && container.state.has_process();
    let ports = container
        .spec
        .ports
        .iter()
        .filter(|_| container.state.has_process())
        .map(|port| {
            let bindings = port.public.map(|public| {
                let binding = |ip| value!({ "HostIp": ip, "HostPort": public.to_string() });
                vec![binding("0.0.0.0"), binding("::")]
            });
            (
                format!("{}/{}", port.private, port.protocol),
                value!(bindings),
            )
        });
    let prefix_length = world
        .fleet
        .network(container.spec.network.name())
        .map_or(0, |network| network.prefix_length);
    let gateway = world
        .fleet
        .network("bridge")
        .filter(|_| on_default)
        .map(crate::fleet::Network::gateway)
        .unwrap_or_default();
    NetworkSettings {
        bridge: "",
        sandbox: &address.sandbox,
        sandbox_key: address
            .sandbox
            .get(..12)
            .map(|short| format!("/var/run/docker/netns/{short}"))
            .unwrap_or_default(),
        ports: ports.collect(),
        hairpin: false,
        link_local: "",
        link_local_prefix: 0,
        secondary: None,
        secondary_v6: None,
        endpoint: if on_default { &address.endpoint } else { "" },
        gateway,
        ip_v6: "",
        prefix_length_v6: 0,
        ip: if on_default { &address.ip } else { "" },
        prefix_length: if on_default { prefix_length } else { 0 },
        gateway_v6: "",
        mac: if on_default { &address.mac } else { "" },
        networks: BTreeMap::from([(container.spec.network.name(), place)]),
    }
}

fn config(container: &Container) -> Value {
    let spec = &container.spec;
    let exposed: BTreeMap<String, Value> = spec
        .ports
        .iter()
        .map(|port| (format!("{}/{}", port.private, port.protocol), value!({})))
        .collect();
    let mut config = value!({
        "Hostname": container.id[..12], "Domainname": "", "User": "", "AttachStdin": false, "AttachStdout": spec.auto_remove, "AttachStderr": spec.auto_remove,
        "Tty": spec.tty, "OpenStdin": false, "StdinOnce": false, "Env": spec.env, "Cmd": spec.command, "Image": spec.image, "Volumes": null,
        "WorkingDir": "", "Entrypoint": null, "OnBuild": null, "Labels": spec.labels,
    });
    if !exposed.is_empty() {
        config["ExposedPorts"] = value!(exposed);
    }
    if let Some(check) = &spec.health {
        let nanos = u64::try_from(check.interval.as_nanos()).unwrap_or(u64::MAX);
        config["Healthcheck"] = value!({ "Test": ["CMD-SHELL", check.command], "Interval": nanos, "Timeout": 10_000_000_000_u64, "Retries": check.retries });
    }
    config
}

fn host_config(container: &Container, release: Release) -> Value {
    let spec = &container.spec;
    let binds: Vec<String> = spec
        .mounts
        .iter()
        .map(|mount| match mount {
            Mount::Volume { name, destination } => format!("{name}:{destination}"),
            Mount::Bind {
                source,
                destination,
                writable,
            } => format!(
                "{source}:{destination}:{}",
                if *writable { "rw" } else { "ro" }
            ),
        })
        .collect();
    let bindings: BTreeMap<String, Value> = spec
        .ports
        .iter()
        .filter_map(|port| {
            Some((
                format!("{}/{}", port.private, port.protocol),
                value!([{ "HostIp": "", "HostPort": port.public?.to_string() }]),
            ))
        })
        .collect();
    let restart = match spec.restart {
        Restart::No => "no",
        Restart::Always => "always",
        Restart::UnlessStopped => "unless-stopped",
        Restart::OnFailure => "on-failure",
    };
    let memory = spec.character.memory_limit.unwrap_or(0);
    let nano_cpus = (spec.character.cores_limit.unwrap_or(0.0) * 1e9) as u64;
    let mut host = value!({
        "Binds": if binds.is_empty() { Value::Null } else { value!(binds) },
        "ContainerIDFile": "", "LogConfig": { "Type": "json-file", "Config": {} }, "NetworkMode": network_mode(container, release), "PortBindings": bindings,
        "RestartPolicy": { "Name": restart, "MaximumRetryCount": 0 }, "AutoRemove": spec.auto_remove, "VolumeDriver": "", "VolumesFrom": null,
        "Memory": memory, "MemorySwap": memory * 2, "NanoCpus": nano_cpus,
    });
    if let (Some(host), Value::Object(untouched)) = (host.as_object_mut(), untouched_settings()) {
        host.extend(untouched);
    }
    if release == Release::V20 {
        host["KernelMemory"] = value!(0);
        host["KernelMemoryTCP"] = value!(0);
    }
    host
}

/// Settings that nobody in this fleet ever changes.
fn untouched_settings() -> Value {
    let mut settings = value!({
        "ConsoleSize": [0, 0], "CapAdd": null, "CapDrop": null, "CgroupnsMode": "private", "Dns": [], "DnsOptions": [], "DnsSearch": [],
        "ExtraHosts": null, "GroupAdd": null, "IpcMode": "private", "Cgroup": "", "Links": null, "OomScoreAdj": 0, "PidMode": "",
        "Privileged": false, "PublishAllPorts": false, "ReadonlyRootfs": false, "SecurityOpt": null, "UTSMode": "", "UsernsMode": "",
        "ShmSize": 67_108_864, "Runtime": "runc", "Isolation": "", "CgroupParent": "",
        "MaskedPaths": ["/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
            "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"],
        "ReadonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    });
    const ZERO: &[&str] = &[
        "CpuShares",
        "BlkioWeight",
        "CpuPeriod",
        "CpuQuota",
        "CpuRealtimePeriod",
        "CpuRealtimeRuntime",
        "MemoryReservation",
        "CpuCount",
        "CpuPercent",
        "IOMaximumIOps",
        "IOMaximumBandwidth",
    ];
    const EMPTY: &[&str] = &[
        "BlkioWeightDevice",
        "BlkioDeviceReadBps",
        "BlkioDeviceWriteBps",
        "BlkioDeviceReadIOps",
        "BlkioDeviceWriteIOps",
        "Devices",
        "Ulimits",
    ];
    for name in ZERO {
        settings[*name] = value!(0);
    }
    for name in EMPTY {
        settings[*name] = value!([]);
    }
    for name in ["CpusetCpus", "CpusetMems"] {
        settings[name] = value!("");
    }
    for name in [
        "DeviceCgroupRules",
        "DeviceRequests",
        "MemorySwappiness",
        "OomKillDisable",
        "PidsLimit",
    ] {
        settings[name] = Value::Null;
    }
    settings
}

fn graph_driver(container: &Container) -> Value {
    let layer = format!("/var/lib/docker/overlay2/{}", container.id);
    value!({ "Data": {
        "ID": container.id, "LowerDir": format!("{layer}-init/diff"), "MergedDir": format!("{layer}/merged"),
        "UpperDir": format!("{layer}/diff"), "WorkDir": format!("{layer}/work"),
    }, "Name": "overlay2" })
}
