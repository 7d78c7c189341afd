use crate::{PortMapping, sort_by};

/// The published ports of a container in few words: `8080→80`, or `8096` where both sides have the same number. A port that
/// is published for both kinds of address is there once, and `tcp` goes without saying.
pub fn short(ports: &[PortMapping]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut published: Vec<&PortMapping> = ports
        .iter()
        .filter(|port| port.host_port.is_some())
        .collect();
    sort_by(&mut published, |a, b| {
        (a.container_port, a.host_port).cmp(&(b.container_port, b.host_port))
    });
    for port in published {
        let kind = match port.protocol.as_str() {
            "tcp" | "" => String::new(),
            other => format!("/{other}"),
        };
        let word = match port.host_port {
            Some(host) if host != port.container_port => {
                format!("{host}→{}{kind}", port.container_port)
            }
            _ => format!("{}{kind}", port.container_port),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(" ")
}

/// One mapping as the docker command writes it: `0.0.0.0:8080->80/tcp`.
pub fn long(port: &PortMapping) -> String {
    let inner = format!("{}/{}", port.container_port, port.protocol);
    match port.host_port {
        Some(host) if port.host_ip.contains(':') => format!("[{}]:{host}->{inner}", port.host_ip),
        Some(host) => format!("{}:{host}->{inner}", port.host_ip),
        None => inner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(host_ip: &str, host_port: Option<u16>, container_port: u16, kind: &str) -> PortMapping {
        PortMapping {
            host_ip: host_ip.to_owned(),
            host_port,
            container_port,
            protocol: kind.to_owned(),
        }
    }

    #[test]
    fn both_kinds_of_address_are_one_port() {
        let ports = [
            port("", None, 443, "tcp"),
            port("0.0.0.0", Some(8080), 80, "tcp"),
            port("::", Some(8080), 80, "tcp"),
            port("127.0.0.1", Some(53), 53, "udp"),
        ];
        assert_eq!(short(&ports), "53/udp 8080→80");
        assert_eq!(short(&[]), "");
        let long: Vec<String> = ports.iter().map(long).collect();
        assert_eq!(
            long,
            [
                "443/tcp",
                "0.0.0.0:8080->80/tcp",
                "[::]:8080->80/tcp",
                "127.0.0.1:53->53/udp"
            ]
        );
    }
}
