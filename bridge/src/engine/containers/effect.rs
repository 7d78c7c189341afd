use protocol::{Event, Health, State};

/// What an event means for the fleet, and so what it costs: a call only where a container changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Nothing that the fleet shows; no call.
    None,
    /// The container is there from now on.
    Created,
    Started,
    Died {
        exit_code: Option<i64>,
    },
    State(State),
    Health(Health),
    Renamed(String),
    /// The event does not tell what is different now: only an inspection does.
    Unsaid,
    /// No call: there is nothing left to ask about.
    Gone,
}

/// The container that an event is about, and what it means for it.
pub fn of(event: &Event) -> (&str, Effect) {
    match event.kind.as_str() {
        "container" => (&event.actor_id, of_container(event)),
        "network" if matches!(event.action.as_str(), "connect" | "disconnect") => {
            match event.attribute("container") {
                Some(id) if !id.is_empty() => (id, Effect::Unsaid),
                _ => ("", Effect::None),
            }
        }
        _ => ("", Effect::None),
    }
}

fn of_container(event: &Event) -> Effect {
    if event.actor_id.is_empty() {
        return Effect::None;
    }
    let (verb, argument) = event
        .action
        .split_once(':')
        .map_or((event.action.as_str(), ""), |(verb, argument)| {
            (verb, argument.trim())
        });
    match verb {
        "create" => Effect::Created,
        "start" => Effect::Started,
        // podman: died
        "die" | "died" => Effect::Died {
            exit_code: event
                .attribute("exitCode")
                .or_else(|| event.attribute("containerExitCode"))
                .and_then(|code| code.parse().ok()),
        },
        "pause" => Effect::State(State::Paused),
        "unpause" => Effect::State(State::Running),
        // podman has the value elsewhere, and then tells every probe
        "health_status" => Health::from_word(argument).map_or(Effect::None, Effect::Health),
        "rename" => event
            .attribute("name")
            .map_or(Effect::Unsaid, |name| Effect::Renamed(name.to_owned())),
        "update" => Effect::Unsaid,
        // podman: remove
        "destroy" | "remove" => Effect::Gone,
        // exec_*, top, attach, detach, resize, commit, export, copies and signals change nothing that is shown;
        // stop and restart come after the die and the start that they caused
        _ => Effect::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, action: &str, attributes: &[(&str, &str)]) -> Event {
        Event {
            kind: kind.to_owned(),
            action: action.to_owned(),
            actor_id: "id".to_owned(),
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Event::default()
        }
    }

    #[test]
    fn says_what_each_event_means() {
        for (kind, action, attributes, id, effect) in [
            ("container", "create", &[][..], "id", Effect::Created),
            ("container", "start", &[], "id", Effect::Started),
            (
                "container",
                "die",
                &[("exitCode", "137")],
                "id",
                Effect::Died {
                    exit_code: Some(137),
                },
            ),
            (
                "container",
                "die",
                &[],
                "id",
                Effect::Died { exit_code: None },
            ),
            (
                "container",
                "died",
                &[("containerExitCode", "1")],
                "id",
                Effect::Died { exit_code: Some(1) },
            ),
            (
                "container",
                "pause",
                &[],
                "id",
                Effect::State(State::Paused),
            ),
            (
                "container",
                "unpause",
                &[],
                "id",
                Effect::State(State::Running),
            ),
            (
                "container",
                "health_status: unhealthy",
                &[],
                "id",
                Effect::Health(Health::Unhealthy),
            ),
            (
                "container",
                "health_status:healthy",
                &[],
                "id",
                Effect::Health(Health::Healthy),
            ),
            ("container", "health_status", &[], "id", Effect::None),
            (
                "container",
                "rename",
                &[("name", "b"), ("oldName", "/a")],
                "id",
                Effect::Renamed("b".to_owned()),
            ),
            ("container", "update", &[], "id", Effect::Unsaid),
            ("container", "destroy", &[], "id", Effect::Gone),
            (
                "network",
                "connect",
                &[("container", "c")],
                "c",
                Effect::Unsaid,
            ),
            (
                "network",
                "disconnect",
                &[("container", "c")],
                "c",
                Effect::Unsaid,
            ),
            ("network", "connect", &[], "", Effect::None),
            ("network", "destroy", &[], "", Effect::None),
            ("volume", "mount", &[("container", "c")], "", Effect::None),
            ("image", "delete", &[], "", Effect::None),
            ("pod", "start", &[], "", Effect::None),
        ] {
            let event = event(kind, action, attributes);
            assert_eq!(of(&event), (id, effect), "{kind} {action}");
        }
    }

    #[test]
    fn these_never_cause_a_call() {
        for action in [
            "exec_create: /bin/sh -c test -f /tmp/ok",
            "exec_start: start: x",
            "exec_die",
            "exec_detach",
            "top",
            "attach",
            "detach",
            "resize",
            "archive-path",
            "extract-to-dir",
            "copy",
            "export",
            "commit",
            "kill",
            "oom",
            "stop",
            "restart",
            "checkpoint",
            "an action of tomorrow",
            "",
        ] {
            assert_eq!(
                of(&event("container", action, &[])).1,
                Effect::None,
                "{action}"
            );
        }
        let prune = Event {
            actor_id: String::new(),
            ..event("container", "prune", &[])
        };
        assert_eq!(of(&prune).1, Effect::None);
    }
}
