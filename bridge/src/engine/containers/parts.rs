//! The parts that a list and an inspection write in the same way.

use protocol::{Container, Mount, NetworkLink};
use serde_json::Value;

use crate::engine::{redact, value::Fields};

const PROJECT: &str = "com.docker.compose.project";
const SERVICE: &str = "com.docker.compose.service";

/// The status sentence of `docker ps`, for the time after a list.
pub fn status(container: &Container, now_millis: u64) -> String {
    timeline::status(
        &container.state,
        container.health.as_ref(),
        container.details.as_deref(),
        &container.status,
        now_millis,
    )
}

pub fn labels<'v>(entries: impl Iterator<Item = (&'v String, &'v Value)>) -> Vec<(String, String)> {
    let mut labels: Vec<_> = entries
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?)))
        .map(|(name, value)| {
            let value = redact::value(&name, value).into_owned();
            (name, value)
        })
        .collect();
    labels.sort();
    labels
}

/// Compose project and service.
pub fn compose(labels: &[(String, String)]) -> (Option<String>, Option<String>) {
    let find = |name| {
        labels
            .iter()
            .find(|(label, value)| label == name && !value.is_empty())
            .map(|(_, value)| value.clone())
    };
    (find(PROJECT), find(SERVICE))
}

/// Sorted by name.
pub fn networks(settings: &Value) -> Vec<NetworkLink> {
    let mut networks: Vec<_> = settings
        .entries("Networks")
        .map(|(name, link)| NetworkLink {
            name: name.clone(),
            network_id: link.text("NetworkID"),
            ip_address: link.text("IPAddress"),
            ipv6_address: link.text("GlobalIPv6Address"),
            gateway: link.text("Gateway"),
            mac_address: link.text("MacAddress"),
            aliases: link.texts("Aliases"),
        })
        .collect();
    networks.sort_by(|a, b| a.name.cmp(&b.name));
    networks
}

/// Sorted by destination: the daemon's own order changes from answer to answer.
pub fn mounts(container: &Value) -> Vec<Mount> {
    let mut mounts: Vec<_> = container
        .list("Mounts")
        .iter()
        .filter(|mount| mount.is_object())
        .map(|mount| Mount {
            kind: mount.text("Type"),
            name: mount.text("Name"),
            source: mount.text("Source"),
            destination: mount.text("Destination"),
            mode: mount.text("Mode"),
            read_write: mount.flag("RW"),
        })
        .collect();
    mounts.sort_by(|a, b| a.destination.cmp(&b.destination));
    mounts
}

pub fn without_slash(name: &str) -> String {
    name.strip_prefix('/').unwrap_or(name).to_owned()
}
