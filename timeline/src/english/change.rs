use protocol::{Mount, PortMapping};

use super::bytes_size;
use crate::{
    story::Change,
    text::{short, visible},
};

/// One difference: "image sha256:… instead of …", "port 8080→80/tcp added".
pub fn change(change: &Change) -> String {
    let instead = |what: &str, from: &str, to: &str| {
        format!("{what} {} instead of {}", short(to), short(from))
    };
    match change {
        Change::Image { from, to } => instead("image", from, to),
        Change::ImageId { from, to } => instead("image id", from, to),
        Change::Command { from, to } => instead("command", from, to),
        Change::PortAdded(added) => format!("port {} added", port(added)),
        Change::PortRemoved(removed) => format!("port {} removed", port(removed)),
        Change::MountAdded(added) => format!("mount {} added", mount(added)),
        Change::MountRemoved(removed) => format!("mount {} removed", mount(removed)),
        Change::NetworkAdded(name) => format!("network {} added", visible(name)),
        Change::NetworkRemoved(name) => format!("network {} removed", visible(name)),
        Change::VariableAdded(name) => format!("variable {} added", visible(name)),
        Change::VariableRemoved(name) => format!("variable {} removed", visible(name)),
        Change::RestartPolicy { from, to } => instead("restart policy", from, to),
        Change::MemoryLimit { from, to } => instead("memory limit", &limit(*from), &limit(*to)),
        Change::HealthCheck => "another health check".to_owned(),
    }
}

fn port(port: &PortMapping) -> String {
    let inside = format!("{}/{}", port.container_port, visible(&port.protocol));
    match port.host_port {
        Some(host) => format!("{host}→{inside}"),
        None => inside,
    }
}

fn mount(mount: &Mount) -> String {
    let source = match mount.name.as_str() {
        "" => visible(&mount.source),
        name => short(name),
    };
    let mode = if mount.read_write { "" } else { " (read-only)" };
    format!("{source} at {}{mode}", visible(&mount.destination))
}

fn limit(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "none".to_owned(), bytes_size)
}
