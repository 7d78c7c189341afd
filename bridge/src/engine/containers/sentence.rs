//! The status sentence of `docker ps`, for the time after a list.

use protocol::{Container, Health, State};

/// Now, where the container was inspected; as last listed otherwise. As moby's `daemon/container/state.go` writes it.
pub fn status(container: &Container, now_millis: u64) -> String {
    let Some(details) = &container.details else {
        return container.status.clone();
    };
    let ago = |millis: Option<u64>| {
        duration(now_millis.saturating_sub(millis.unwrap_or(now_millis)) / 1000)
    };
    match &container.state {
        State::Created => "Created".to_owned(),
        State::Running | State::Paused => {
            let up = ago(details.started_at_millis);
            let note = match (&container.state, &container.health) {
                (State::Paused, _) => " (Paused)".to_owned(),
                (_, None) => String::new(),
                (_, Some(Health::Starting)) => " (health: starting)".to_owned(),
                (_, Some(health)) => format!(" ({})", health.word()),
            };
            format!("Up {up}{note}")
        }
        State::Restarting => format!(
            "Restarting ({}) {} ago",
            details.exit_code,
            ago(details.finished_at_millis)
        ),
        State::Exited => format!(
            "Exited ({}) {} ago",
            details.exit_code,
            ago(details.finished_at_millis)
        ),
        State::Removing => "Removal In Progress".to_owned(),
        State::Dead => "Dead".to_owned(),
        State::Other(_) => container.status.clone(),
    }
}

/// `HumanDuration` of docker/go-units.
fn duration(seconds: u64) -> String {
    let minutes = seconds / 60;
    let hours = (seconds + 1800) / 3600;
    match (seconds, minutes, hours) {
        (0, ..) => "Less than a second".to_owned(),
        (1, ..) => "1 second".to_owned(),
        (2..60, ..) => format!("{seconds} seconds"),
        (_, 1, _) => "About a minute".to_owned(),
        (_, 2..60, _) => format!("{minutes} minutes"),
        (_, _, 1) => "About an hour".to_owned(),
        (_, _, ..48) => format!("{hours} hours"),
        (_, _, 48..336) => format!("{} days", hours / 24),
        (_, _, 336..1440) => format!("{} weeks", hours / 24 / 7),
        (_, _, 1440..17520) => format!("{} months", hours / 24 / 30),
        _ => format!("{} years", seconds / 3600 / 24 / 365),
    }
}

#[cfg(test)]
mod tests {
    use protocol::Details;

    use super::*;

    #[test]
    fn writes_durations_as_docker_does() {
        const HOUR: u64 = 3600;
        const DAY: u64 = 24 * HOUR;
        for (seconds, expected) in [
            (0, "Less than a second"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "About a minute"),
            (119, "About a minute"),
            (120, "2 minutes"),
            (3599, "59 minutes"),
            (HOUR, "About an hour"),
            (HOUR + 1799, "About an hour"),
            (HOUR + 1800, "2 hours"),
            (47 * HOUR, "47 hours"),
            (2 * DAY, "2 days"),
            (13 * DAY, "13 days"),
            (14 * DAY, "2 weeks"),
            (60 * DAY, "2 months"),
            (729 * DAY, "24 months"),
            (730 * DAY, "2 years"),
        ] {
            assert_eq!(duration(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn writes_sentences_as_docker_does() {
        const NOW: u64 = 1_000_000_000;
        for (state, health, expected) in [
            (State::Created, None, "Created"),
            (State::Running, None, "Up 3 minutes"),
            (
                State::Running,
                Some(Health::Healthy),
                "Up 3 minutes (healthy)",
            ),
            (
                State::Running,
                Some(Health::Starting),
                "Up 3 minutes (health: starting)",
            ),
            (
                State::Paused,
                Some(Health::Healthy),
                "Up 3 minutes (Paused)",
            ),
            (State::Restarting, None, "Restarting (137) 8 seconds ago"),
            (State::Exited, None, "Exited (137) 8 seconds ago"),
            (State::Removing, None, "Removal In Progress"),
            (State::Dead, None, "Dead"),
            (State::Other("stopped".to_owned()), None, "as listed"),
        ] {
            let container = Container {
                state: state.clone(),
                health,
                status: "as listed".to_owned(),
                details: Some(Box::new(Details {
                    exit_code: 137,
                    started_at_millis: Some(NOW - 180_000),
                    finished_at_millis: Some(NOW - 8_000),
                    ..Details::default()
                })),
                ..Container::default()
            };
            assert_eq!(status(&container, NOW), expected, "{state:?}");
        }
    }
}
