//! The real docker command finds what it expects.

mod common;

use std::process::{Command, Stdio};

use common::{living, quick};

async fn docker(socket: &std::path::Path, arguments: &'static [&'static str]) -> String {
    let host = format!("unix://{}", socket.display());
    let running = tokio::task::spawn_blocking(move || {
        Command::new("docker")
            .args(arguments)
            .env("DOCKER_HOST", host)
            .env_remove("DOCKER_CONTEXT")
            .env_remove("DOCKER_API_VERSION")
            .stdin(Stdio::null())
            .output()
    });
    let output = tokio::time::timeout(common::LONG, running).await;
    let output = output
        .expect("in time")
        .expect("no panic")
        .expect("a docker command on the PATH");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {arguments:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_docker_command_works_against_it() {
    let served = living(quick()).await;
    let on = |arguments: &'static [&'static str]| docker(&served.socket, arguments);

    let listed = on(&[
        "ps",
        "-a",
        "--format",
        "{{.Names}}|{{.State}}|{{.Status}}|{{.Ports}}",
    ])
    .await;
    assert!(listed.lines().count() >= 20, "{listed}");
    assert!(listed.contains("jupyter-test|created|Created|"), "{listed}");
    assert!(listed.contains("0.0.0.0:8222->80/tcp"), "{listed}");

    let stats = on(&[
        "stats",
        "--no-stream",
        "--format",
        "{{.Name}}|{{.CPUPerc}}|{{.MemUsage}}|{{.NetIO}}|{{.PIDs}}",
    ])
    .await;
    let proxy = stats
        .lines()
        .find(|line| line.starts_with("proxy-traefik-1|"))
        .expect("a row");
    let cells: Vec<&str> = proxy.split('|').collect();
    assert!(cells[1].ends_with('%') && cells[1] != "0.00%", "{proxy}");
    assert!(
        cells[2].ends_with(" / 31.24GiB") && cells[3].contains("B / "),
        "{proxy}"
    );

    let events = on(&[
        "events",
        "--since",
        "10m",
        "--until",
        "0s",
        "--format",
        "{{.Type}} {{.Action}}",
    ])
    .await;
    assert!(events.lines().count() > 50, "{events}");
    assert!(
        events.lines().any(|line| line == "container exec_die"),
        "{events}"
    );

    let usage = on(&[
        "system",
        "df",
        "--format",
        "{{.Type}}|{{.TotalCount}}|{{.Size}}",
    ])
    .await;
    let types: Vec<&str> = usage
        .lines()
        .filter_map(|line| line.split('|').next())
        .collect();
    assert_eq!(
        types,
        ["Images", "Containers", "Local Volumes", "Build Cache"],
        "{usage}"
    );
    assert!(on(&["system", "df", "-v"]).await.contains("photos_pgdata"));

    let info = on(&[
        "info",
        "--format",
        "{{.ServerVersion}} {{.CgroupVersion}} {{.Driver}}",
    ])
    .await;
    assert_eq!(info.trim(), "28.5.2 2 overlay2");
    let restart = on(&[
        "inspect",
        "vaultwarden",
        "--format",
        "{{.HostConfig.RestartPolicy.Name}}",
    ])
    .await;
    assert_eq!(restart.trim(), "unless-stopped");
    assert!(on(&["top", "vaultwarden"]).await.contains("/start.sh"));
    assert!(!on(&["logs", "--tail", "5", "adguard"]).await.is_empty());
    assert!(on(&["network", "ls"]).await.contains("photos_default"));

    on(&["stop", "vaultwarden"]).await;
    common::until(|| !served.engine.runs("vaultwarden")).await;
    served.stop().await;
}
