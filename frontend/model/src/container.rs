use crate::{
    Condition, ContainerKey, Details, Health, Mount, NetworkLink, PortMapping, State,
    list::NaturalKey, span,
};

/// One container as the pages see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Container {
    pub key: ContainerKey,
    /// 64 hexadecimal digits.
    pub id: String,
    pub name: String,
    pub image: String,
    pub image_id: String,
    pub command: String,
    pub created_millis: u64,
    pub state: State,
    /// The daemon's own sentence at the time of the last list ("Up 3 minutes (healthy)").
    pub status: String,
    pub health: Option<Health>,
    pub ports: Vec<PortMapping>,
    /// Sorted by name.
    pub labels: Vec<(String, String)>,
    /// Of the compose labels.
    pub project: Option<String>,
    pub service: Option<String>,
    pub network_mode: String,
    pub networks: Vec<NetworkLink>,
    pub mounts: Vec<Mount>,
    /// `None` until the bridge inspected it.
    pub details: Option<Box<Details>>,
    /// What a search looks through: name, image, project, service and id, in lower case.
    pub(crate) haystack: String,
    /// Its name as lists put it in order.
    pub order: NaturalKey,
}

impl Container {
    /// The 12 digits that the docker command prints.
    pub fn short_id(&self) -> &str {
        self.id.get(..12).unwrap_or(&self.id)
    }

    /// The name for the eye: what would hide or turn it is written out.
    pub fn shown_name(&self) -> String {
        timeline::text::visible(&self.name)
    }

    /// The compose service for the eye, where the name does not tell it anyway.
    pub fn shown_service(&self) -> Option<String> {
        let service = self.service.as_deref()?;
        (!self.name.contains(service)).then(|| timeline::text::visible(service))
    }

    pub fn condition(&self) -> Condition {
        Condition::of(self)
    }

    /// Whether every word of `search` occurs in what a person would call it by. `search` is in lower case.
    pub fn matches(&self, search: &str) -> bool {
        search
            .split_whitespace()
            .all(|word| self.haystack.contains(word))
    }

    /// Whether `reference` names it: its name, its id, or a beginning of its id that is long enough to mean one.
    pub fn is_called(&self, reference: &str) -> bool {
        self.name == reference || (reference.len() >= 4 && self.id.starts_with(reference))
    }

    /// Since when it is as it is, in few words that the state's word completes: "12 days", or "exit 137, 5 min ago".
    /// Until its times are known the daemon's sentence of the last list stands.
    pub fn since_words(&self, now_millis: u64) -> String {
        let span = |millis: Option<u64>| Some(span(now_millis.saturating_sub(millis?)));
        let ended = || {
            let ago = span(self.finished_millis())?;
            Some(match self.details.as_ref()?.exit_code {
                Some(code) => format!("exit {code}, {ago} ago"),
                None => format!("{ago} ago"),
            })
        };
        match self.state {
            State::Running | State::Paused => span(self.started_millis()),
            State::Exited | State::Restarting | State::Dead => ended(),
            State::Created => span(Some(self.created_millis)).map(|span| format!("{span} ago")),
            State::Removing | State::Other(_) => None,
        }
        .unwrap_or_else(|| self.status.trim_start_matches("Up ").to_owned())
    }

    /// The name or the id of the container in whose network it lives, and so whose network figures it has.
    pub fn network_of(&self) -> Option<&str> {
        self.network_mode.strip_prefix("container:")
    }

    /// When its present run began, where that is known.
    pub fn started_millis(&self) -> Option<u64> {
        self.details.as_ref()?.started_at_millis
    }

    /// When its last run ended, where that is known.
    pub fn finished_millis(&self) -> Option<u64> {
        self.details.as_ref()?.finished_at_millis
    }
}

impl From<protocol::Container> for Container {
    fn from(wire: protocol::Container) -> Self {
        let mut haystack = String::new();
        for part in [
            Some(&wire.name),
            Some(&wire.image),
            wire.project.as_ref(),
            wire.service.as_ref(),
            Some(&wire.id),
        ]
        .into_iter()
        .flatten()
        {
            haystack.push_str(&part.to_ascii_lowercase());
            haystack.push('\n');
        }
        Self {
            key: wire.key,
            order: NaturalKey::new(&wire.name),
            id: wire.id,
            name: wire.name,
            image: wire.image,
            image_id: wire.image_id,
            command: wire.command,
            created_millis: u64::try_from(wire.created_secs)
                .unwrap_or(0)
                .saturating_mul(1000),
            state: wire.state,
            status: wire.status,
            health: wire.health,
            ports: wire.ports,
            labels: wire.labels,
            project: wire.project,
            service: wire.service,
            network_mode: wire.network_mode,
            networks: wire.networks,
            mounts: wire.mounts,
            details: wire.details,
            haystack,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_when_in_few_words() {
        let details = Details {
            exit_code: Some(137),
            started_at_millis: Some(1_000),
            finished_at_millis: Some(31_000),
            ..Details::default()
        };
        for (state, words) in [
            (State::Running, "1 min"),
            (State::Paused, "1 min"),
            (State::Exited, "exit 137, 30 s ago"),
            (State::Restarting, "exit 137, 30 s ago"),
            (State::Created, "1 min ago"),
            (State::Removing, ""),
        ] {
            let container = Container {
                state,
                details: Some(Box::new(details.clone())),
                ..Container::default()
            };
            assert_eq!(container.since_words(61_000), words);
        }
        let without_code = Container {
            state: State::Exited,
            details: Some(Box::new(Details {
                exit_code: None,
                ..details
            })),
            ..Container::default()
        };
        assert_eq!(without_code.since_words(61_000), "30 s ago");
        let unread = Container {
            state: State::Running,
            status: "Up 3 minutes".to_owned(),
            ..Container::default()
        };
        assert_eq!(unread.since_words(61_000), "3 minutes");
    }

    #[test]
    fn a_network_is_shared_by_name_or_id() {
        for (mode, of) in [
            ("container:gluetun", Some("gluetun")),
            ("host", None),
            ("media_default", None),
        ] {
            let container = Container {
                network_mode: mode.to_owned(),
                ..Container::default()
            };
            assert_eq!(container.network_of(), of);
        }
    }

    #[test]
    fn names_are_shown_as_they_are_and_nothing_twice() {
        for (name, service, shown, told) in [
            ("shop-web-1", Some("web"), "shop-web-1", None),
            ("mosquitto", Some("메시지"), "mosquitto", Some("메시지")),
            ("a\u{202e}b", None, "a\\u{202e}b", None),
        ] {
            let container = Container {
                name: name.to_owned(),
                service: service.map(str::to_owned),
                ..Container::default()
            };
            assert_eq!(container.shown_name(), shown);
            assert_eq!(container.shown_service().as_deref(), told);
        }
    }

    #[test]
    fn a_container_is_called_by_name_or_by_the_beginning_of_its_id() {
        let container = Container {
            id: "deadbeef0123456789".to_owned(),
            name: "dead".to_owned(),
            ..Container::default()
        };
        for (reference, called) in [
            ("dead", true),
            ("deadbeef0123", true),
            ("deadbeef0123456789", true),
            ("dea", false),
            ("", false),
            ("beef", false),
        ] {
            assert_eq!(container.is_called(reference), called, "{reference}");
        }
    }
}
