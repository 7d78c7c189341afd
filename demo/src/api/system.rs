//! `/_ping`, `/version`, `/info`.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json as value};

use super::{Site, json};
use crate::fleet::container::State as Standing;
use crate::options::{Cgroup, Release};

const KERNEL: &str = "6.12.57+deb13-amd64";

pub async fn ping() -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-cache, no-store, must-revalidate"),
        (header::PRAGMA, "no-cache"),
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
    ];
    (
        headers,
        [("builder-version", "2"), ("swarm", "inactive")],
        "OK",
    )
        .into_response()
}

pub async fn version(State(site): State<Site>) -> Response {
    let release = site.engine.options().release;
    let (newest, oldest) = (
        format!("1.{}", release.newest_api()),
        format!("1.{}", release.oldest_api()),
    );
    let built = "2026-03-03T12:00:00.000000000+00:00";
    json(&value!({
        "Platform": { "Name": "daemonscope demo engine" },
        "Components": [
            { "Name": "Engine", "Version": release.version(), "Details": {
                "ApiVersion": newest, "Arch": "amd64", "BuildTime": built, "Experimental": "false", "GitCommit": "0000000",
                "GoVersion": "go1.24.9", "KernelVersion": KERNEL, "MinAPIVersion": oldest, "Os": "linux" } },
            { "Name": "containerd", "Version": "v2.1.5", "Details": { "GitCommit": "0000000" } },
            { "Name": "runc", "Version": "1.3.3", "Details": { "GitCommit": "v1.3.3-0-g0000000" } },
            { "Name": "docker-init", "Version": "0.19.0", "Details": { "GitCommit": "de40ad0" } },
        ],
        "Version": release.version(), "ApiVersion": newest, "MinAPIVersion": oldest, "GitCommit": "0000000", "GoVersion": "go1.24.9",
        "Os": "linux", "Arch": "amd64", "KernelVersion": KERNEL, "BuildTime": built,
    }))
}

pub async fn info(State(site): State<Site>) -> Response {
    let engine = &site.engine;
    let (options, now, listeners) = (engine.options(), engine.now(), engine.listeners());
    let world = engine.world();
    let (mut running, mut paused) = (0, 0);
    for (_, container) in world.fleet.iter() {
        match container.state {
            Standing::Running => running += 1,
            Standing::Paused => paused += 1,
            // The daemon counts what waits for its restart as stopped.
            Standing::Restarting | Standing::Created | Standing::Exited => {}
        }
    }
    let all = world.fleet.len();
    let (cgroup_driver, cgroup_version) = match options.cgroup {
        Cgroup::V1 => ("cgroupfs", "1"),
        Cgroup::V2 => ("systemd", "2"),
    };
    let mut info = value!({
        "ID": world.host.id, "Containers": all, "ContainersRunning": running, "ContainersPaused": paused,
        "ContainersStopped": all - running - paused, "Images": world.fleet.images.len(),
        "Debug": world.host.debug, "NFd": 40 + all * 3, "NGoroutines": 60 + all * 7, "NEventsListener": listeners, "SystemTime": now.to_string(),
        "OomKillDisable": options.cgroup == Cgroup::V1, "CgroupDriver": cgroup_driver, "CgroupVersion": cgroup_version,
        "NCPU": world.host.cpus, "MemTotal": world.host.memory, "Name": world.host.name, "ServerVersion": options.release.version(),
        "SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin"], "Warnings": null,
    });
    if let (Some(info), Value::Object(settings)) = (info.as_object_mut(), settings()) {
        info.extend(settings);
    }
    if options.cgroup == Cgroup::V2 {
        info["SecurityOptions"] = value!([
            "name=apparmor",
            "name=seccomp,profile=builtin",
            "name=cgroupns"
        ]);
    }
    info["DefaultAddressPools"] =
        value!([{ "Base": "172.17.0.0/12", "Size": 16 }, { "Base": "10.0.0.0/8", "Size": 24 }]);
    if options.cgroup == Cgroup::V1 {
        info["KernelMemoryTCP"] = value!(true);
    }
    if options.release == Release::V20 {
        for ability in ["KernelMemory", "BridgeNfIptables", "BridgeNfIp6tables"] {
            info[ability] = value!(true);
        }
        for part in ["ContainerdCommit", "RuncCommit", "InitCommit"] {
            info[part]["Expected"] = info[part]["ID"].clone();
        }
        for refused in ["CIDRs", "Hostnames"] {
            info["RegistryConfig"][format!("AllowNondistributableArtifacts{refused}")] = value!([]);
        }
    } else {
        let features = r#"{"ociVersionMin":"1.0.0","ociVersionMax":"1.2.1"}"#;
        for runtime in ["runc", "io.containerd.runc.v2"] {
            info["Runtimes"][runtime]["status"] =
                value!({ "org.opencontainers.runtime-spec.features": features });
        }
        info["FirewallBackend"] = value!({ "Driver": "iptables" });
        info["CDISpecDirs"] = value!(["/etc/cdi", "/var/run/cdi"]);
        info["Containerd"] = value!({
            "Address": "/run/containerd/containerd.sock",
            "Namespaces": { "Containers": "moby", "Plugins": "plugins.moby" },
        });
    }
    drop(world);
    json(&info)
}

/// What does not change while the engine runs.
fn settings() -> Value {
    let mut settings = value!({
        "Driver": "overlay2",
        "DriverStatus": [["Backing Filesystem", "extfs"], ["Supports d_type", "true"], ["Using metacopy", "false"], ["Native Overlay Diff", "true"], ["userxattr", "false"]],
        "Plugins": { "Volume": ["local"], "Network": ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"], "Authorization": null,
            "Log": ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "splunk", "syslog"] },
        "LoggingDriver": "json-file", "KernelVersion": KERNEL, "OperatingSystem": "Debian GNU/Linux 13 (trixie)", "OSVersion": "13",
        "OSType": "linux", "Architecture": "x86_64", "IndexServerAddress": "https://index.docker.io/v1/",
        "RegistryConfig": { "IndexConfigs": { "docker.io": { "Mirrors": [], "Name": "docker.io", "Official": true, "Secure": true } },
            "InsecureRegistryCIDRs": ["::1/128", "127.0.0.0/8"], "Mirrors": null },
        "GenericResources": null, "DockerRootDir": "/var/lib/docker", "HttpProxy": "", "HttpsProxy": "", "NoProxy": "", "Labels": [],
        "ExperimentalBuild": false, "LiveRestoreEnabled": false, "Isolation": "",
        "Runtimes": { "io.containerd.runc.v2": { "path": "runc" }, "runc": { "path": "runc" } }, "DefaultRuntime": "runc",
        "Swarm": { "NodeID": "", "NodeAddr": "", "LocalNodeState": "inactive", "ControlAvailable": false, "Error": "", "RemoteManagers": null },
        "InitBinary": "docker-init", "ContainerdCommit": { "ID": "0000000" },
        "RuncCommit": { "ID": "v1.3.3-0-g0000000" }, "InitCommit": { "ID": "de40ad0" },
    });
    for ability in [
        "MemoryLimit",
        "SwapLimit",
        "CpuCfsPeriod",
        "CpuCfsQuota",
        "CPUShares",
        "CPUSet",
        "PidsLimit",
        "IPv4Forwarding",
    ] {
        settings[ability] = value!(true);
    }
    settings
}
