use protocol::{Container, Details, Health, HealthCheck, PortMapping, RestartPolicy, State};
use serde_json::Value;

use super::parts;
use crate::engine::{
    redact, rfc3339,
    value::{self, Fields},
};

/// Brings a container up to what `/containers/{id}/json` answered. Read raw and not through bollard: its types
/// refuse a whole answer for one word that they do not know, and its log has whole answers in it.
pub fn update(container: &mut Container, body: &[u8], now_millis: u64) -> Result<(), String> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| value::fault(&error))?;
    if !answer.is_object() {
        return Err("it is not an object".to_owned());
    }
    let (config, state) = (answer.field("Config"), answer.field("State"));
    let (host, network) = (answer.field("HostConfig"), answer.field("NetworkSettings"));

    let name = parts::without_slash(&answer.text("Name"));
    if !name.is_empty() {
        container.name = name;
    }
    container.state = match state.text("Status").as_str() {
        "" => container.state.clone(),
        word => State::from_word(word),
    };
    container.health = Some(state.field("Health").text("Status"))
        .filter(|_| container.state.has_processes())
        .and_then(|word| Health::from_word(&word));
    let image_id = answer.text("Image");
    // the list writes the id instead of the name once another image has taken the name, which inspect does not tell
    if container.image.is_empty() || image_id != container.image_id {
        container.image = config.text("Image");
    }
    container.image_id = image_id;
    container.command = redact::text(&command(&answer)).into_owned();
    if let Some(created) = rfc3339::nanos(&answer.text("Created")) {
        container.created_secs = created / 1_000_000_000;
    }
    container.ports = ports(network);
    container.labels = parts::labels(config.entries("Labels"));
    (container.project, container.service) = parts::compose(&container.labels);
    container.network_mode = host.text("NetworkMode");
    container.networks = parts::networks(network);
    container.mounts = parts::mounts(&answer);
    container.details = Some(Box::new(details(&answer, now_millis)));
    container.status = parts::status(container, now_millis);
    Ok(())
}

fn details(answer: &Value, now_millis: u64) -> Details {
    let (config, state) = (answer.field("Config"), answer.field("State"));
    let host = answer.field("HostConfig");
    let positive = |value: &Value, name: &str| Some(value.count(name)).filter(|count| *count != 0);
    Details {
        exit_code: state.integer("ExitCode"),
        oom_killed: state.flag("OOMKilled"),
        error: redact::text(&state.text("Error")).into_owned(),
        restart_count: answer
            .integer("RestartCount")
            .and_then(|count| count.try_into().ok()),
        started_at_millis: millis(&state.text("StartedAt")),
        finished_at_millis: millis(&state.text("FinishedAt")),
        pid: positive(state, "Pid"),
        restart_policy: RestartPolicy {
            name: Some(host.field("RestartPolicy").text("Name"))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| "no".to_owned()),
            maximum_retry_count: host.field("RestartPolicy").count("MaximumRetryCount"),
        },
        health_check: health_check(config, state.field("Health")),
        memory_limit_bytes: positive(host, "Memory"),
        nano_cpus: positive(host, "NanoCpus").or_else(|| quota(host)),
        pids_limit: positive(host, "PidsLimit"),
        privileged: host.flag("Privileged"),
        tty: config.flag("Tty"),
        user: config.text("User"),
        working_dir: config.text("WorkingDir"),
        hostname: config.text("Hostname"),
        log_driver: host.field("LogConfig").text("Type"),
        platform: answer.text("Platform"),
        environment: config
            .list("Env")
            .iter()
            .filter_map(Value::as_str)
            .filter_map(|variable| variable.split('=').next())
            .map(str::to_owned)
            .collect(),
        inspected_at_millis: now_millis,
    }
}

/// `--cpu-quota` over `--cpu-period` means the same as `--cpus`. The kernel's own period is 100 ms.
fn quota(host: &Value) -> Option<u64> {
    let quota = host.count("CpuQuota");
    let period = match host.count("CpuPeriod") {
        0 => 100_000,
        period => period,
    };
    (quota > 0).then(|| quota.saturating_mul(1_000_000_000) / period)
}

/// Never, in Go, is the year 1.
fn millis(time: &str) -> Option<u64> {
    u64::try_from(rfc3339::nanos(time)? / 1_000_000).ok()
}

fn health_check(config: &Value, health: &Value) -> Option<HealthCheck> {
    let check = config.field("Healthcheck");
    let test = check.texts("Test");
    let mut words = match test.first().map(String::as_str) {
        Some("CMD") => Vec::new(),
        // the image may name a shell of its own
        Some("CMD-SHELL") => match config.texts("Shell") {
            shell if shell.is_empty() => vec!["/bin/sh".to_owned(), "-c".to_owned()],
            shell => shell,
        },
        _ => return None,
    };
    words.extend_from_slice(&test[1..]);
    let (program, arguments) = words.split_first()?;
    // the space is there without arguments, too (moby `daemon/exec.go`)
    let command = format!("{program} {}", arguments.join(" "));
    Some(HealthCheck {
        command: redact::text(&command).into_owned(),
        // 30 s where none was said
        interval_millis: match check.count("Interval") / 1_000_000 {
            0 => 30_000,
            millis => millis,
        },
        failing_streak: health.count("FailingStreak"),
    })
}

/// As the list writes it.
fn command(answer: &Value) -> String {
    let mut command = answer.text("Path");
    for argument in answer.texts("Args") {
        command.push(' ');
        if argument.contains(' ') {
            command.push('\'');
            command.push_str(&argument);
            command.push('\'');
        } else {
            command.push_str(&argument);
        }
    }
    command
}

fn ports(network: &Value) -> Vec<PortMapping> {
    let mut ports = Vec::new();
    for (port, bindings) in network.entries("Ports") {
        let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
        let Ok(container_port) = number.parse() else {
            continue;
        };
        let mapping = PortMapping {
            host_ip: String::new(),
            host_port: None,
            container_port,
            protocol: protocol.to_owned(),
        };
        match bindings.as_array().map(Vec::as_slice) {
            None | Some([]) => ports.push(mapping),
            Some(bindings) => ports.extend(bindings.iter().map(|binding| PortMapping {
                host_ip: binding.text("HostIp"),
                host_port: binding.text("HostPort").parse().ok(),
                ..mapping.clone()
            })),
        }
    }
    ports.sort();
    ports.dedup();
    ports
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::containers::list;

    const NOW: u64 = 1_795_502_700_000;

    macro_rules! capture {
        ($version:literal, $file:literal) => {
            &include_bytes!(concat!("../../../tests/captures/", $version, "/", $file))[..]
        };
    }

    fn inspected(body: &[u8]) -> Container {
        let mut container = Container::default();
        update(&mut container, body, NOW).unwrap();
        container
    }

    /// What a list says of a container, an inspection says too: else a row would change back and forth.
    #[test]
    fn agrees_with_the_list() {
        for (list, inspections) in [
            (
                capture!("v20", "containers.json"),
                [
                    capture!("v20", "inspect-shop-web-1.json"),
                    capture!("v20", "inspect-shop-db-1.json"),
                    capture!("v20", "inspect-healthy-1.json"),
                    capture!("v20", "inspect-sick.json"),
                    capture!("v20", "inspect-paused-1.json"),
                    capture!("v20", "inspect-exited-3.json"),
                    capture!("v20", "inspect-killed-1.json"),
                    capture!("v20", "inspect-tty-1.json"),
                    capture!("v20", "inspect-burner.json"),
                    capture!("v20", "inspect-created-1.json"),
                ],
            ),
            (
                capture!("v28", "containers.json"),
                [
                    capture!("v28", "inspect-shop-web-1.json"),
                    capture!("v28", "inspect-shop-db-1.json"),
                    capture!("v28", "inspect-healthy-1.json"),
                    capture!("v28", "inspect-sick.json"),
                    capture!("v28", "inspect-paused-1.json"),
                    capture!("v28", "inspect-exited-3.json"),
                    capture!("v28", "inspect-killed-1.json"),
                    capture!("v28", "inspect-tty-1.json"),
                    capture!("v28", "inspect-burner.json"),
                    capture!("v28", "inspect-created-1.json"),
                ],
            ),
        ] {
            let listed = list::parse(list).unwrap().containers;
            for body in inspections {
                let id = serde_json::from_slice::<Value>(body).unwrap().text("Id");
                let listed = listed.iter().find(|container| container.id == id).unwrap();
                let mut updated = listed.clone();
                update(&mut updated, body, NOW).unwrap();
                assert!(updated.details.take().is_some());
                // the time went on between list and inspection
                updated.status.clone_from(&listed.status);
                // only an inspection knows the aliases
                for (link, listed) in updated.networks.iter_mut().zip(&listed.networks) {
                    link.aliases.clone_from(&listed.aliases);
                }
                assert_eq!(&updated, listed);
            }
        }
    }

    #[test]
    fn reads_details() {
        let database = inspected(capture!("v28", "inspect-shop-db-1.json"));
        let details = database.details.unwrap();
        assert_eq!(details.memory_limit_bytes, Some(134_217_728));
        assert_eq!(details.nano_cpus, Some(500_000_000));
        assert_eq!(details.pids_limit, Some(50));
        assert_eq!(details.environment, ["PATH"]);
        assert_eq!(details.started_at_millis, Some(1_795_502_564_494));
        assert_eq!(details.finished_at_millis, None);
        assert_eq!(details.log_driver, "json-file");
        assert_eq!(details.pid, Some(19675));
        assert_eq!(details.restart_policy.name, "no");

        let killed = inspected(capture!("v20", "inspect-oom-1.json"))
            .details
            .unwrap();
        assert_eq!((killed.exit_code, killed.oom_killed), (Some(137), true));

        let looping = inspected(capture!("v20", "inspect-crashloop.json"));
        assert_eq!(looping.state, State::Restarting);
        let details = looping.details.unwrap();
        assert_eq!(details.restart_policy.name, "always");
        assert!(details.restart_count > Some(0));

        let sick = inspected(capture!("v20", "inspect-sick.json"));
        assert_eq!(sick.health, Some(Health::Unhealthy));
        let check = sick.details.unwrap().health_check.unwrap();
        assert_eq!(check.command, "/bin/sh -c test -f /tmp/ok");
        assert_eq!(check.interval_millis, 1000);
        assert!(check.failing_streak > 60);
    }

    #[test]
    fn a_number_that_cannot_be_read_is_no_zero() {
        for (answer, expected) in [
            (r#"{"State":{}}"#, (Some(0), Some(0))),
            (
                r#"{"State":{"ExitCode":null},"RestartCount":null}"#,
                (Some(0), Some(0)),
            ),
            (
                r#"{"State":{"ExitCode":"3"},"RestartCount":"2"}"#,
                (Some(3), Some(2)),
            ),
            (
                r#"{"State":{"ExitCode":-1},"RestartCount":-1}"#,
                (Some(-1), None),
            ),
            (
                r#"{"State":{"ExitCode":{}},"RestartCount":"many"}"#,
                (None, None),
            ),
            (
                r#"{"State":{"ExitCode":0.5},"RestartCount":[1]}"#,
                (None, None),
            ),
        ] {
            let details = details(&serde_json::from_str(answer).unwrap(), NOW);
            assert_eq!(
                (details.exit_code, details.restart_count),
                expected,
                "{answer}"
            );
        }
    }

    #[test]
    fn writes_health_checks_as_exec_events_do() {
        for (test, shell, expected) in [
            (
                r#"["CMD-SHELL","test -f /tmp/ok"]"#,
                "null",
                Some("/bin/sh -c test -f /tmp/ok"),
            ),
            (
                r#"["CMD-SHELL","x y"]"#,
                r#"["/bin/bash","-ec"]"#,
                Some("/bin/bash -ec x y"),
            ),
            (r#"["CMD","app","-x","a b"]"#, "null", Some("app -x a b")),
            (r#"["CMD","app"]"#, "null", Some("app ")),
            (r#"["CMD"]"#, "null", None),
            (r#"["NONE"]"#, "null", None),
            ("[]", "null", None),
            ("null", "null", None),
        ] {
            let body =
                format!(r#"{{"Config":{{"Healthcheck":{{"Test":{test}}},"Shell":{shell}}}}}"#);
            let check = inspected(body.as_bytes()).details.unwrap().health_check;
            let command = check.map(|check| check.command);
            assert_eq!(command.as_deref(), expected, "{test}");
        }
    }

    #[test]
    fn takes_odd_answers_and_tells_no_values() {
        let odd = inspected(
            br#"{"Id":"a","Name":null,"State":{"Status":"stopped","ExitCode":"x","Health":null},
                "Config":{"Env":["SECRET=hunter2","EMPTY=","NOTHING",7],"Labels":null,"Healthcheck":{"Test":["CMD","app","--token","hunter2"]}},
                "HostConfig":{"CpuQuota":50000,"PidsLimit":-1,"Memory":0,"RestartPolicy":{"Name":""}},
                "NetworkSettings":{"Ports":{"53/udp":[],"80/tcp":[{"HostIp":"","HostPort":"8080"}],"x":null}},"Mounts":null}"#,
        );
        assert_eq!(odd.state.word(), "stopped");
        let details = odd.details.clone().unwrap();
        assert_eq!(details.environment, ["SECRET", "EMPTY", "NOTHING"]);
        assert_eq!(details.nano_cpus, Some(500_000_000));
        assert_eq!(details.pids_limit, None);
        assert_eq!(details.restart_policy.name, "no");
        assert_eq!(odd.ports.len(), 2);
        assert!(!format!("{odd:?}").contains("hunter2"));

        let mut kept = odd.clone();
        for body in [&b"{"[..], b"[]", b"null", b"7"] {
            assert!(update(&mut kept, body, NOW).is_err());
            assert_eq!(kept, odd);
        }
    }
}
