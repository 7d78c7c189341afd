//! How the bridge stands with the daemon, what the daemon is, what it told, and what its disk holds.

use protocol::{Away, DaemonState, EngineInfo, GapReason, UsageRow, UsageState};

use super::text::{Labels, Metric, Text, Value};
use crate::{engine::EventCounts, hub::Picture, web::codes};

const ENDPOINT: Metric = Metric::info(
    "daemonscope_endpoint",
    "Where the daemon is reached, and whether it is the built-in one with made-up containers.",
);
const UP: Metric = Metric::gauge(
    "daemonscope_daemon_up",
    "Whether the daemon answers and its events are heard.",
);
const STATE: Metric = Metric::gauge(
    "daemonscope_daemon_state",
    "1 for the state of the connection with the daemon, 0 for the others.",
);
const AWAY: Metric = Metric::gauge(
    "daemonscope_daemon_away",
    "Why the daemon is away; absent while it is not.",
);
const SINCE: Metric = Metric::gauge(
    "daemonscope_daemon_state_timestamp_seconds",
    "When the daemon became live, or went away, as unix time.",
)
.in_unit("seconds");

const ENGINE: Metric = Metric::info("daemonscope_engine", "What the daemon says of itself.");
const CPUS: Metric = Metric::gauge("daemonscope_engine_cpus", "CPUs of the daemon's machine.");
const MEMORY: Metric = Metric::gauge(
    "daemonscope_engine_memory_bytes",
    "Memory of the daemon's machine.",
)
.in_unit("bytes");

const EVENTS: Metric = Metric::counter(
    "daemonscope_events",
    "Events of the daemon since the bridge began, by type and first word of the action.",
);
const GAPS: Metric = Metric::counter(
    "daemonscope_event_gaps",
    "Stretches of time in which events may be missing, by reason.",
);

const USAGE_SIZE: Metric = Metric::gauge(
    "daemonscope_disk_usage_size_bytes",
    "Disk usage at the last reading, as docker system df counts it.",
)
.in_unit("bytes");
const USAGE_RECLAIMABLE: Metric = Metric::gauge(
    "daemonscope_disk_usage_reclaimable_bytes",
    "What a prune would have freed at the last reading.",
)
.in_unit("bytes");
const USAGE_ITEMS: Metric = Metric::gauge(
    "daemonscope_disk_usage_items",
    "How many there were at the last reading.",
);
const USAGE_ACTIVE: Metric = Metric::gauge(
    "daemonscope_disk_usage_active_items",
    "How many of them were in use.",
);
const USAGE_READ: Metric = Metric::gauge(
    "daemonscope_disk_usage_read_timestamp_seconds",
    "When the disk usage was last read, as unix time.",
)
.in_unit("seconds");
const USAGE_AGE: Metric = Metric::gauge(
    "daemonscope_disk_usage_age_seconds",
    "How long ago the disk usage was last read.",
)
.in_unit("seconds");
const USAGE_TOOK: Metric = Metric::gauge(
    "daemonscope_disk_usage_read_duration_seconds",
    "How long the daemon took for the last reading.",
)
.in_unit("seconds");
const USAGE_STALE: Metric = Metric::gauge(
    "daemonscope_disk_usage_stale",
    "Whether something happened since the last reading that may have changed it.",
);
const USAGE_FAILED: Metric = Metric::gauge(
    "daemonscope_disk_usage_failed",
    "Whether the last attempt to read the disk usage gave nothing.",
);

pub fn write(picture: &Picture, events: &EventCounts, text: &mut Text) {
    standing(picture, text);
    if let Some(engine) = picture.engine.as_deref().filter(|_| picture.is_current) {
        facts(engine, text);
    }
    told(events, text);
    usage(&picture.usage, picture.at_millis, text);
}

fn standing(picture: &Picture, text: &mut Text) {
    let demo = if picture.demo { "true" } else { "false" };
    let endpoint = [("endpoint", &*picture.endpoint), ("demo", demo)];
    text.single_labelled(&ENDPOINT, &endpoint, 1_u64);
    let (state, since_millis, away) = match &picture.daemon {
        DaemonState::Connecting => ("connecting", None, None),
        DaemonState::Live { since_millis } => ("live", Some(*since_millis), None),
        DaemonState::Away(away) => ("away", Some(away.since_millis), Some(away)),
    };
    text.single(&UP, Some(state == "live"));
    let states = ["connecting", "live", "away"];
    let series = states.map(|word| (Labels::new(&[("state", word)]), word == state));
    text.family(&STATE, series);
    if let Some(Away { reason, .. }) = away {
        text.single_labelled(&AWAY, &[("reason", codes::away(reason))], 1_u64);
    }
    text.single(&SINCE, since_millis.map(Value::seconds));
}

fn facts(engine: &EngineInfo, text: &mut Text) {
    let labels = [
        ("name", &*engine.name),
        ("version", &engine.version),
        ("api_version", &engine.api_version),
        ("operating_system", &engine.operating_system),
        ("os_type", &engine.os_type),
        ("architecture", &engine.architecture),
        ("kernel", &engine.kernel),
        ("storage_driver", &engine.storage_driver),
        ("cgroup_version", &engine.cgroup_version),
    ];
    text.single_labelled(&ENGINE, &labels, 1_u64);
    // no host has none of them: it did not find out
    text.single(&CPUS, engine.cpus.filter(|&cpus| cpus > 0));
    text.single(&MEMORY, engine.memory_bytes.filter(|&bytes| bytes > 0));
}

fn told(events: &EventCounts, text: &mut Text) {
    let series = events.events.iter().map(|(class, &count)| {
        let labels = [
            ("type", &*class.kind),
            ("action", &class.action),
            ("health", class.health.unwrap_or_default()),
        ];
        (Labels::new(&labels), count)
    });
    text.family(&EVENTS, series);
    // each is there from the beginning, so that the first one is an increase
    let reasons = [
        GapReason::BridgeStarted,
        GapReason::DaemonRestarted,
        GapReason::RingOverrun,
        GapReason::StreamStalled,
        GapReason::Unreadable,
        GapReason::BridgeWasDown,
    ];
    let gaps = reasons.map(|reason| {
        let of_reason = events.gaps.iter().find(|(known, _)| *known == reason);
        let count = of_reason.map_or(0, |&(_, count)| count);
        (Labels::new(&[("reason", codes::gap(reason))]), count)
    });
    text.family(&GAPS, gaps);
}

fn usage(usage: &UsageState, now_millis: u64, text: &mut Text) {
    if let Some(last) = &usage.last {
        let mut family = |metric: &Metric, value: &dyn Fn(&UsageRow) -> Option<Value>| {
            let series = last.rows.iter().filter_map(|row| {
                let labels = Labels::new(&[("type", row.class.word())]);
                Some((labels, value(row)?))
            });
            text.family(metric, series);
        };
        family(&USAGE_SIZE, &|row| row.size_bytes.map(Value::from));
        family(&USAGE_RECLAIMABLE, &|row| {
            row.reclaimable_bytes.map(Value::from)
        });
        family(&USAGE_ITEMS, &|row| row.total.map(Value::from));
        family(&USAGE_ACTIVE, &|row| row.active.map(Value::from));
        text.single(&USAGE_READ, Some(Value::seconds(last.read_at_millis)));
        let age_millis = now_millis.saturating_sub(last.read_at_millis);
        text.single(&USAGE_AGE, Some(Value::seconds(age_millis)));
        text.single(&USAGE_TOOK, Some(Value::seconds(last.took_millis)));
        text.single(&USAGE_STALE, Some(usage.stale));
    }
    text.single(&USAGE_FAILED, Some(usage.failure.is_some()));
}
