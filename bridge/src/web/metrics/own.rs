//! What the bridge itself is, and what it costs.

use super::{
    process::Process,
    text::{Labels, Metric, Text},
};
use crate::{
    engine::transport::Costs,
    hub::Sent,
    store::{State, Store},
};

const BUILD: Metric = Metric::info("daemonscope_build", "This build of the bridge.");

const CALLS: Metric = Metric::counter(
    "daemonscope_engine_api_calls",
    "Calls to the daemon, by path.",
);
const RECEIVED: Metric = Metric::counter(
    "daemonscope_engine_api_received_bytes",
    "Bytes that the daemon sent, heads included, by path.",
)
.in_unit("bytes");
const WAITED: Metric = Metric::counter(
    "daemonscope_engine_api_wait_seconds",
    "Time until the end of the answer, or until the head of the stream, by path.",
)
.in_unit("seconds");
const TOO_LONG: Metric = Metric::counter(
    "daemonscope_engine_api_too_long",
    "Lines and answers of the daemon that were longer than their limit, and so were cut off.",
);
const UNREADABLE: Metric = Metric::counter(
    "daemonscope_engine_api_unreadable",
    "Lines, answers and items of the daemon that could not be read.",
);

const VIEWERS: Metric = Metric::gauge("daemonscope_viewers", "Open pages.");
const FRAMES: Metric = Metric::counter(
    "daemonscope_viewer_frames",
    "Messages that were sent to pages.",
);
const SENT: Metric = Metric::counter(
    "daemonscope_viewer_sent_bytes",
    "Bytes of the messages that were sent to pages.",
)
.in_unit("bytes");

const TASKS: Metric = Metric::gauge(
    "daemonscope_tasks",
    "Tasks of the bridge: streams of the daemon, connections, and what serves them.",
);
const STORE_WRITES: Metric = Metric::gauge(
    "daemonscope_store_up",
    "1 while the timeline is written to the disk, 0 while the disk does not take it.",
);
const STORE_WRITTEN: Metric = Metric::counter(
    "daemonscope_store_written_entries",
    "Entries of the timeline that were written to the disk.",
);
const STORE_FAILURES: Metric = Metric::counter(
    "daemonscope_store_failures",
    "How often the disk did not take what was to be written.",
);
const STORE_ENTRIES: Metric = Metric::gauge(
    "daemonscope_store_entries",
    "Entries of the timeline that are on the disk.",
);
const STORE_FILE: Metric = Metric::gauge(
    "daemonscope_store_file_bytes",
    "Size of the file that they are in.",
)
.in_unit("bytes");

const CPU: Metric = Metric::counter(
    "process_cpu_seconds",
    "CPU time of the bridge, user and system.",
)
.in_unit("seconds");
const STARTED: Metric = Metric::gauge(
    "process_start_time_seconds",
    "When the bridge was started, as unix time.",
)
.in_unit("seconds");
const RESIDENT: Metric = Metric::gauge(
    "process_resident_memory_bytes",
    "Resident memory of the bridge.",
)
.in_unit("bytes");
const VIRTUAL: Metric = Metric::gauge(
    "process_virtual_memory_bytes",
    "Virtual memory of the bridge.",
)
.in_unit("bytes");
const THREADS: Metric = Metric::gauge("process_threads", "Threads of the bridge.");
const OPEN: Metric = Metric::gauge("process_open_fds", "Open file descriptors of the bridge.");
const MOST: Metric = Metric::gauge(
    "process_max_fds",
    "How many file descriptors the bridge may have.",
);

pub fn build(text: &mut Text) {
    let labels = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("build", protocol::BUILD),
    ];
    text.single_labelled(&BUILD, &labels, 1_u64);
}

pub fn write(costs: &Costs, viewers: usize, sent: &Sent, store: Option<&Store>, text: &mut Text) {
    calls(costs, text);
    text.single(&VIEWERS, Some(viewers as u64));
    text.single(&FRAMES, Some(sent.frames()));
    text.single(&SENT, Some(sent.bytes()));
    let runtime = tokio::runtime::Handle::current().metrics();
    text.single(&TASKS, Some(runtime.num_alive_tasks() as u64));
    if let Some(store) = store {
        kept(store, text);
    }
    process(&Process::read(), text);
}

fn kept(store: &Store, text: &mut Text) {
    let figures = store.figures();
    let up = store.state() == State::Writing;
    text.single(&STORE_WRITES, Some(u64::from(up)));
    text.single(&STORE_WRITTEN, Some(figures.written));
    text.single(&STORE_FAILURES, Some(figures.failures));
    text.single(&STORE_ENTRIES, Some(figures.entries));
    text.single(&STORE_FILE, Some(figures.file_bytes));
}

fn calls(costs: &Costs, text: &mut Text) {
    let routes: Vec<_> = costs
        .routes()
        .into_iter()
        .map(|cost| (Labels::new(&[("route", cost.route)]), cost))
        .collect();
    let each = || routes.iter().map(|(labels, cost)| (labels.clone(), cost));
    text.family(&CALLS, each().map(|(labels, cost)| (labels, cost.calls)));
    text.family(&RECEIVED, each().map(|(labels, cost)| (labels, cost.bytes)));
    text.family(
        &WAITED,
        each().map(|(labels, cost)| (labels, cost.waited.as_secs_f64())),
    );
    text.single(&TOO_LONG, Some(costs.too_long()));
    text.single(&UNREADABLE, Some(costs.unreadable()));
}

fn process(process: &Process, text: &mut Text) {
    text.single(&CPU, process.cpu_seconds);
    text.single(&STARTED, process.started_at_seconds);
    text.single(&RESIDENT, process.resident_bytes);
    text.single(&VIRTUAL, process.virtual_bytes);
    text.single(&THREADS, process.threads);
    text.single(&OPEN, process.open_descriptors);
    text.single(&MOST, process.most_descriptors);
}
