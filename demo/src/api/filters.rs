//! The `filters` parameter, and what passes it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Failure;
use crate::fleet::Container;
use crate::fleet::build::repository;
use crate::fleet::container::Mount;
use crate::ring::Event;

#[derive(Debug, Default)]
pub struct Filters(BTreeMap<String, Vec<String>>);

/// Clients write `{"k":["v"]}` or, like the docker command, `{"k":{"v":true}}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    List(Vec<String>),
    Set(BTreeMap<String, bool>),
}

impl Filters {
    pub fn parse(text: Option<&String>) -> Result<Self, Failure> {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(Self::default());
        };
        let parsed: BTreeMap<String, Values> =
            serde_json::from_str(text).map_err(|_| Failure::bad("invalid filter"))?;
        let values = parsed.into_iter().map(|(key, values)| match values {
            Values::List(list) => (key, list),
            Values::Set(set) => (key, set.into_keys().collect()),
        });
        Ok(Self(values.collect()))
    }

    fn of(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// No value given, or one of them fits.
    fn any(&self, key: &str, fits: impl Fn(&str) -> bool) -> bool {
        let values = self.of(key);
        values.is_empty() || values.iter().any(|value| fits(value))
    }

    /// Labels are the exception: all of them must fit.
    fn labels(&self, labels: &BTreeMap<String, String>) -> bool {
        self.of("label")
            .iter()
            .all(|wanted| match wanted.split_once('=') {
                Some((key, value)) => labels.get(key).is_some_and(|has| has == value),
                None => labels.contains_key(wanted),
            })
    }

    /// Containers are filtered by known keys only; the daemon refuses others.
    pub fn check_container_keys(&self) -> Result<(), Failure> {
        const KNOWN: &[&str] = &[
            "ancestor", "exited", "health", "id", "label", "name", "network", "status", "volume",
        ];
        match self.0.keys().find(|key| !KNOWN.contains(&key.as_str())) {
            Some(unknown) => Err(Failure::bad(format!("invalid filter '{unknown}'"))),
            None => Ok(()),
        }
    }

    pub fn wants_stopped(&self) -> bool {
        !self.of("status").is_empty() || !self.of("exited").is_empty()
    }

    pub fn container(&self, container: &Container) -> bool {
        let spec = &container.spec;
        let health = container
            .health
            .as_ref()
            .map_or("none", |health| health.verdict.word());
        let has_volume = |wanted: &str| {
            spec.mounts.iter().any(|mount| match mount {
                Mount::Volume { name, destination } => name == wanted || destination == wanted,
                Mount::Bind {
                    source,
                    destination,
                    ..
                } => source == wanted || destination == wanted,
            })
        };
        self.any("id", |id| container.id.starts_with(id))
            && self.any("name", |name| named(&spec.name, name))
            && self.any("status", |status| container.state.word() == status)
            && self.any("exited", |code| {
                code.parse() == Ok(container.exit_code) && !container.state.has_process()
            })
            && self.any("health", |wanted| health == wanted)
            && self.any("network", |network| spec.network.name() == network)
            && self.any("ancestor", |image| {
                spec.image == image
                    || repository(&spec.image) == image
                    || container.image_id == image
            })
            && self.any("volume", has_volume)
            && self.labels(&spec.labels)
    }

    /// As `daemon/events/filter.go` decides it.
    pub fn event(&self, event: &Event) -> bool {
        let attribute = |name: &str| event.attributes.get(name).map(String::as_str);
        let by_prefix = self.of("event").iter().any(|wanted| {
            matches!(
                wanted.as_str(),
                "health_status" | "exec_create" | "exec_start"
            )
        });
        let acted = |wanted: &str| {
            if by_prefix {
                event.action.starts_with(wanted)
            } else {
                event.action == wanted
            }
        };
        // The type is not checked: a network of the name passes a container filter too.
        let object = |wanted: &str| {
            event.id.starts_with(wanted)
                || attribute("name").is_some_and(|name| name.starts_with(wanted))
        };
        let image = |wanted: &str| {
            let name = attribute("name").unwrap_or_default();
            let own = event.id == wanted
                || name == wanted
                || repository(&event.id) == wanted
                || repository(name) == wanted;
            let of_container = attribute("image")
                .is_some_and(|image| image == wanted || repository(image) == wanted);
            own || (event.kind == "container" && of_container)
        };
        self.any("type", |kind| event.kind == kind)
            && self.any("event", acted)
            && self.any("scope", |scope| scope == "local")
            && [
                "daemon",
                "container",
                "plugin",
                "volume",
                "network",
                "node",
                "service",
                "secret",
                "config",
            ]
            .iter()
            .all(|key| self.any(key, object))
            && self.any("image", image)
            && self.labels(&event.attributes)
    }
}

/// Names are matched as a piece; `^` and `$` hold on to the ends.
fn named(name: &str, wanted: &str) -> bool {
    let wanted = wanted.strip_prefix('/').unwrap_or(wanted);
    let (start, wanted) = wanted.strip_prefix('^').map_or((false, wanted), |rest| {
        (true, rest.strip_prefix('/').unwrap_or(rest))
    });
    let (end, wanted) = wanted
        .strip_suffix('$')
        .map_or((false, wanted), |rest| (true, rest));
    match (start, end) {
        (true, true) => name == wanted,
        (true, false) => name.starts_with(wanted),
        (false, true) => name.ends_with(wanted),
        (false, false) => name.contains(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::Attributes;
    use crate::time::Time;

    fn event(kind: &'static str, action: &str, id: &str, attributes: &[(&str, &str)]) -> Event {
        let attributes: Attributes = attributes
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Event::new(
            kind,
            action.to_owned(),
            id.to_owned(),
            attributes,
            Time::from_nanos(1),
        )
    }

    fn passes(filters: &str, event: &Event) -> bool {
        Filters::parse(Some(&filters.to_owned())).is_ok_and(|filters| filters.event(event))
    }

    #[test]
    fn events_are_filtered_as_the_daemon_does() {
        let start = event(
            "container",
            "start",
            "abc",
            &[
                ("name", "web-1"),
                ("image", "shop/web:3"),
                ("tier", "front"),
                ("env", "prod"),
            ],
        );
        let probe = event(
            "container",
            "exec_start: /bin/sh -c true",
            "abc",
            &[("name", "web-1")],
        );
        let network = event("network", "connect", "net", &[("name", "web_default")]);
        for (filters, event, passed) in [
            (r#"{"type":["container"]}"#, &start, true),
            (r#"{"type":{"container":true}}"#, &start, true),
            (r#"{"type":["network","image"]}"#, &start, false),
            (r#"{"event":["start","die"]}"#, &start, true),
            (r#"{"event":["star"]}"#, &start, false),
            (r#"{"event":["exec_start"]}"#, &probe, true),
            (r#"{"event":["exec_start","star"]}"#, &start, true),
            (r#"{"container":["web"]}"#, &start, true),
            (r#"{"container":["web"]}"#, &network, true),
            (
                r#"{"container":["web"],"type":["container"]}"#,
                &network,
                false,
            ),
            (r#"{"image":["shop/web"]}"#, &start, true),
            (r#"{"image":["shop"]}"#, &start, false),
            (r#"{"label":["tier=front","env"]}"#, &start, true),
            (r#"{"label":["tier=front","gone"]}"#, &start, false),
            (r#"{"mistyped":["anything"]}"#, &start, true),
        ] {
            assert_eq!(
                passes(filters, event),
                passed,
                "{filters} on {} {}",
                event.kind,
                event.action
            );
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for text in ["x", "[]", r#"{"type":"container"}"#] {
            assert!(Filters::parse(Some(&text.to_owned())).is_err(), "{text}");
        }
    }
}
