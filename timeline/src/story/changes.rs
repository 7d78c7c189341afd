use protocol::{Container, Details, Mount, NetworkLink, PortMapping};

/// What is different about a container that took another one's place. Values of environment variables are known to
/// nobody here, so a variable whose value alone changed is not told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The name it was made from.
    Image {
        from: String,
        to: String,
    },
    /// The same name means another image now; the ids.
    ImageId {
        from: String,
        to: String,
    },
    Command {
        from: String,
        to: String,
    },
    PortAdded(PortMapping),
    PortRemoved(PortMapping),
    MountAdded(Mount),
    MountRemoved(Mount),
    NetworkAdded(String),
    NetworkRemoved(String),
    VariableAdded(String),
    VariableRemoved(String),
    RestartPolicy {
        from: String,
        to: String,
    },
    /// In bytes; `None`: no limit.
    MemoryLimit {
        from: Option<u64>,
        to: Option<u64>,
    },
    HealthCheck,
}

/// What a container was made of, as far as it is known. The one that went must be remembered by whoever wants to tell
/// the difference: the daemon no longer knows it.
#[derive(Debug, Clone, Copy)]
pub struct Makeup<'m> {
    pub image: &'m str,
    pub image_id: &'m str,
    pub command: &'m str,
    pub ports: &'m [PortMapping],
    pub mounts: &'m [Mount],
    pub networks: &'m [NetworkLink],
    pub details: Option<&'m Details>,
}

impl<'m> From<&'m Container> for Makeup<'m> {
    fn from(container: &'m Container) -> Self {
        Self {
            image: &container.image,
            image_id: &container.image_id,
            command: &container.command,
            ports: &container.ports,
            mounts: &container.mounts,
            networks: &container.networks,
            details: container.details.as_deref(),
        }
    }
}

/// Nothing is told of what is known of one of them only. A container that does not run publishes no ports, so both
/// should be as they were while they ran.
pub fn changes(before: Option<Makeup<'_>>, after: Option<Makeup<'_>>) -> Vec<Change> {
    let (Some(before), Some(after)) = (before, after) else {
        return Vec::new();
    };
    let mut told = Vec::new();
    let (from, to) = (before.image.to_owned(), after.image.to_owned());
    if from != to {
        told.push(Change::Image { from, to });
    }
    let (from, to) = (before.image_id.to_owned(), after.image_id.to_owned());
    if from != to && !from.is_empty() && !to.is_empty() {
        told.push(Change::ImageId { from, to });
    }
    let (from, to) = (before.command.to_owned(), after.command.to_owned());
    if from != to {
        told.push(Change::Command { from, to });
    }
    differ(
        &ports(before.ports),
        &ports(after.ports),
        Change::PortRemoved,
        Change::PortAdded,
        &mut told,
    );
    differ(
        before.mounts,
        after.mounts,
        Change::MountRemoved,
        Change::MountAdded,
        &mut told,
    );
    differ(
        &networks(before.networks),
        &networks(after.networks),
        Change::NetworkRemoved,
        Change::NetworkAdded,
        &mut told,
    );
    if let (Some(before), Some(after)) = (before.details, after.details) {
        details(before, after, &mut told);
    }
    told
}

fn details(before: &Details, after: &Details, told: &mut Vec<Change>) {
    differ(
        &before.environment,
        &after.environment,
        Change::VariableRemoved,
        Change::VariableAdded,
        told,
    );
    if before.restart_policy != after.restart_policy {
        told.push(Change::RestartPolicy {
            from: before.restart_policy.name.clone(),
            to: after.restart_policy.name.clone(),
        });
    }
    if before.memory_limit_bytes != after.memory_limit_bytes {
        told.push(Change::MemoryLimit {
            from: before.memory_limit_bytes,
            to: after.memory_limit_bytes,
        });
    }
    let check = |details: &Details| {
        details
            .health_check
            .as_ref()
            .map(|check| (check.command.clone(), check.interval_millis))
    };
    if check(before) != check(after) {
        told.push(Change::HealthCheck);
    }
}

/// One address family may come without the other: what counts is which port of the container is reached by which of
/// the host.
fn ports(ports: &[PortMapping]) -> Vec<PortMapping> {
    let mut ports: Vec<PortMapping> = ports
        .iter()
        .map(|port| PortMapping {
            host_ip: match port.host_ip.as_str() {
                "::" => "0.0.0.0".to_owned(),
                address => address.to_owned(),
            },
            ..port.clone()
        })
        .collect();
    ports.sort();
    ports.dedup();
    ports
}

fn networks(networks: &[NetworkLink]) -> Vec<String> {
    networks
        .iter()
        .map(|network| network.name.clone())
        .collect()
}

fn differ<T: Clone + PartialEq>(
    before: &[T],
    after: &[T],
    removed: fn(T) -> Change,
    added: fn(T) -> Change,
    told: &mut Vec<Change>,
) {
    let only = |these: &[T], those: &[T]| -> Vec<T> {
        these
            .iter()
            .filter(|this| !those.contains(this))
            .cloned()
            .collect()
    };
    told.extend(only(before, after).into_iter().map(removed));
    told.extend(only(after, before).into_iter().map(added));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(before: Option<&Container>, after: Option<&Container>) -> Vec<Change> {
        changes(before.map(Makeup::from), after.map(Makeup::from))
    }

    fn container(image_id: &str, host_port: u16, variables: &[&str]) -> Container {
        Container {
            image: "shop/web:1".to_owned(),
            image_id: image_id.to_owned(),
            ports: ["0.0.0.0", "::"]
                .map(|host_ip| PortMapping {
                    host_ip: host_ip.to_owned(),
                    host_port: Some(host_port),
                    container_port: 80,
                    protocol: "tcp".to_owned(),
                })
                .to_vec(),
            details: Some(Box::new(Details {
                environment: variables.iter().map(|name| (*name).to_owned()).collect(),
                ..Details::default()
            })),
            ..Container::default()
        }
    }

    #[test]
    fn what_is_different_is_told_and_nothing_else() {
        let port = |host_port| PortMapping {
            host_ip: "0.0.0.0".to_owned(),
            host_port: Some(host_port),
            container_port: 80,
            protocol: "tcp".to_owned(),
        };
        let before = container("sha256:a", 8080, &["PATH", "OLD"]);
        let after = container("sha256:b", 9090, &["PATH", "NEW"]);
        assert_eq!(
            differences(Some(&before), Some(&after)),
            [
                Change::ImageId {
                    from: "sha256:a".to_owned(),
                    to: "sha256:b".to_owned()
                },
                Change::PortRemoved(port(8080)),
                Change::PortAdded(port(9090)),
                Change::VariableRemoved("OLD".to_owned()),
                Change::VariableAdded("NEW".to_owned()),
            ]
        );
        assert_eq!(differences(Some(&before), Some(&before)), []);
        let uninspected = Container {
            details: None,
            ..before.clone()
        };
        assert_eq!(differences(Some(&uninspected), Some(&before)), []);
        assert_eq!(differences(None, Some(&after)), []);
        assert_eq!(differences(Some(&before), None), []);
    }
}
