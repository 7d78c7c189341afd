use protocol::{Details, Health, State};

use crate::human_duration;

/// `STATUS` of `docker ps` at this moment, as the daemon itself would say it (moby, `daemon/container/state.go`).
///
/// `listed` is its sentence of the last list. It stands until the container was inspected, since its times are not known
/// before.
pub fn status(
    state: &State,
    health: Option<&Health>,
    details: Option<&Details>,
    listed: &str,
    now_millis: u64,
) -> String {
    let Some(details) = details else {
        return listed.to_owned();
    };
    let since = |at: Option<u64>| {
        let elapsed = now_millis as i128 - i128::from(at.unwrap_or(now_millis));
        human_duration(i64::try_from(elapsed).unwrap_or(0))
    };
    let up = since(details.started_at_millis);
    let ended = since(details.finished_at_millis);
    let code = details
        .exit_code
        .map_or_else(|| "–".to_owned(), |code| code.to_string());
    match state {
        State::Running => match health {
            None => format!("Up {up}"),
            Some(Health::Starting) => format!("Up {up} (health: starting)"),
            Some(health) => format!("Up {up} ({})", health.word()),
        },
        State::Paused => format!("Up {up} (Paused)"),
        State::Restarting => format!("Restarting ({code}) {ended} ago"),
        State::Removing => "Removal In Progress".to_owned(),
        State::Dead => "Dead".to_owned(),
        State::Created => "Created".to_owned(),
        State::Exited if details.started_at_millis.is_none() => "Created".to_owned(),
        State::Exited if details.finished_at_millis.is_none() => String::new(),
        State::Exited => format!("Exited ({code}) {ended} ago"),
        State::Other(_) => listed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 10_000_000_000;

    fn told(state: &State, health: Option<&Health>, now_millis: u64) -> String {
        let details = Details {
            exit_code: Some(137),
            started_at_millis: Some(NOW - 3 * 60_000),
            finished_at_millis: Some(NOW - 8_000),
            ..Details::default()
        };
        status(state, health, Some(&details), "as listed", now_millis)
    }

    #[test]
    fn as_the_daemon_says_it() {
        for (state, health, expected) in [
            (State::Running, None, "Up 3 minutes"),
            (
                State::Running,
                Some(Health::Healthy),
                "Up 3 minutes (healthy)",
            ),
            (
                State::Running,
                Some(Health::Unhealthy),
                "Up 3 minutes (unhealthy)",
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
            (State::Created, None, "Created"),
            (State::Dead, None, "Dead"),
            (State::Removing, None, "Removal In Progress"),
            (State::Other("stopped".to_owned()), None, "as listed"),
        ] {
            assert_eq!(told(&state, health.as_ref(), NOW), expected);
        }
    }

    #[test]
    fn an_exit_code_that_is_not_known_is_no_zero() {
        let details = Details {
            exit_code: None,
            started_at_millis: Some(NOW - 9_000),
            finished_at_millis: Some(NOW - 8_000),
            ..Details::default()
        };
        for (state, expected) in [
            (State::Restarting, "Restarting (–) 8 seconds ago"),
            (State::Exited, "Exited (–) 8 seconds ago"),
        ] {
            assert_eq!(
                status(&state, None, Some(&details), "as listed", NOW),
                expected
            );
        }
    }

    #[test]
    fn without_times_the_list_stands() {
        assert_eq!(
            status(&State::Running, None, None, "as listed", NOW),
            "as listed"
        );
    }

    #[test]
    fn a_clock_that_is_behind_is_no_panic() {
        for now in [0, u64::MAX] {
            assert_eq!(told(&State::Running, None, now), "Up Less than a second");
        }
    }
}
