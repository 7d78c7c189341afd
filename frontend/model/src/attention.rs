use crate::{Container, ContainerKey, Health, State, Tone, span};

/// What ended badly so long ago is no news.
const RECENT_MILLIS: u64 = 60 * 60 * 1000;
/// One that came back by its restart policy and has run for so long is well again.
const SETTLED_MILLIS: u64 = 10 * 60 * 1000;
/// How a process ends that was asked to: by SIGTERM, or by ^C.
const ASKED_TO_STOP: [i64; 3] = [0, 143, 130];

/// A container that a person should look at, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    pub key: ContainerKey,
    pub tone: Tone,
    pub why: String,
    /// Since when, where that is known.
    pub since_millis: Option<u64>,
}

/// Those that need attention: the worst first, then the newest.
pub fn attention<'a>(
    fleet: impl IntoIterator<Item = &'a Container>,
    now_millis: u64,
) -> Vec<Concern> {
    let mut concerns: Vec<Concern> = fleet
        .into_iter()
        .filter_map(|container| concern(container, now_millis))
        .collect();
    concerns.sort_by(|a, b| {
        b.tone
            .cmp(&a.tone)
            .then(b.since_millis.cmp(&a.since_millis))
            .then(a.key.cmp(&b.key))
    });
    concerns
}

fn concern(container: &Container, now_millis: u64) -> Option<Concern> {
    let details = container.details.as_deref();
    let finished = container.finished_millis();
    let within = |millis: Option<u64>, limit: u64| {
        millis.is_some_and(|millis| now_millis.saturating_sub(millis) < limit)
    };
    let tell = |tone: Tone, why: String, since_millis: Option<u64>| {
        Some(Concern {
            key: container.key,
            tone,
            why,
            since_millis,
        })
    };
    match (&container.state, &container.health, details) {
        (State::Dead, _, _) => tell(
            Tone::Bad,
            "dead: the daemon could not remove it".to_owned(),
            finished,
        ),
        (State::Restarting, _, Some(details)) => tell(
            Tone::Bad,
            format!(
                "restarting{}, last exit {}",
                times(details.restart_count),
                details.exit_code
            ),
            finished,
        ),
        (State::Restarting, _, None) => tell(Tone::Bad, "restarting".to_owned(), None),
        // not how many checks failed: probes cause no call, so that count would be as old as the last inspection
        (State::Running, Some(Health::Unhealthy), _) => {
            tell(Tone::Bad, "unhealthy".to_owned(), None)
        }
        (State::Exited, _, Some(details)) if within(finished, RECENT_MILLIS) => {
            if details.oom_killed {
                tell(
                    Tone::Bad,
                    format!("out of memory{}", limit(details.memory_limit_bytes)),
                    finished,
                )
            } else if ASKED_TO_STOP.contains(&details.exit_code) {
                None
            } else {
                tell(
                    Tone::Warn,
                    format!("exited with {}", details.exit_code),
                    finished,
                )
            }
        }
        (State::Running, _, Some(details))
            if details.restart_count > 0 && within(details.started_at_millis, SETTLED_MILLIS) =>
        {
            let up = details
                .started_at_millis
                .map(|started| span(now_millis.saturating_sub(started)))
                .unwrap_or_default();
            tell(
                Tone::Warn,
                format!("restarted{}, up {up}", times(details.restart_count)),
                details.started_at_millis,
            )
        }
        _ => None,
    }
}

fn times(count: u64) -> String {
    match count {
        0 => String::new(),
        count => format!(" ×{count}"),
    }
}

fn limit(bytes: Option<u64>) -> String {
    bytes
        .map(|bytes| format!(", limit {}", crate::format::bytes_size(bytes as f64)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Details;

    const NOW: u64 = 1_700_000_000_000;
    const MINUTE: u64 = 60_000;

    fn container(key: u32, state: State, details: Details) -> Container {
        Container {
            key: ContainerKey(key),
            state,
            details: Some(Box::new(details)),
            ..Container::default()
        }
    }

    fn exited(code: i64, minutes_ago: u64) -> Details {
        Details {
            exit_code: code,
            finished_at_millis: Some(NOW - minutes_ago * MINUTE),
            ..Details::default()
        }
    }

    #[test]
    fn trouble_is_told_and_peace_is_not() {
        let unhealthy = Container {
            health: Some(Health::Unhealthy),
            ..container(1, State::Running, Details::default())
        };
        let oom = Details {
            oom_killed: true,
            memory_limit_bytes: Some(128 << 20),
            ..exited(137, 3)
        };
        let came_back = Details {
            restart_count: 6,
            started_at_millis: Some(NOW - MINUTE),
            ..exited(137, 1)
        };
        let settled = Details {
            started_at_millis: Some(NOW - 11 * MINUTE),
            ..came_back.clone()
        };
        let cases = [
            (unhealthy, Some("unhealthy")),
            (
                container(2, State::Exited, oom),
                Some("out of memory, limit 128MiB"),
            ),
            (
                container(3, State::Exited, exited(1, 59)),
                Some("exited with 1"),
            ),
            (container(4, State::Exited, exited(1, 61)), None),
            (container(5, State::Exited, exited(0, 1)), None),
            (container(6, State::Exited, exited(143, 1)), None),
            (
                container(
                    7,
                    State::Restarting,
                    Details {
                        restart_count: 6,
                        ..exited(137, 1)
                    },
                ),
                Some("restarting ×6, last exit 137"),
            ),
            (
                container(8, State::Running, came_back),
                Some("restarted ×6, up 1 min"),
            ),
            (container(9, State::Running, settled), None),
            (container(10, State::Running, Details::default()), None),
            (container(11, State::Paused, Details::default()), None),
            (container(12, State::Created, Details::default()), None),
            (
                container(13, State::Dead, Details::default()),
                Some("dead: the daemon could not remove it"),
            ),
        ];
        for (container, expected) in cases {
            let why = concern(&container, NOW).map(|concern| concern.why);
            assert_eq!(why.as_deref(), expected, "{container:?}");
        }
    }

    #[test]
    fn the_worst_and_newest_come_first() {
        let fleet = [
            container(1, State::Exited, exited(1, 1)),
            container(2, State::Restarting, exited(1, 30)),
            container(3, State::Restarting, exited(1, 2)),
        ];
        let order: Vec<u32> = attention(&fleet, NOW)
            .iter()
            .map(|concern| concern.key.0)
            .collect();
        assert_eq!(order, [3, 2, 1]);
    }
}
