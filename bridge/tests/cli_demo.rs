//! `daemonscope --demo` from outside.

#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod running;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use futures_util::{SinkExt, StreamExt};
use protocol::{ClientMsg, DaemonState, Encoding, Interest, ServerMsg, StatsWanted};
use running::{Running, refusal};
use tokio::time::timeout;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

#[test]
fn what_the_demo_engine_cannot_be_costs_one_sentence() {
    for (args, needle) in [
        (&["--demo", "--demo-containers", "2001"][..], "2000"),
        (&["--demo", "--demo-containers", "0"], "1..=2000"),
        (
            &["--demo", "--demo-containers", "many"],
            "--demo-containers",
        ),
        (&["--demo", "--demo-seed=-1"], "--demo-seed"),
        (&["--demo", "--host", "unix:///x"], "one of the two"),
    ] {
        let (said, code) = refusal(&mut running::daemonscope(args));
        assert_eq!(code, Some(2), "{args:?}: {said}");
        assert!(said.contains(needle), "{args:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[tokio::test]
async fn the_demo_is_watched_as_a_daemon_is_and_leaves_nothing_behind() {
    let temporary = std::env::temp_dir().join(format!("daemonscope-test-{}", std::process::id()));
    fs::create_dir(&temporary).unwrap();
    let mut command =
        running::daemonscope(&["--demo", "--demo-containers=60", "--listen=127.0.0.1:0"]);
    // A daemon in the surroundings is passed over.
    command.env("DOCKER_HOST", "unix:///nowhere/docker.sock");
    command.env("TMPDIR", &temporary);
    let mut running = Running::start(&mut command);

    let mut request = format!("ws://{}/api/v1/live", running.address)
        .into_client_request()
        .unwrap();
    let json = "daemonscope.v1.json".parse().unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", json);
    let (mut socket, _) = connect_async(request).await.unwrap();
    let interest = ClientMsg::Interest(Interest {
        stats: StatsWanted::All,
        ..Interest::default()
    });
    let said = String::from_utf8(Encoding::Json.encode(&interest)).unwrap();
    socket.send(Message::text(said)).await.unwrap();

    let (mut live, mut running_ones, mut figures) = (false, 0, 0);
    let watch = async {
        while !(live && running_ones > 20 && figures > 20) {
            let message = socket.next().await.unwrap().unwrap();
            match Encoding::Json.decode(&message.into_data()).unwrap() {
                ServerMsg::Snapshot(snapshot) => {
                    assert!(snapshot.demo);
                    live = matches!(snapshot.daemon, DaemonState::Live { .. });
                    running_ones = count_running(&snapshot.containers);
                }
                ServerMsg::Daemon(state) => live = matches!(state, DaemonState::Live { .. }),
                ServerMsg::Fleet(delta) => {
                    running_ones = running_ones.max(count_running(&delta.changed));
                }
                ServerMsg::Stats(frame) => figures = figures.max(frame.cpu_hundredths.keys.len()),
                _ => {}
            }
        }
    };
    timeout(Duration::from_secs(20), watch).await.unwrap();

    running.signal("TERM");
    let status = running
        .end(Duration::from_secs(2))
        .expect("it ends in time");
    assert!(status.success());
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
    fs::remove_dir(&temporary).unwrap();
}

fn demo_in(temporary: &Path) -> Running {
    let mut command = running::daemonscope(&["--demo", "--listen=127.0.0.1:0"]);
    Running::start(command.env("TMPDIR", temporary))
}

fn folders_in(temporary: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(temporary).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn make_old(folder: &Path) {
    let hour = Duration::from_secs(3600);
    let then = SystemTime::now().checked_sub(hour).unwrap();
    let folder = fs::File::open(folder).unwrap();
    folder.set_modified(then).unwrap();
}

#[test]
fn what_a_killed_demo_left_behind_is_cleared_away_and_nothing_else() {
    let temporary = std::env::temp_dir().join(format!("daemonscope-kill-{}", std::process::id()));
    fs::create_dir(&temporary).unwrap();
    let mut killed = demo_in(&temporary);
    let left = folders_in(&temporary);
    assert_eq!(left.len(), 1);
    killed.signal("KILL");
    killed.end(Duration::from_secs(10)).unwrap();
    let mut runs = demo_in(&temporary);
    assert!(left[0].exists(), "it is new, and may be about to begin");
    let of_the_running = folders_in(&temporary)
        .into_iter()
        .find(|folder| *folder != left[0])
        .unwrap();

    // what only looks like one
    let stranger = temporary.join("daemonscope-0123456789abcdef");
    fs::create_dir(&stranger).unwrap();
    fs::write(stranger.join("docker.sock"), "no socket").unwrap();
    let filled = temporary.join("daemonscope-fedcba9876543210");
    fs::create_dir(&filled).unwrap();
    fs::write(filled.join("letter"), "of somebody").unwrap();
    drop(std::os::unix::net::UnixListener::bind(filled.join("docker.sock")).unwrap());
    let named_otherwise = temporary.join("daemonscope-of-somebody");
    fs::create_dir(&named_otherwise).unwrap();
    for folder in folders_in(&temporary) {
        make_old(&folder);
    }
    let mut last = demo_in(&temporary);
    assert!(!left[0].exists());
    assert!(of_the_running.join("docker.sock").exists());
    assert!(stranger.join("docker.sock").exists() && named_otherwise.exists());
    assert!(filled.join("letter").exists() && filled.join("docker.sock").exists());
    for running in [&mut runs, &mut last] {
        running.signal("TERM");
        running.end(Duration::from_secs(10)).unwrap();
    }
    assert_eq!(folders_in(&temporary).len(), 3);
    fs::remove_dir_all(&temporary).unwrap();
}

fn count_running(containers: &[protocol::Container]) -> usize {
    containers
        .iter()
        .filter(|one| one.state.has_processes())
        .count()
}
