use std::{cmp::Ordering, net::IpAddr};

use protocol::PortMapping;

use crate::sort_by;

/// `PORTS` of `docker ps`: ports that follow one another are one range, those published under another number
/// come last, one by one (docker/cli, `DisplayablePorts`).
pub fn ports(mappings: &[PortMapping]) -> String {
    let mut sorted: Vec<&PortMapping> = mappings.iter().collect();
    sort_by(&mut sorted, |a, b| order(a, b));

    let mut words = Vec::new();
    let mut moved = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    for mapping in sorted {
        let port = mapping.container_port;
        if !mapping.host_ip.is_empty() && mapping.host_port != Some(port) {
            moved.push(format!(
                "{}->{port}/{}",
                host(
                    &mapping.host_ip,
                    &mapping.host_port.unwrap_or(0).to_string()
                ),
                mapping.protocol
            ));
            continue;
        }
        match groups.iter_mut().find(|group| group.holds(mapping)) {
            None => groups.push(Group {
                host_ip: &mapping.host_ip,
                protocol: &mapping.protocol,
                first: port,
                last: port,
            }),
            Some(group) if group.last.checked_add(1) == Some(port) => group.last = port,
            Some(group) => {
                words.push(group.word());
                (group.first, group.last) = (port, port);
            }
        }
    }
    words.extend(groups.iter().map(Group::word));
    words.extend(moved);
    words.join(", ")
}

struct Group<'a> {
    host_ip: &'a str,
    protocol: &'a str,
    first: u16,
    last: u16,
}

impl Group<'_> {
    fn holds(&self, mapping: &PortMapping) -> bool {
        self.host_ip == mapping.host_ip && self.protocol == mapping.protocol
    }

    fn word(&self) -> String {
        let range = if self.first == self.last {
            self.first.to_string()
        } else {
            format!("{}-{}", self.first, self.last)
        };
        if self.host_ip.is_empty() {
            format!("{range}/{}", self.protocol)
        } else {
            format!("{}->{range}/{}", host(self.host_ip, &range), self.protocol)
        }
    }
}

/// An address with colons needs brackets before its port.
fn host(ip: &str, port: &str) -> String {
    if ip.contains(':') {
        format!("[{ip}]:{port}")
    } else {
        format!("{ip}:{port}")
    }
}

fn order(a: &PortMapping, b: &PortMapping) -> Ordering {
    let address = |mapping: &PortMapping| mapping.host_ip.parse::<IpAddr>().ok();
    a.container_port
        .cmp(&b.container_port)
        .then_with(|| address(a).cmp(&address(b)))
        .then_with(|| a.host_port.unwrap_or(0).cmp(&b.host_port.unwrap_or(0)))
        .then_with(|| a.protocol.cmp(&b.protocol))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ip:public>private/protocol`, as short as a table needs it.
    fn mapping(text: &str) -> PortMapping {
        let (rest, protocol) = text.split_once('/').unwrap();
        let (published, private) = rest.split_once('>').unwrap_or(("", rest));
        let (ip, public) = published.rsplit_once(':').unwrap_or(("", ""));
        PortMapping {
            host_ip: ip.to_owned(),
            host_port: public.parse().ok(),
            container_port: private.parse().unwrap(),
            protocol: protocol.to_owned(),
        }
    }

    #[test]
    fn as_the_docker_command_prints_them() {
        for (mappings, expected) in [
            (&[][..], ""),
            (&["80/tcp"], "80/tcp"),
            (&["127.0.0.1:18080>80/tcp"], "127.0.0.1:18080->80/tcp"),
            (
                &["0.0.0.0:80>80/tcp", ":::80>80/tcp"],
                "0.0.0.0:80->80/tcp, [::]:80->80/tcp",
            ),
            (&[":::8080>80/tcp"], "[::]:8080->80/tcp"),
            (&["82/tcp", "80/tcp", "81/tcp"], "80-82/tcp"),
            (&["80/tcp", "82/tcp"], "80/tcp, 82/tcp"),
            (&["80/tcp", "81/udp", "82/tcp"], "80/tcp, 82/tcp, 81/udp"),
            (
                &["80/tcp", "80/udp", "81/tcp", "81/udp"],
                "80-81/tcp, 80-81/udp",
            ),
            (
                &["0.0.0.0:80>80/tcp", "0.0.0.0:81>81/tcp", "443/tcp"],
                "0.0.0.0:80-81->80-81/tcp, 443/tcp",
            ),
            (
                &["0.0.0.0:8081>81/tcp", "0.0.0.0:8080>80/tcp", "9/tcp"],
                "9/tcp, 0.0.0.0:8080->80/tcp, 0.0.0.0:8081->81/tcp",
            ),
            (
                &["10.0.0.2:1>1/tcp", "9.0.0.1:1>1/tcp"],
                "9.0.0.1:1->1/tcp, 10.0.0.2:1->1/tcp",
            ),
            (&["65535/tcp", "0/tcp"], "0/tcp, 65535/tcp"),
        ] {
            let mappings: Vec<PortMapping> = mappings.iter().map(|text| mapping(text)).collect();
            assert_eq!(ports(&mappings), expected);
        }
    }
}
