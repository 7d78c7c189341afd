use protocol::{Container, Health, PortMapping, State};
use serde_json::{Value, value::RawValue};

use super::parts;
use crate::engine::{
    redact,
    value::{self, Fields},
};

/// What `/containers/json` answered. An item that cannot be read costs itself only.
#[derive(Debug, Default, PartialEq)]
pub struct Listed {
    pub containers: Vec<Container>,
    pub unreadable: u64,
}

pub fn parse(body: &[u8]) -> Result<Listed, String> {
    // null: no container, in some daemons' writing
    let items: Option<Vec<&RawValue>> =
        serde_json::from_slice(body).map_err(|error| value::fault(&error))?;
    let mut listed = Listed::default();
    for item in items.unwrap_or_default() {
        let container = serde_json::from_str(item.get())
            .ok()
            .and_then(|item| container(&item));
        match container {
            Some(container) => listed.containers.push(container),
            None => listed.unreadable += 1,
        }
    }
    Ok(listed)
}

/// `None` without an id: nothing could be said of it.
fn container(item: &Value) -> Option<Container> {
    let id = item.text("Id");
    if !crate::engine::transport::well_formed(&id) {
        return None;
    }
    let labels = parts::labels(item.entries("Labels"));
    let (project, service) = parts::compose(&labels);
    let status = item.text("Status");
    let state = match item.text("State").as_str() {
        "" => State::Other("unknown".to_owned()),
        word => State::from_word(word),
    };
    Some(Container {
        key: protocol::ContainerKey::default(),
        name: name(item),
        image: item.text("Image"),
        image_id: item.text("ImageID"),
        command: redact::text(&item.text("Command")).into_owned(),
        created_secs: item.integer("Created").unwrap_or(0),
        health: health(item, &status, &state),
        state,
        status,
        ports: ports(item),
        labels,
        project,
        service,
        network_mode: item.field("HostConfig").text("NetworkMode"),
        networks: parts::networks(item.field("NetworkSettings")),
        mounts: parts::mounts(item),
        details: None,
        id,
    })
}

/// Its own: the other names are those that links gave it, with the linking container's name before them.
fn name(item: &Value) -> String {
    let names = item.texts("Names");
    let own = names
        .iter()
        .find(|name| !name.trim_start_matches('/').contains('/'));
    parts::without_slash(own.or(names.first()).map_or("", String::as_str))
}

/// A field of its own since API 1.52; before, only in the status sentence.
fn health(item: &Value, status: &str, state: &State) -> Option<Health> {
    let field = item.field("Health").text("Status");
    // one that ended keeps its last health in the daemon, which neither the command nor an inspection shows
    if !field.is_empty() && state.has_processes() {
        return Health::from_word(&field);
    }
    let (_, in_brackets) = status.strip_suffix(')')?.rsplit_once('(')?;
    match in_brackets {
        "healthy" | "unhealthy" => Health::from_word(in_brackets),
        "health: starting" => Some(Health::Starting),
        _ => None,
    }
}

fn ports(item: &Value) -> Vec<PortMapping> {
    let mut ports: Vec<_> = item
        .list("Ports")
        .iter()
        .filter_map(|port| {
            Some(PortMapping {
                host_ip: port.text("IP"),
                host_port: u16::try_from(port.count("PublicPort"))
                    .ok()
                    .filter(|port| *port != 0),
                container_port: u16::try_from(port.field("PrivatePort").as_u64()?).ok()?,
                protocol: port.text("Type"),
            })
        })
        .collect();
    ports.sort();
    ports.dedup();
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'c>(listed: &'c Listed, name: &str) -> &'c Container {
        listed
            .containers
            .iter()
            .find(|container| container.name == name)
            .unwrap_or_else(|| panic!("no {name}"))
    }

    #[test]
    fn reads_captured_lists() {
        for body in [
            &include_bytes!("../../../tests/captures/v20/containers.json")[..],
            &include_bytes!("../../../tests/captures/v28/containers.json")[..],
        ] {
            let listed = parse(body).unwrap();
            assert_eq!(listed.unreadable, 0);
            let web = find(&listed, "shop-web-1");
            assert_eq!(
                (web.state.clone(), web.health.clone()),
                (State::Running, None)
            );
            assert_eq!(web.project.as_deref(), Some("shop"));
            assert_eq!(web.service.as_deref(), Some("web"));
            assert_eq!(web.command, "httpd -f -p 80 -h /www");
            assert_eq!(
                web.ports,
                [PortMapping {
                    host_ip: "127.0.0.1".to_owned(),
                    host_port: Some(18080),
                    container_port: 80,
                    protocol: "tcp".to_owned()
                }]
            );
            assert_eq!(web.networks[0].name, "shop_default");
            assert_eq!(web.mounts[0].destination, "/www");
            assert!(!web.mounts[0].read_write);
            assert_eq!(find(&listed, "healthy-1").health, Some(Health::Healthy));
            assert_eq!(find(&listed, "sick").health, Some(Health::Unhealthy));
            for (name, state) in [
                ("paused-1", State::Paused),
                ("exited-3", State::Exited),
                ("crashloop", State::Restarting),
                ("created-1", State::Created),
            ] {
                assert_eq!(find(&listed, name).state, state, "{name}");
            }
        }
    }

    #[test]
    fn an_item_costs_itself_at_most() {
        let body = br#"[
            {"Id":"a","Names":["/web/db","/db"],"State":"stopped","Ports":null,"Labels":null,"NetworkSettings":null,"Mounts":null},
            null, 7, "x", {"Names":["/no-id"]}, {"Id":"../x"},
            {"Id":"b","Names":null,"State":7,"Status":"Up 3 seconds (health: starting)","Labels":{"a":1,"token":"x","b":"c"},
             "Ports":[{"PrivatePort":80,"Type":"tcp"},{"PrivatePort":"x"},null,{"PrivatePort":80,"Type":"tcp"}],"Created":"now"},
            {"Id":"c","Names":["/c"],"State":"running","Health":{"Status":"unhealthy"},"Status":"Up 1 second"},
            {"Id":"d","Names":["/d"],"State":"exited","Health":{"Status":"unhealthy"},"Status":"Exited (0) 1 second ago"}
        ]"#;
        let listed = parse(body).unwrap();
        assert_eq!(listed.unreadable, 5);
        let [a, b, c, d] = &listed.containers[..] else {
            panic!("{listed:?}");
        };
        assert_eq!((a.name.as_str(), a.state.word()), ("db", "stopped"));
        assert_eq!((b.name.as_str(), b.state.word()), ("", "unknown"));
        assert_eq!(b.health, Some(Health::Starting));
        assert_eq!(b.ports.len(), 1);
        assert_eq!(
            b.labels,
            [
                ("b".to_owned(), "c".to_owned()),
                ("token".to_owned(), redact::HIDDEN.to_owned())
            ]
        );
        assert_eq!(c.health, Some(Health::Unhealthy));
        assert_eq!(d.health, None, "it ended");

        assert_eq!(parse(b"null"), Ok(Listed::default()));
        assert_eq!(parse(b"[]"), Ok(Listed::default()));
        assert!(parse(b"{}").is_err());
        assert!(parse(b"<html>").is_err());
    }
}
