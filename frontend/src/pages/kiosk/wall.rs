use leptos::prelude::*;
use model::{Concern, Tone, disk, format, list::Filter, span};

use crate::{
    components::figure,
    live::live,
    panels::{Attention, Latest, Marks},
    state::{Connection, Fleet, UsageHandle},
};

const STORIES: usize = 8;
/// A reading that is not older is as good as new.
const FRESH_MILLIS: u64 = 60_000;

/// Whether all is well, from across the room.
#[component]
pub fn Wall(concerns: Memo<Vec<Concern>>) -> impl IntoView {
    let trouble = Memo::new(move |_| {
        concerns
            .read()
            .iter()
            .any(|concern| concern.tone == Tone::Bad)
    });
    view! {
        <div class="kiosk-wall" class:has-trouble=trouble>
            <Giants />
            <Marks concerns=concerns />
            <Attention concerns=concerns />
            <Latest most=STORIES />
        </div>
    }
}

/// A few figures of the whole.
#[component]
fn Giants() -> impl IntoView {
    let fleet = Fleet::expect();
    let Connection { engine, now, .. } = Connection::expect();
    let sum = fleet.sum;
    let rows = UsageHandle::expect().rows();
    let counts = Memo::new(move |_| {
        fleet.revision.track();
        let containers = fleet.containers();
        let running = containers.iter().filter(|one| Filter::Running.admits(one));
        fleet
            .known
            .get()
            .then(|| (running.count(), containers.len()))
    });
    let disk = Memo::new(move |_| disk::sums(&rows.read()));
    let human = |bytes: u64| format::human_size(bytes as f64);
    let state = UsageHandle::expect().state;
    // of another moment than the figures beside it
    let disk_label = Memo::new(move |_| {
        let at = state.read().last.as_ref().map(|usage| usage.read_at_millis);
        match at.map(|at| now.get().saturating_sub(at)) {
            Some(age @ FRESH_MILLIS..) => format!("Disk, {} ago", span(age)),
            _ => "Disk".to_owned(),
        }
    });
    let of = |words: Option<String>| words.map(|words| format!("of {words}"));
    let cpus = move || engine.read().as_deref()?.cpus.filter(|cpus| *cpus > 0);
    let memory = move || {
        engine
            .read()
            .as_deref()?
            .memory_bytes
            .filter(|bytes| *bytes > 0)
    };
    view! {
        <div class="kiosk-giants">
            {giant(
                "Running",
                move || counts.get().map(|(running, _)| running.to_string()),
                move || of(counts.get().map(|(_, all)| format::thousands(all))),
            )}
            {giant(
                "CPU",
                move || sum.read().cpu_hundredths.map(format::cpu_percent),
                move || of(cpus().map(|cpus| format!("{}%", cpus * 100))),
            )}
            {giant(
                "Memory",
                move || sum.read().memory_used_bytes.map(|used| format::bytes_size(used as f64)),
                move || of(memory().map(|bytes| format::bytes_size(bytes as f64))),
            )}
            {giant(
                "Network in",
                move || sum.read().network_rx_rate.map(format::rate),
                move || sum.read().network_tx_rate.map(|rate| format!("{} out", format::rate(rate))),
            )}
            {giant(
                disk_label,
                move || disk.get().0.in_words(human),
                move || disk.get().1.in_words(human).map(|words| format!("{words} reclaimable")),
            )}
        </div>
    }
}

fn giant(
    label: impl IntoView + 'static,
    value: impl Fn() -> Option<String> + Send + 'static,
    note: impl Fn() -> Option<String> + Send + 'static,
) -> impl IntoView {
    view! {
        <p class="kiosk-giant">
            <span class="kiosk-giant-label">{label}</span>
            <span class="kiosk-giant-value number">{figure(value)}</span>
            <span class="kiosk-giant-note number">{live(note)}</span>
        </p>
    }
}
