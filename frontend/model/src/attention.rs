use timeline::{
    attention::{About, Bounds, Facts, Severity},
    english,
};

use crate::{Container, ContainerKey, Tone};

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
    let facts = fleet.into_iter().map(Facts::from);
    timeline::attention::attention(facts, None, None, Bounds::default(), now_millis)
        .into_iter()
        .filter_map(|concern| {
            let About::Container(key) = concern.about else {
                return None;
            };
            Some(Concern {
                key,
                tone: match concern.severity {
                    Severity::Warn => Tone::Warn,
                    Severity::Bad => Tone::Bad,
                },
                why: english::reason(&concern.reason),
                since_millis: concern.since_millis,
            })
        })
        .collect()
}

impl<'f> From<&'f Container> for Facts<'f> {
    fn from(container: &'f Container) -> Self {
        Self {
            key: container.key,
            id: &container.id,
            state: &container.state,
            health: container.health.as_ref(),
            details: container.details.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Details, Health, State};

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
                Some("crash loop ×6, last exit 137"),
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
            let concerns = attention([&container], NOW);
            let why = concerns.first().map(|concern| concern.why.clone());
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
