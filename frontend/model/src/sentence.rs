use crate::{Container, Health, State, format::human_duration};

/// A container's state as one would tell it: "Running for 3 days, healthy, restarted 2 times."
pub fn state_sentence(container: &Container, now_millis: u64) -> String {
    let details = container.details.as_deref();
    // as docker ps says it
    let since = |millis: Option<u64>| {
        let millis = now_millis.saturating_sub(millis?);
        Some(human_duration(i64::try_from(millis).unwrap_or(i64::MAX)).to_ascii_lowercase())
    };
    let up = since(container.started_millis())
        .map(|span| format!(" for {span}"))
        .unwrap_or_default();
    let ago = since(container.finished_millis())
        .map(|span| format!(" {span} ago"))
        .unwrap_or_default();
    let code = details.map(|details| match details.exit_code {
        Some(137) if details.oom_killed => " with code 137, out of memory".to_owned(),
        Some(code) => format!(" with code {code}"),
        None => " with a code that is not known".to_owned(),
    });
    let ended = match code {
        Some(code) if !ago.is_empty() => format!("{code},{ago}"),
        code => code.unwrap_or_default() + &ago,
    };
    let mut parts = vec![match &container.state {
        State::Created => "Created, never started".to_owned(),
        State::Running => format!("Running{up}"),
        State::Paused => format!(
            "Paused; started{}",
            since(container.started_millis())
                .map(|span| format!(" {span} ago"))
                .unwrap_or_default()
        ),
        State::Restarting => format!("Restarting after it exited{ended}"),
        State::Removing => "Being removed".to_owned(),
        State::Exited => format!("Exited{ended}"),
        State::Dead => format!("Dead{ago}: it could not be removed"),
        State::Other(word) => format!("In state “{word}”"),
    }];
    if matches!(container.state, State::Running | State::Paused) {
        parts.extend(container.health.as_ref().map(|health| match health {
            Health::Starting => "health check starting".to_owned(),
            Health::Healthy | Health::Unhealthy | Health::Other(_) => health.word().to_owned(),
        }));
    }
    if let Some(details) = details {
        let restarts = details.restart_count.unwrap_or(0);
        match restarts {
            0 => {}
            1 => parts.push("restarted once".to_owned()),
            times => parts.push(format!("restarted {times} times")),
        }
        let last_exit = details.exit_code.filter(|code| *code != 0);
        if let Some(code) = last_exit
            && container.state == State::Running
            && restarts > 0
        {
            parts.push(format!("last exit {code}"));
        }
        if !details.error.is_empty() {
            parts.push(format!("the daemon says: {}", details.error));
        }
    }
    let mut sentence = parts.join(", ");
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Details;

    const NOW: u64 = 1_700_000_000_000;

    fn told(state: State, health: Option<Health>, details: Option<Details>) -> String {
        let container = Container {
            state,
            health,
            details: details.map(Box::new),
            ..Container::default()
        };
        state_sentence(&container, NOW)
    }

    #[test]
    fn says_what_is_known() {
        let ran = Details {
            started_at_millis: Some(NOW - 3 * 86_400_000),
            finished_at_millis: Some(NOW - 90_000),
            exit_code: Some(137),
            restart_count: Some(2),
            ..Details::default()
        };
        let cases = [
            (told(State::Running, None, None), "Running."),
            (
                told(State::Running, Some(Health::Healthy), Some(ran.clone())),
                "Running for 3 days, healthy, restarted 2 times, last exit 137.",
            ),
            (
                told(
                    State::Exited,
                    Some(Health::Unhealthy),
                    Some(Details {
                        restart_count: Some(1),
                        oom_killed: true,
                        ..ran.clone()
                    }),
                ),
                "Exited with code 137, out of memory, about a minute ago, restarted once.",
            ),
            (
                told(State::Restarting, None, Some(ran.clone())),
                "Restarting after it exited with code 137, about a minute ago, restarted 2 times.",
            ),
            (
                told(
                    State::Paused,
                    None,
                    Some(Details {
                        restart_count: Some(0),
                        ..ran.clone()
                    }),
                ),
                "Paused; started 3 days ago.",
            ),
            (
                told(
                    State::Exited,
                    None,
                    Some(Details {
                        exit_code: None,
                        restart_count: None,
                        ..ran
                    }),
                ),
                "Exited with a code that is not known, about a minute ago.",
            ),
            (
                told(
                    State::Created,
                    None,
                    Some(Details {
                        error: "port is taken.".to_owned(),
                        ..Details::default()
                    }),
                ),
                "Created, never started, the daemon says: port is taken.",
            ),
            (
                told(State::Other("stopped".to_owned()), None, None),
                "In state “stopped”.",
            ),
        ];
        for (sentence, expected) in cases {
            assert_eq!(sentence, expected);
        }
    }
}
