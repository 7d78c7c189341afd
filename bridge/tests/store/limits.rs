//! A disk that takes no more, and folders that cannot be used.

use std::{fs, process::Command, time::Duration};

use crate::{
    kept::{Scene, lines, metric, said, state, times, until},
    running::{self, Running, refusal},
};

/// The same command with a limit to the size of its files, which to it is a disk that is full.
fn confined(command: &Command, blocks: u32) -> Command {
    let mut confined = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"");
    confined
        .args(["-c", &script])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => confined.env(name, value),
            None => confined.env_remove(name),
        };
    }
    confined
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_stops_nothing_and_what_the_ring_has_is_written_later() {
    let mut scene = Scene::new();
    let bridge = Running::start(&mut confined(&scene.command(&[]), 600));
    scene.happen_before(&bridge, 100).await;
    scene.written(&bridge).await;
    assert_eq!(state(&bridge).await, "writing");
    scene.happen_before(&bridge, 3000).await;
    until("the disk is full", || async {
        state(&bridge).await == "failing"
    })
    .await;
    assert!(metric(&bridge, "daemonscope_store_failures_total").await > 0);
    assert_eq!(metric(&bridge, "daemonscope_store_up").await, 0);
    assert_eq!(times(&lines(&bridge, "/api/v1/events").await), scene.all());

    let id = bridge.child.id().to_string();
    let lifted = Command::new("prlimit")
        .args(["--pid", &id, "--fsize=unlimited"])
        .status()
        .unwrap();
    assert!(lifted.success());
    until("there is room", || async {
        state(&bridge).await == "writing"
    })
    .await;
    scene.written(&bridge).await;
    let mut bridge = bridge;
    bridge.signal("KILL");
    bridge.end(Duration::from_secs(10)).unwrap();

    let bridge = scene.start();
    scene.told(&bridge).await;
    assert_eq!(times(&lines(&bridge, "/api/v1/events").await), scene.all());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_used_costs_one_sentence() {
    let scene = Scene::new();
    let bridge = scene.start();
    let (said, code) = refusal(&mut scene.command(&[]));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("another daemonscope uses"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    drop(bridge);

    let folder = scene.folder.0.display().to_string();
    let args = [
        "--host=unix:///other.sock",
        "--listen=127.0.0.1:0",
        "--data-dir",
        &folder,
    ];
    let (said, code) = refusal(&mut running::daemonscope(&args));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("unix:///other.sock"), "{said}");

    let file = scene.folder.0.join("timeline.redb").display().to_string();
    let (said, code) = refusal(&mut scene.command(&["--data-days=0"]));
    assert_eq!(code, Some(2), "{said}");
    let args = ["--listen=127.0.0.1:0", "--data-dir", &file];
    let (said, code) = refusal(&mut running::daemonscope(&args));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("--data-dir"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_moved_aside_and_the_bridge_serves() {
    let mut scene = Scene::new();
    fs::create_dir(&scene.folder.0).unwrap();
    let file = scene.folder.0.join("timeline.redb");
    fs::write(&file, "of another program").unwrap();
    let bridge = scene.start();
    scene.happen_before(&bridge, 10).await;
    scene.written(&bridge).await;
    let names: Vec<_> = fs::read_dir(&scene.folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| *path != file)
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(fs::read_to_string(&names[0]).unwrap(), "of another program");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_version_wrote_costs_the_past_alone() {
    let mut scene = Scene::new();
    let bridge = scene.start();
    scene.happen_before(&bridge, 10).await;
    scene.written(&bridge).await;
    said(bridge, "TERM");
    let file = scene.folder.0.join("timeline.redb");
    let numbers = redb::TableDefinition::<&str, u64>::new("numbers");
    let database = redb::Database::create(&file).unwrap();
    let write = database.begin_write().unwrap();
    let mut table = write.open_table(numbers).unwrap();
    assert!(table.insert("format", 99).unwrap().is_some());
    drop(table);
    write.commit().unwrap();
    drop(database);

    let bridge = scene.start();
    scene.happen_before(&bridge, 300).await;
    assert_eq!(state(&bridge).await, "refused");
    assert_eq!(metric(&bridge, "daemonscope_store_up").await, 0);
    assert_eq!(times(&lines(&bridge, "/api/v1/events").await), scene.all());
    let log = said(bridge, "TERM");
    assert!(
        log.contains("newer daemonscope") && log.contains("--data-dir"),
        "{log}"
    );
    assert_eq!(fs::read_dir(&scene.folder.0).unwrap().count(), 1);
    let database = redb::Database::open(&file).unwrap();
    let read = redb::ReadableDatabase::begin_read(&database).unwrap();
    let entries = redb::TableDefinition::<u64, &[u8]>::new("entries");
    let kept = redb::ReadableTableMetadata::len(&read.open_table(entries).unwrap());
    assert_eq!(kept.unwrap(), 11, "nothing was written to it");
}
