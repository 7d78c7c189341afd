use std::collections::BTreeMap;

use protocol::{Container, Details, Health, HealthCheck, Mount, NetworkLink, PortMapping, State};
use serde::Serialize;

use crate::{engine::status_sentence, web::api::unix::Seconds};

/// A container as programs get it. What the daemon does not say, and what is not known before it was inspected, is null.
#[derive(Serialize)]
pub struct Shape<'a> {
    id: &'a str,
    name: &'a str,
    image: &'a str,
    image_id: Option<&'a str>,
    command: &'a str,
    state: &'a str,
    status: String,
    health: Option<&'a str>,
    created_at: i64,
    project: Option<&'a str>,
    service: Option<&'a str>,
    labels: BTreeMap<&'a str, &'a str>,
    ports: Vec<Port<'a>>,
    network_mode: Option<&'a str>,
    networks: Vec<Network<'a>>,
    mounts: Vec<MountShape<'a>>,
    /// `None`: not inspected yet, and all below is null.
    inspected_at: Option<Seconds>,
    started_at: Option<Seconds>,
    finished_at: Option<Seconds>,
    exit_code: Option<i64>,
    oom_killed: Option<bool>,
    error: Option<&'a str>,
    restart_count: Option<u64>,
    pid: Option<u64>,
    restart_policy: Option<RestartPolicy<'a>>,
    health_check: Option<Check<'a>>,
    limits: Option<Limits>,
    privileged: Option<bool>,
    tty: Option<bool>,
    user: Option<&'a str>,
    working_dir: Option<&'a str>,
    hostname: Option<&'a str>,
    log_driver: Option<&'a str>,
    platform: Option<&'a str>,
    environment: Option<&'a [String]>,
}

#[derive(Serialize)]
struct Port<'a> {
    host_ip: Option<&'a str>,
    host_port: Option<u16>,
    container_port: u16,
    protocol: &'a str,
}

#[derive(Serialize)]
struct Network<'a> {
    name: &'a str,
    network_id: Option<&'a str>,
    ip_address: Option<&'a str>,
    ipv6_address: Option<&'a str>,
    gateway: Option<&'a str>,
    mac_address: Option<&'a str>,
    aliases: &'a [String],
}

#[derive(Serialize)]
struct MountShape<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    name: Option<&'a str>,
    source: Option<&'a str>,
    destination: &'a str,
    mode: Option<&'a str>,
    read_write: bool,
}

#[derive(Serialize)]
struct RestartPolicy<'a> {
    name: &'a str,
    maximum_retry_count: u64,
}

#[derive(Serialize)]
struct Check<'a> {
    command: &'a str,
    interval_seconds: Seconds,
    failing_streak: u64,
}

/// `None`: no limit.
#[derive(Serialize)]
struct Limits {
    memory_bytes: Option<u64>,
    cpus: Option<f64>,
    pids: Option<u64>,
}

/// What is empty is not known, or not there.
fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

impl<'a> Shape<'a> {
    pub fn of(container: &'a Container, now_millis: u64) -> Self {
        let details = container.details.as_deref();
        let text = |field: fn(&Details) -> &String| {
            details.and_then(|details| some(field(details).as_str()))
        };
        Self {
            id: &container.id,
            name: &container.name,
            image: &container.image,
            image_id: some(&container.image_id),
            command: &container.command,
            state: container.state.word(),
            status: status_sentence(container, now_millis),
            health: container.health.as_ref().map(Health::word),
            created_at: container.created_secs,
            project: container.project.as_deref(),
            service: container.service.as_deref(),
            labels: container
                .labels
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect(),
            ports: container.ports.iter().map(Port::of).collect(),
            network_mode: some(&container.network_mode),
            networks: container.networks.iter().map(Network::of).collect(),
            mounts: container.mounts.iter().map(MountShape::of).collect(),
            inspected_at: details.map(|details| Seconds(details.inspected_at_millis)),
            started_at: details.and_then(|details| details.started_at_millis.map(Seconds)),
            finished_at: details.and_then(|details| details.finished_at_millis.map(Seconds)),
            exit_code: details
                .filter(|_| has_ended(&container.state))
                .and_then(|details| details.exit_code),
            oom_killed: details.map(|details| details.oom_killed),
            error: text(|details| &details.error),
            restart_count: details.and_then(|details| details.restart_count),
            pid: details.and_then(|details| details.pid),
            restart_policy: details.map(|details| RestartPolicy {
                name: &details.restart_policy.name,
                maximum_retry_count: details.restart_policy.maximum_retry_count,
            }),
            health_check: details
                .and_then(|details| details.health_check.as_ref())
                .map(Check::of),
            limits: details.map(Limits::of),
            privileged: details.map(|details| details.privileged),
            tty: details.map(|details| details.tty),
            user: text(|details| &details.user),
            working_dir: text(|details| &details.working_dir),
            hostname: text(|details| &details.hostname),
            log_driver: text(|details| &details.log_driver),
            platform: text(|details| &details.platform),
            environment: details.map(|details| details.environment.as_slice()),
        }
    }
}

/// Whether its exit code is that of a run that ended; one that runs, or never ran, has a zero that means nothing.
fn has_ended(state: &State) -> bool {
    matches!(state, State::Exited | State::Dead | State::Restarting)
}

impl<'a> Port<'a> {
    fn of(port: &'a PortMapping) -> Self {
        Self {
            host_ip: some(&port.host_ip),
            host_port: port.host_port,
            container_port: port.container_port,
            protocol: &port.protocol,
        }
    }
}

impl<'a> Network<'a> {
    fn of(link: &'a NetworkLink) -> Self {
        Self {
            name: &link.name,
            network_id: some(&link.network_id),
            ip_address: some(&link.ip_address),
            ipv6_address: some(&link.ipv6_address),
            gateway: some(&link.gateway),
            mac_address: some(&link.mac_address),
            aliases: &link.aliases,
        }
    }
}

impl<'a> MountShape<'a> {
    fn of(mount: &'a Mount) -> Self {
        Self {
            kind: &mount.kind,
            name: some(&mount.name),
            source: some(&mount.source),
            destination: &mount.destination,
            mode: some(&mount.mode),
            read_write: mount.read_write,
        }
    }
}

impl<'a> Check<'a> {
    fn of(check: &'a HealthCheck) -> Self {
        Self {
            command: &check.command,
            interval_seconds: Seconds(check.interval_millis),
            failing_streak: check.failing_streak,
        }
    }
}

impl Limits {
    fn of(details: &Details) -> Self {
        Self {
            memory_bytes: details.memory_limit_bytes,
            cpus: details
                .nano_cpus
                .map(|nano_cpus| nano_cpus as f64 / 1_000_000_000.0),
            pids: details.pids_limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn shape(container: &Container) -> Value {
        serde_json::to_value(Shape::of(container, 1_000_000)).unwrap()
    }

    #[test]
    fn what_is_not_known_is_null() {
        let shape = shape(&Container {
            id: "a".repeat(64),
            name: "web".to_owned(),
            state: State::Other("checkpointed".to_owned()),
            ..Container::default()
        });
        assert_eq!(shape["name"], "web");
        assert_eq!(shape["state"], "checkpointed", "the daemon's own word");
        let empty: Vec<_> = shape
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| value.is_null())
            .map(|(name, _)| name.as_str())
            .collect();
        for name in [
            "health",
            "project",
            "inspected_at",
            "started_at",
            "exit_code",
            "oom_killed",
            "restart_count",
            "limits",
            "environment",
        ] {
            assert!(empty.contains(&name), "{name} in {empty:?}");
        }
        for list in ["ports", "networks", "mounts"] {
            assert_eq!(shape[list], json!([]));
        }
    }

    #[test]
    fn an_exit_code_is_that_of_a_run_that_ended() {
        for (state, expected) in [
            (State::Exited, json!(137)),
            (State::Restarting, json!(137)),
            (State::Dead, json!(137)),
            (State::Running, Value::Null),
            (State::Paused, Value::Null),
            (State::Created, Value::Null),
        ] {
            let details = Details {
                exit_code: Some(137),
                started_at_millis: Some(5_250),
                nano_cpus: Some(1_500_000_000),
                ..Details::default()
            };
            let shape = shape(&Container {
                state: state.clone(),
                details: Some(Box::new(details)),
                ..Container::default()
            });
            assert_eq!(shape["exit_code"], expected, "{state:?}");
            assert_eq!(shape["started_at"], 5.25);
            assert_eq!(
                shape["limits"],
                json!({"memory_bytes": null, "cpus": 1.5, "pids": null})
            );
        }
    }
}
