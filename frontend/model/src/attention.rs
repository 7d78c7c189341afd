use timeline::{
    attention::{About, Bounds, Facts, Severity},
    english,
    story::Stories,
};

use crate::{Container, ContainerKey, Item, Tone, Usage};

/// What a person should look at, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// `None`: the disk.
    pub key: Option<ContainerKey>,
    pub tone: Tone,
    pub why: String,
    /// Since when, where that is known.
    pub since_millis: Option<u64>,
    /// From the first to the last of the events that show it, where they are here.
    pub evidence_millis: Option<(u64, u64)>,
}

/// What needs attention: the worst first, then the newest.
pub fn attention<'a>(
    fleet: impl IntoIterator<Item = &'a Container>,
    stories: Option<&Stories>,
    usage: Option<&Usage>,
    now_millis: u64,
) -> Vec<Concern> {
    let facts = fleet.into_iter().map(Facts::from);
    timeline::attention::attention(facts, stories, usage, Bounds::default(), now_millis)
        .into_iter()
        .map(|concern| {
            let time = |position| {
                let entry = stories?.entry(position)?;
                let nano = match &entry.item {
                    Item::Event(event) => event.time_nano,
                    Item::Gap(gap) => gap.to_nano,
                };
                u64::try_from(nano / 1_000_000).ok()
            };
            let (first, last) = (concern.evidence.first(), concern.evidence.last());
            Concern {
                key: match concern.about {
                    About::Container(key) => Some(key),
                    About::DiskUsage => None,
                },
                tone: match concern.severity {
                    Severity::Warn => Tone::Warn,
                    Severity::Bad => Tone::Bad,
                },
                why: english::reason(&concern.reason),
                since_millis: concern.since_millis,
                evidence_millis: first
                    .zip(last)
                    .and_then(|(first, last)| Some((time(*first)?, time(*last)? + 1))),
            }
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
    use std::sync::Arc;

    use super::*;
    use crate::{Details, Entry, Event, Health, State};

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
            exit_code: Some(code),
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
            restart_count: Some(6),
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
                Some("exited with code 1"),
            ),
            (container(4, State::Exited, exited(1, 61)), None),
            (container(5, State::Exited, exited(0, 1)), None),
            (container(6, State::Exited, exited(143, 1)), None),
            (
                container(
                    7,
                    State::Restarting,
                    Details {
                        restart_count: Some(6),
                        ..exited(137, 1)
                    },
                ),
                Some("crash loop, 6 restarts in all, last exit 137"),
            ),
            (
                container(8, State::Running, came_back),
                Some("restarted, 6 restarts in all"),
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
            let concerns = attention([&container], None, None, NOW);
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
        let order: Vec<u32> = attention(&fleet, None, None, NOW)
            .iter()
            .filter_map(|concern| Some(concern.key?.0))
            .collect();
        assert_eq!(order, [3, 2, 1]);
    }

    #[test]
    fn the_events_and_the_disk_are_told_too() {
        let id = "c".repeat(64);
        let event = |seq, action: &str, attributes: &[(&str, &str)]| {
            Arc::new(Entry {
                seq,
                item: Item::Event(Event {
                    time_nano: i64::try_from(NOW).unwrap() * 1_000_000 + seq as i64 * 1_000_000,
                    kind: "container".to_owned(),
                    action: action.to_owned(),
                    actor_id: id.clone(),
                    attributes: attributes
                        .iter()
                        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                        .collect(),
                    ..Event::default()
                }),
            })
        };
        let mut stories = Stories::new(100);
        let events = [
            event(1, "start", &[]),
            event(2, "die", &[("exitCode", "3"), ("execDuration", "0")]),
        ];
        stories.append(1, events);
        let failed = Container {
            id: id.clone(),
            ..container(1, State::Exited, exited(3, 0))
        };
        let usage = Usage {
            read_at_millis: NOW,
            took_millis: 1,
            rows: vec![crate::UsageRow {
                class: crate::UsageClass::Images,
                total: Some(1),
                active: Some(0),
                size_bytes: Some(20_000_000_000),
                reclaimable_bytes: Some(20_000_000_000),
            }],
        };
        let concerns = attention([&failed], Some(&stories), Some(&usage), NOW);
        assert_eq!(concerns.len(), 2);
        assert_eq!(concerns[0].key, Some(ContainerKey(1)));
        assert_eq!(concerns[0].evidence_millis, Some((NOW + 1, NOW + 3)));
        assert_eq!(concerns[1].key, None);
        assert_eq!(concerns[1].why, "20GB can be reclaimed, most of it images");
    }
}
