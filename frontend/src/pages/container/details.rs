use std::sync::Arc;

use leptos::prelude::*;
use model::{Container, Details, Mount, NetworkLink, format, ports, span};
use timeline::text::visible;

use super::charts::cpus;
use crate::browser::clock;

/// What it is made of. It changes seldom, so all of it is drawn anew when it does.
#[component]
pub fn DetailPanels(container: Signal<Arc<Container>>) -> impl IntoView {
    move || {
        let container = container.read();
        [
            panel("Identity", identity(&container).into_any()),
            panel("Process", process(&container).into_any()),
            panel("Limits and restarts", limits(container.details.as_deref())),
            panel("Ports and networks", connections(&container).into_any()),
            panel("Mounts", mounts(&container.mounts)),
            panel("Environment", environment(container.details.as_deref())),
            panel("Labels", labels(&container)),
        ]
        .collect_view()
    }
}

fn panel(title: &'static str, content: AnyView) -> impl IntoView {
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>{title}</h2>
            </div>
            <div class="panel-body">{content}</div>
        </section>
    }
}

type Fact = (&'static str, String);

/// Names and values; an empty value is not told.
fn facts(facts: impl IntoIterator<Item = Fact>) -> impl IntoView {
    let lines = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            let class = match value.as_str() {
                "none" | "none yet" => "quiet",
                _ if TYPED.contains(&name) => "mono hostile",
                _ => "hostile",
            };
            view! {
                <dt>{name}</dt>
                <dd class=class>{value}</dd>
            }
        })
        .collect_view();
    view! { <dl class="key-value">{lines}</dl> }
}

/// What is read letter by letter.
const TYPED: [&str; 6] = [
    "Id",
    "Image id",
    "Command",
    "Working directory",
    "Host name",
    "Health check",
];

fn nothing(words: &'static str) -> AnyView {
    view! { <p class="quiet">{words}</p> }.into_any()
}

fn identity(container: &Container) -> impl IntoView + use<> {
    facts([
        ("Id", container.id.clone()),
        ("Image", visible(&container.image)),
        ("Image id", container.image_id.clone()),
        (
            "Project",
            container
                .project
                .as_deref()
                .map(visible)
                .unwrap_or_default(),
        ),
        (
            "Service",
            container
                .service
                .as_deref()
                .map(visible)
                .unwrap_or_default(),
        ),
        ("Created", clock::date_time(container.created_millis)),
        (
            "Started",
            container
                .started_millis()
                .map(clock::date_time)
                .unwrap_or_default(),
        ),
        (
            "Last finished",
            container
                .finished_millis()
                .map(clock::date_time)
                .unwrap_or_default(),
        ),
    ])
}

fn process(container: &Container) -> impl IntoView + use<> {
    let mut list = vec![("Command", visible(&container.command))];
    if let Some(details) = container.details.as_deref() {
        let yes = |on: bool| if on { "yes".to_owned() } else { String::new() };
        list.extend([
            (
                "Process id",
                details.pid.map(|pid| pid.to_string()).unwrap_or_default(),
            ),
            ("User", visible(&details.user)),
            ("Working directory", visible(&details.working_dir)),
            ("Host name", visible(&details.hostname)),
            ("Terminal", yes(details.tty)),
            ("Privileged", yes(details.privileged)),
            ("Log driver", details.log_driver.clone()),
            ("Platform", details.platform.clone()),
        ]);
        if let Some(check) = &details.health_check {
            list.extend([
                ("Health check", visible(&check.command)),
                ("Checked every", span(check.interval_millis)),
            ]);
        }
    }
    facts(list)
}

fn limits(details: Option<&Details>) -> AnyView {
    let Some(details) = details else {
        return nothing("Not read yet");
    };
    let or_none = |limit: Option<String>| limit.unwrap_or_else(|| "none".to_owned());
    let known = |number: Option<i64>| {
        number.map_or_else(|| "not known".to_owned(), |number| number.to_string())
    };
    let policy = &details.restart_policy;
    let policy = match (policy.name.as_str(), policy.maximum_retry_count) {
        ("", _) => "no".to_owned(),
        (name, 0) => name.to_owned(),
        (name, times) => format!("{name}, at most {times} times"),
    };
    facts([
        (
            "Memory limit",
            or_none(
                details
                    .memory_limit_bytes
                    .map(|bytes| format::bytes_size(bytes as f64)),
            ),
        ),
        ("CPU limit", or_none(details.nano_cpus.map(cpus))),
        (
            "PID limit",
            or_none(details.pids_limit.map(|pids| pids.to_string())),
        ),
        ("Restart policy", policy),
        (
            "Restarts",
            known(details.restart_count.map(u64::cast_signed)),
        ),
        (
            "Last exit code",
            match (details.finished_at_millis, details.exit_code) {
                // the daemon tells 0 of what never ended
                (None, Some(0)) => "none yet".to_owned(),
                (_, code) => known(code),
            },
        ),
        (
            "Out of memory",
            if details.oom_killed {
                "yes".to_owned()
            } else {
                "no".to_owned()
            },
        ),
    ])
    .into_any()
}

fn connections(container: &Container) -> impl IntoView + use<> {
    let ports: Vec<String> = container.ports.iter().map(ports::long).collect();
    let link = |link: &NetworkLink| {
        let addresses: Vec<&str> = [&link.ip_address, &link.ipv6_address]
            .into_iter()
            .map(String::as_str)
            .filter(|address| !address.is_empty())
            .collect();
        let aliases = if link.aliases.is_empty() {
            String::new()
        } else {
            format!("as {}", link.aliases.join(", "))
        };
        view! {
            <dt class="hostile">{visible(&link.name)}</dt>
            <dd>
                <span class="mono">{addresses.join(" ")}</span>
                " "
                <span class="quiet hostile">{visible(&aliases)}</span>
            </dd>
        }
    };
    view! {
        <dl class="key-value">
            <dt>"Ports"</dt>
            <dd>
                {if ports.is_empty() {
                    view! { <span class="quiet">"none"</span> }.into_any()
                } else {
                    ports.into_iter().map(|port| view! { <div class="mono">{port}</div> }).collect_view().into_any()
                }}
            </dd>
            <dt>"Network mode"</dt>
            <dd class="hostile">{visible(&container.network_mode)}</dd>
            {container.networks.iter().map(link).collect_view()}
        </dl>
    }
}

fn mounts(mounts: &[Mount]) -> AnyView {
    if mounts.is_empty() {
        return nothing("none");
    }
    let line = |mount: &Mount| {
        let from = if mount.name.is_empty() {
            &mount.source
        } else {
            &mount.name
        };
        view! {
            <dt class="hostile mono">{visible(&mount.destination)}</dt>
            <dd>
                <span class="quiet">{mount.kind.clone()} " "</span>
                <span class="hostile mono">{visible(from)}</span>
                {(!mount.read_write).then_some(view! { " " <span class="badge">"read only"</span> })}
            </dd>
        }
    };
    view! { <dl class="key-value">{mounts.iter().map(line).collect_view()}</dl> }.into_any()
}

fn environment(details: Option<&Details>) -> AnyView {
    match details {
        None => nothing("Not read yet"),
        Some(details) if details.environment.is_empty() => nothing("none"),
        Some(details) => view! {
            <div class="tags">
                {details
                    .environment
                    .iter()
                    .map(|name| view! { <span class="badge mono hostile">{visible(name)}</span> })
                    .collect_view()}
            </div>
            <p class="panel-foot">"Names only: values stay with the daemon."</p>
        }
        .into_any(),
    }
}

fn labels(container: &Container) -> AnyView {
    if container.labels.is_empty() {
        return nothing("none");
    }
    let lines = container
        .labels
        .iter()
        .map(|(name, value)| {
            view! {
                <dt class="hostile">{visible(name)}</dt>
                <dd class="hostile">{visible(value)}</dd>
            }
        })
        .collect_view();
    view! { <dl class="key-value">{lines}</dl> }.into_any()
}
