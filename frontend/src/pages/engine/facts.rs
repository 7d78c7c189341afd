use std::sync::Arc;

use leptos::prelude::*;
use model::{EngineInfo, Tone, format, words};

use crate::{
    components::{Age, Empty, Mark, Shown, figure_or_not_told},
    live::{live, live_view},
    state::Connection,
};

/// One line of facts: its name, and how it is told; empty where it is not known.
type Fact = (&'static str, fn(&EngineInfo) -> String);

const VERSIONS: &[Fact] = &[
    ("Engine", |engine| engine.version.clone()),
    ("API used", |engine| engine.api_version.clone()),
    ("API offered", |engine| {
        pair(&engine.api_version_min, " to ", &engine.api_version_max)
    }),
];

const HOST: &[Fact] = &[
    ("Name", |engine| engine.name.clone()),
    ("Operating system", |engine| engine.operating_system.clone()),
    ("Kernel", |engine| engine.kernel.clone()),
    ("Architecture", |engine| {
        pair(&engine.os_type, "/", &engine.architecture)
    }),
    // a host without CPUs or memory is one that was not told of
    ("CPUs", |engine| {
        known(engine.cpus.filter(|cpus| *cpus > 0).map(u64::from))
    }),
    ("Memory", |engine| match engine.memory_bytes {
        None | Some(0) => String::new(),
        Some(bytes) => format::bytes_size(bytes as f64),
    }),
];

const DRIVERS: &[Fact] = &[
    ("Storage", |engine| engine.storage_driver.clone()),
    ("Logging", |engine| engine.logging_driver.clone()),
    ("Cgroup", |engine| {
        pair(&engine.cgroup_driver, ", version ", &engine.cgroup_version)
    }),
    ("Root directory", |engine| engine.root_dir.clone()),
    ("Swarm", |engine| engine.swarm.clone()),
];

const COUNTS: &[Fact] = &[
    ("Containers", |engine| known(engine.containers)),
    ("Running", |engine| known(engine.containers_running)),
    ("Paused", |engine| known(engine.containers_paused)),
    ("Stopped", |engine| known(engine.containers_stopped)),
    ("Images", |engine| known(engine.images)),
];

const INSIDE: &[Fact] = &[
    ("Debug mode", |engine| {
        match engine.debug {
            Some(true) => "on",
            Some(false) => "off",
            None => "",
        }
        .to_owned()
    }),
    ("Goroutines", |engine| known(engine.goroutines)),
    ("File descriptors", |engine| known(engine.file_descriptors)),
    ("Event listeners", |engine| known(engine.event_listeners)),
];

/// Two facts in one line, as far as they are told.
fn pair(one: &str, between: &str, other: &str) -> String {
    match (one, other) {
        ("", known) | (known, "") => known.to_owned(),
        (one, other) => format!("{one}{between}{other}"),
    }
}

fn known(count: Option<u64>) -> String {
    count.map_or_else(String::new, |count| count.to_string())
}

/// What the daemon tells of itself, and how long ago it did.
#[component]
pub fn Facts() -> impl IntoView {
    let Connection {
        engine,
        endpoint,
        info_refused,
        ..
    } = Connection::expect();
    let engine = Memo::new(move |_| engine.get().unwrap_or_default());
    let read_at = Memo::new(move |_| engine.read().read_at_millis);
    view! {
        <div class="panels">
            <Shown when=move || info_refused.get().is_none()>
                <Warnings engine=engine />
            </Shown>
            <Panel title="Versions" facts=VERSIONS engine=engine>
                <Components engine=engine />
                <dt>"Endpoint"</dt>
                <dd class="mono hostile">{endpoint}</dd>
            </Panel>
            {live_view(move || match info_refused.get() {
                Some(status) => view! { <Refused status=status /> }.into_any(),
                None => {
                    view! {
                        <Panel title="Host" facts=HOST engine=engine />
                        <Panel title="Drivers" facts=DRIVERS engine=engine />
                        <Panel title="Inside the daemon" facts=INSIDE engine=engine>
                            <DebugAdvice engine=engine />
                        </Panel>
                        <Panel title="Counts from docker info" facts=COUNTS engine=engine />
                    }
                        .into_any()
                }
            })}
        </div>
        <p class="page-note">
            {live(move || match info_refused.get() {
                Some(_) => "The versions were told by the daemon ",
                None => "Told by the daemon ",
            })} <Age at_millis=read_at />
            "; it is asked again when it comes back, and now and then while somebody looks."
        </p>
    }
}

/// In the place of all facts that the bridge may not read.
#[component]
fn Refused(status: u16) -> impl IntoView {
    let (why, advice) = words::info_refused(status);
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>"Host, drivers, inside the daemon, counts"</h2>
            </div>
            <Empty title=why tone=Tone::Bad>
                {advice.what}
                " "
                {advice.remedy}
            </Empty>
        </section>
    }
}

#[component]
fn Panel(
    title: &'static str,
    facts: &'static [Fact],
    engine: Memo<Arc<EngineInfo>>,
    /// Lines after the facts.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{title}</h2>
            </div>
            <div class="panel-body">
                <dl class="key-value">
                    {facts
                        .iter()
                        .map(|(name, fact)| {
                            let value = Memo::new(move |_| fact(&engine.read()));
                            view! {
                                <dt>{*name}</dt>
                                <dd>
                                    {figure_or_not_told(move || Some(value.get()).filter(|value| !value.trim().is_empty()))}
                                </dd>
                            }
                        })
                        .collect_view()} {children.map(|children| children())}
                </dl>
            </div>
        </section>
    }
}

/// The parts that the engine is made of, but the engine itself.
#[component]
fn Components(engine: Memo<Arc<EngineInfo>>) -> impl IntoView {
    let components = Memo::new(move |_| {
        engine
            .read()
            .components
            .iter()
            .filter(|component| component.name != "Engine")
            .cloned()
            .collect::<Vec<_>>()
    });
    move || {
        components
            .get()
            .into_iter()
            .map(|component| {
                view! {
                    <dt>{component.name}</dt>
                    <dd>{component.version}</dd>
                }
            })
            .collect_view()
    }
}

#[component]
fn DebugAdvice(engine: Memo<Arc<EngineInfo>>) -> impl IntoView {
    let debug = Memo::new(move |_| engine.read().debug);
    view! {
        <dt class="visually-hidden">"Note"</dt>
        <dd class="quiet is-note-line">
            {live(move || {
                match debug.get() {
                    Some(true) => "The daemon writes every call and more into its log.",
                    Some(false) => {
                        "To switch debug mode without a restart: \"debug\": true in /etc/docker/daemon.json, then send dockerd a SIGHUP."
                    }
                    None => "",
                }
            })}
        </dd>
    }
}

/// What the daemon warns of, whole.
#[component]
fn Warnings(engine: Memo<Arc<EngineInfo>>) -> impl IntoView {
    let warnings = Memo::new(move |_| engine.read().warnings.clone());
    view! {
        <section class="panel is-wide">
            <div class="panel-head">
                <h2>"Warnings of the daemon"</h2>
                <span class="panel-aside">
                    {live(move || Some(warnings.read().len()).filter(|count| *count > 0))}
                </span>
            </div>
            <div class="panel-body">
                {live_view(move || {
                    let warnings = warnings.get();
                    if warnings.is_empty() {
                        view! { <p class="quiet">"none"</p> }.into_any()
                    } else {
                        view! {
                            <ul class="rows">
                                {warnings
                                    .into_iter()
                                    .map(|words| {
                                        view! {
                                            <li class="rows-item">
                                                <Mark shape=model::Shape::Triangle tone=Tone::Warn />
                                                <span class="rows-main">{words}</span>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        }
                            .into_any()
                    }
                })}
            </div>
        </section>
    }
}
