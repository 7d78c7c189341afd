use leptos::prelude::*;
use model::{
    Condition, DaemonState, EngineInfo, State, Status, Tone, UsageClass, UsageFailure, format,
    span, words,
};

use crate::{
    components::{Glyph, Icon, Mark, Shown, tone_class},
    live::{live, live_view},
    state::{Connection, Fleet, UsageHandle},
};

/// From this page to the processes, left to right; what they stand on lies below. A line that is broken is drawn broken.
///
/// Boxes and lines are elements, not an image: their words keep their size, wrap and can be copied on a phone too.
#[component]
pub fn Structure() -> impl IntoView {
    let connection = Connection::expect();
    let to_bridge = Memo::new(move |_| match &*connection.status.read() {
        Status::Reconnecting { .. } | Status::Outdated => Tone::Bad,
        Status::Connecting => Tone::Off,
        _ => Tone::Good,
    });
    let to_daemon = Memo::new(move |_| {
        if to_bridge.get() == Tone::Bad {
            return Tone::Off;
        }
        match &*connection.daemon.read() {
            DaemonState::Live { .. } => Tone::Good,
            DaemonState::Connecting => Tone::Off,
            DaemonState::Away(_) => Tone::Bad,
        }
    });
    // what lies around a daemon that is away may be well, or not: nobody knows
    let beyond = Memo::new(move |_| match to_daemon.get() {
        Tone::Bad => Tone::Off,
        tone => tone,
    });
    view! {
        <div class="structure" class:is-cut=live(move || to_bridge.get() == Tone::Bad)>
            <Page />
            <Line tone=to_bridge />
            <Bridge />
            <Line tone=beyond />
            <Endpoint />
            <Line tone=to_daemon />
            <Daemon told=to_bridge />
            <Stores />
            <Line tone=beyond />
            <Runtime />
            <Line tone=beyond />
            <Containers />
        </div>
    }
}

/// What joins two boxes.
#[component]
fn Line(#[prop(into)] tone: Signal<Tone>) -> impl IntoView {
    view! {
        <span
            class=live(move || format!("structure-line {}", tone_class(tone.get())))
            class:is-broken=live(move || tone.get() == Tone::Bad)
            class:is-idle=live(move || tone.get() == Tone::Off)
            aria-hidden="true"
        >
            {live_view(move || (tone.get() == Tone::Bad).then(|| view! { <Mark shape=model::Shape::Cross tone=Tone::Bad /> }))}
        </span>
    }
}

/// One box: what it is, its name, and its live facts.
#[component]
fn Node(
    glyph: Glyph,
    title: &'static str,
    /// Where the drawing puts it.
    place: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class=format!("structure-node {place}")>
            <h2 class="structure-title">
                <Icon glyph=glyph />
                {title}
            </h2>
            {children()}
        </section>
    }
}

#[component]
fn Page() -> impl IntoView {
    let connection = Connection::expect();
    view! {
        <Node glyph=Glyph::System title="This page" place="is-page">
            <p>{live(move || words::page(&connection.status.read()))}</p>
        </Node>
    }
}

#[component]
fn Bridge() -> impl IntoView {
    view! {
        <Node glyph=Glyph::Overview title="Bridge" place="is-bridge">
            <p>"daemonscope"</p>
            <p class="quiet">{env!("CARGO_PKG_VERSION")}</p>
            <p class="quiet">{of_engine(|engine| format!("speaks API {}", engine.api_version))}</p>
        </Node>
    }
}

#[component]
fn Endpoint() -> impl IntoView {
    let endpoint = Connection::expect().endpoint;
    let kind = live(move || match endpoint.read().split_once("://") {
        Some(("unix", _)) => "a socket of this host",
        Some(("tcp", _)) => "over the network",
        _ => "",
    });
    view! {
        <Node glyph=Glyph::Network title="Endpoint" place="is-endpoint">
            <p class="mono structure-long" title=endpoint>
                {endpoint}
            </p>
            <p class="quiet">{kind}</p>
        </Node>
    }
}

#[component]
fn Daemon(
    /// Bad: what the bridge last said of it is old.
    told: Memo<Tone>,
) -> impl IntoView {
    let connection = Connection::expect();
    let since = live(move || match &*connection.daemon.read() {
        DaemonState::Live { .. } if told.get() == Tone::Bad => "was connected".to_owned(),
        DaemonState::Away(_) if told.get() == Tone::Bad => "was not connected".to_owned(),
        DaemonState::Live { since_millis } => format!(
            "connected for {}",
            span(connection.now.get().saturating_sub(*since_millis))
        ),
        DaemonState::Connecting => "connecting".to_owned(),
        DaemonState::Away(away) => format!(
            "not connected for {}",
            span(connection.now.get().saturating_sub(away.since_millis))
        ),
    });
    view! {
        <Node glyph=Glyph::Daemon title="dockerd" place="is-daemon">
            <p>{of_engine(words::version_and_name)}</p>
            <p class="quiet">{since}</p>
            <p class="quiet">{of_info(debugging)}</p>
        </Node>
    }
}

fn debugging(engine: &EngineInfo) -> String {
    let mut words = match engine.debug {
        Some(true) => "debug on",
        Some(false) => "debug off",
        None => "debug not told",
    }
    .to_owned();
    if let Some(goroutines) = engine.goroutines.filter(|count| *count > 0) {
        words += &format!(" · {goroutines} goroutines");
    }
    words
}

#[component]
fn Runtime() -> impl IntoView {
    let engine = Connection::expect().engine;
    let version = move |name: &'static str| {
        move || {
            let engine = engine.read();
            engine
                .as_ref()
                .and_then(|engine| engine.components.iter().find(|part| part.name == name))
                .map_or_else(
                    || format!("{name}: not told"),
                    |part| format!("{name} {}", part.version.trim_start_matches('v')),
                )
        }
    };
    view! {
        <Node glyph=Glyph::Engine title="containerd" place="is-runtime">
            <p>{version("containerd")}</p>
            <p class="quiet">{version("runc")}</p>
            <p class="quiet">{of_info(cgroup)}</p>
        </Node>
    }
}

fn cgroup(engine: &EngineInfo) -> String {
    match engine.cgroup_version.as_str() {
        "" => String::new(),
        version => format!("cgroup v{version}"),
    }
}

#[component]
fn Containers() -> impl IntoView {
    let fleet = Fleet::expect();
    let counts = Memo::new(move |_| {
        fleet.revision.track();
        let containers = fleet.containers();
        let count = |is: fn(&State) -> bool| {
            containers
                .iter()
                .filter(|container| is(&container.state))
                .count()
        };
        let running = count(|state| *state == State::Running);
        let paused = count(|state| *state == State::Paused);
        (running, paused, containers.len() - running - paused)
    });
    let line = move |word: &'static str, tone: Tone, count: Signal<usize>| {
        let condition = Condition {
            tone,
            word: word.to_owned(),
        };
        view! {
            <p class="state">
                <Mark
                    shape=condition.shape()
                    tone=Signal::derive(move || if count.get() == 0 { Tone::Off } else { tone })
                />
                <span>
                    {count} " " {word}
                </span>
            </p>
        }
    };
    view! {
        <Node glyph=Glyph::Containers title="Containers" place="is-containers">
            <Shown
                when=fleet.known
                fallback=|| view! { <p class="quiet">"not told"</p> }
            >
                {line("running", Tone::Good, Signal::derive(move || counts.get().0))}
                {line("paused", Tone::Warn, Signal::derive(move || counts.get().1))}
                {line("stopped", Tone::Off, Signal::derive(move || counts.get().2))}
            </Shown>
        </Node>
    }
}

/// What the daemon keeps on disk.
#[component]
fn Stores() -> impl IntoView {
    let usage = UsageHandle::expect().state;
    let read = move |class: UsageClass| {
        usage
            .read()
            .last
            .as_ref()
            .and_then(|usage| usage.rows.iter().find(|row| row.class == class).copied())
    };
    let size = move |class: UsageClass| {
        move || {
            read(class).map_or_else(
                || {
                    match usage.read().failure {
                        Some(UsageFailure::Forbidden(_)) => "size not permitted",
                        _ => "size not read yet",
                    }
                    .to_owned()
                },
                |row| match row.size_bytes {
                    Some(bytes) => format::human_size(bytes as f64),
                    None => "size not told".to_owned(),
                },
            )
        }
    };
    let volumes = live(move || {
        read(UsageClass::LocalVolumes).map_or_else(String::new, |row| {
            let local = row.total.map(|total| format!("{total} local"));
            let used = row.active.map(|active| format!("{active} in use"));
            let told: Vec<_> = [local, used].into_iter().flatten().collect();
            match told.is_empty() {
                true => "volumes: not told".to_owned(),
                false => told.join(", "),
            }
        })
    });
    let Connection {
        engine,
        info_refused,
        ..
    } = Connection::expect();
    let images = live(move || {
        engine
            .read()
            .as_ref()
            .filter(|_| info_refused.get().is_none())
            .and_then(|engine| engine.images)
            .map_or_else(
                || "images: not told".to_owned(),
                |count| format!("{count} images"),
            )
    });
    view! {
        <span class="structure-line as-stem" aria-hidden="true"></span>
        <Node glyph=Glyph::Image title="Images" place="is-images">
            <p>{images}</p>
            <p class="quiet">{size(UsageClass::Images)}</p>
            <p class="quiet">{of_info(|engine| engine.storage_driver.clone())}</p>
        </Node>
        <Node glyph=Glyph::Volume title="Volumes" place="is-volumes">
            <p>{volumes}</p>
            <p class="quiet">{size(UsageClass::LocalVolumes)}</p>
        </Node>
    }
}

/// A fact of the engine, empty until it is told.
fn of_engine(fact: impl Fn(&EngineInfo) -> String + Send + Sync + 'static) -> impl Fn() -> String {
    let engine = Connection::expect().engine;
    move || {
        engine
            .read()
            .as_ref()
            .map(|engine| fact(engine))
            .unwrap_or_default()
    }
}

/// As [`of_engine`], of what only `/info` tells, which may be refused.
fn of_info(fact: impl Fn(&EngineInfo) -> String + Send + Sync + 'static) -> impl Fn() -> String {
    let refused = Connection::expect().info_refused;
    let fact = of_engine(fact);
    move || match refused.get() {
        Some(_) => String::new(),
        None => fact(),
    }
}
