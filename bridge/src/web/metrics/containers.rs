//! What each container does, and how many do what.

use std::collections::{BTreeMap, HashSet};

use protocol::{Container, Details, Health, State};

use super::text::{Labels, Metric, Text, Value};
use crate::hub::{Picture, Reading};

const BY_STATE: Metric = Metric::gauge("daemonscope_containers", "Containers by state.");
const BY_HEALTH: Metric = Metric::gauge(
    "daemonscope_containers_health",
    "Containers by what their health check says; none: they have no check, or do not run.",
);

const RUNNING: Metric = Metric::gauge(
    "daemonscope_container_running",
    "Whether the container runs; a paused one does.",
);
const HEALTHY: Metric = Metric::gauge(
    "daemonscope_container_healthy",
    "Whether the health check passes; absent without a check, and until the first result.",
);
const RESTARTS: Metric = Metric::counter(
    "daemonscope_container_restarts",
    "Restarts by the daemon, as its restart policy asks for.",
);
const EXIT_CODE: Metric = Metric::gauge(
    "daemonscope_container_exit_code",
    "Of a container that has ended.",
);
const STARTED: Metric = Metric::gauge(
    "daemonscope_container_start_timestamp_seconds",
    "When a running container was started, as unix time.",
)
.in_unit("seconds");

const CPU_TIME: Metric = Metric::counter(
    "daemonscope_container_cpu_seconds",
    "CPU time since the container was started.",
)
.in_unit("seconds");
const CPU_RATIO: Metric = Metric::gauge(
    "daemonscope_container_cpu_ratio",
    "CPU use in the last second or so, by the docker command's arithmetic; 1 is one CPU busy all the time.",
)
.in_unit("ratio");
const MEMORY_USED: Metric = Metric::gauge(
    "daemonscope_container_memory_used_bytes",
    "Memory without the page cache that would be given back first, as the docker command counts it.",
)
.in_unit("bytes");
const MEMORY_LIMIT: Metric = Metric::gauge(
    "daemonscope_container_memory_limit_bytes",
    "What the memory is limited to: the container's own limit, or all that the machine has.",
)
.in_unit("bytes");
const NETWORK_RX: Metric = Metric::counter(
    "daemonscope_container_network_rx_bytes",
    "Received on all interfaces since the container was started.",
)
.in_unit("bytes");
const NETWORK_TX: Metric = Metric::counter(
    "daemonscope_container_network_tx_bytes",
    "Sent on all interfaces since the container was started.",
)
.in_unit("bytes");
const BLOCK_READ: Metric = Metric::counter(
    "daemonscope_container_block_read_bytes",
    "Read from block devices since the container was started.",
)
.in_unit("bytes");
const BLOCK_WRITE: Metric = Metric::counter(
    "daemonscope_container_block_write_bytes",
    "Written to block devices since the container was started.",
)
.in_unit("bytes");
const PIDS: Metric = Metric::gauge("daemonscope_container_pids", "Processes and threads.");
const SAMPLED: Metric = Metric::gauge(
    "daemonscope_container_sample_timestamp_seconds",
    "When the container's statistics were sampled, as unix time.",
)
.in_unit("seconds");

/// Words that are no state of ours and no health of ours are one word here, so that no daemon can make up series.
const OTHER: &str = "other";

/// `with_statistics`: what is not wanted is left out even if it is known, so that the same series come each time.
pub fn write(picture: &Picture, with_statistics: bool, text: &mut Text) {
    // what was true when the daemon was last there may be so no more
    if !picture.is_current {
        return;
    }
    counts(picture, text);
    let containers = labelled(picture);
    conditions(&containers, text);
    if with_statistics {
        statistics(picture, &containers, text);
    }
}

/// A container and the labels of its series.
type Labelled<'p> = (&'p Container, Labels);

/// A name belongs to one container at a time, but the daemon may tell of a new one before it tells that the old one of
/// that name is gone: the newer one counts. No series comes twice.
fn labelled(picture: &Picture) -> Vec<Labelled<'_>> {
    let mut seen = HashSet::new();
    let mut labelled: Vec<_> = picture
        .containers
        .iter()
        .rev()
        .map(|container| (&**container, labels(container)))
        .filter(|(container, _)| seen.insert(container.name.as_str()))
        .collect();
    labelled.reverse();
    labelled
}

fn labels(container: &Container) -> Labels {
    Labels::new(&[
        ("name", &container.name),
        ("project", container.project.as_deref().unwrap_or_default()),
        ("service", container.service.as_deref().unwrap_or_default()),
        ("image", &container.image),
    ])
}

fn counts(picture: &Picture, text: &mut Text) {
    let states = [
        "created",
        "running",
        "paused",
        "restarting",
        "removing",
        "exited",
        "dead",
    ];
    let containers = || picture.containers.iter();
    let state = |state: &State| match state {
        State::Other(_) => OTHER,
        known => states
            .into_iter()
            .find(|word| *word == known.word())
            .unwrap_or(OTHER),
    };
    text.family(
        &BY_STATE,
        count("state", &states, containers().map(|one| state(&one.state))),
    );
    let health = |health: &Option<Health>| match health {
        None => "none",
        Some(Health::Starting) => "starting",
        Some(Health::Healthy) => "healthy",
        Some(Health::Unhealthy) => "unhealthy",
        Some(Health::Other(_)) => OTHER,
    };
    let healths = ["healthy", "unhealthy", "starting", "none"];
    text.family(
        &BY_HEALTH,
        count(
            "health",
            &healths,
            containers().map(|one| health(&one.health)),
        ),
    );
}

/// One series for each word; those of `always` even if there is none of them.
fn count(
    label: &'static str,
    always: &[&'static str],
    words: impl Iterator<Item = &'static str>,
) -> Vec<(Labels, u64)> {
    let mut counts: BTreeMap<&str, u64> = always.iter().map(|&word| (word, 0)).collect();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(word, count)| (Labels::new(&[(label, word)]), count))
        .collect()
}

fn conditions(containers: &[Labelled<'_>], text: &mut Text) {
    let mut family = |metric: &Metric, value: &dyn Fn(&Container) -> Option<Value>| {
        let series = containers
            .iter()
            .filter_map(|(container, labels)| Some((labels.clone(), value(container)?)));
        text.family(metric, series);
    };
    fn details(container: &Container) -> Option<&Details> {
        container.details.as_deref()
    }
    family(&RUNNING, &|one| Some(one.state.has_processes().into()));
    family(&HEALTHY, &|one| match &one.health {
        None | Some(Health::Starting) => None,
        Some(health) => Some((*health == Health::Healthy).into()),
    });
    family(&RESTARTS, &|one| {
        details(one)?.restart_count.map(Value::from)
    });
    family(&EXIT_CODE, &|one| {
        let has_ended = matches!(one.state, State::Exited | State::Dead);
        details(one)
            .filter(|_| has_ended)?
            .exit_code
            .map(Value::from)
    });
    family(&STARTED, &|one| {
        let started = details(one)?.started_at_millis;
        Some(Value::seconds(
            started.filter(|_| one.state.has_processes())?,
        ))
    });
}

fn statistics(picture: &Picture, containers: &[Labelled<'_>], text: &mut Text) {
    let known: Vec<(&Labels, &Reading)> = containers
        .iter()
        .filter_map(|(container, labels)| Some((labels, picture.readings.get(&container.key)?)))
        .collect();
    let mut family = |metric: &Metric, value: &dyn Fn(&Reading) -> Option<Value>| {
        let series = known
            .iter()
            .filter_map(|&(labels, reading)| Some((labels.clone(), value(reading)?)));
        text.family(metric, series);
    };
    let bytes = |bytes: Option<u64>| bytes.map(Value::from);
    family(&CPU_TIME, &|one| Some((one.cpu_nanos? as f64 / 1e9).into()));
    family(&CPU_RATIO, &|one| {
        Some((one.row.cpu_hundredths as f64 / 1e4).into())
    });
    family(&MEMORY_USED, &|one| Some(one.row.memory_used_bytes.into()));
    family(&MEMORY_LIMIT, &|one| {
        let limit = one.row.memory_limit_bytes;
        (limit > 0).then(|| limit.into())
    });
    family(&NETWORK_RX, &|one| bytes(one.row.network_rx_bytes));
    family(&NETWORK_TX, &|one| bytes(one.row.network_tx_bytes));
    family(&BLOCK_READ, &|one| bytes(one.row.block_read_bytes));
    family(&BLOCK_WRITE, &|one| bytes(one.row.block_write_bytes));
    family(&PIDS, &|one| one.row.pids.map(Value::from));
    family(&SAMPLED, &|one| Some(Value::seconds(one.sampled_at_millis)));
}
