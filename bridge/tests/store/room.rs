//! A disk that is full: a small one, mounted where only the bridge of the test sees it.

use std::{
    fs::{self, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{
    kept::{Scene, gaps, get, lines, metric, said, state, times, until},
    running::Running,
};

/// In a mount namespace, which ends with the process that holds it.
struct Disk {
    holder: Child,
    folder: PathBuf,
}

impl Disk {
    fn at(folder: &Path, mebibytes: u32) -> Self {
        fs::create_dir(folder).unwrap();
        let script =
            format!("mount -t tmpfs -o size={mebibytes}m none \"$0\" && echo mounted && exec cat");
        let mut holder = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(holder.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(
            line, "mounted\n",
            "a mount namespace is needed: as root, or where users may have namespaces"
        );
        Self {
            holder,
            folder: folder.to_owned(),
        }
    }

    fn start(&self, command: &Command) -> Running {
        let mut inside = Command::new("nsenter");
        let id = self.holder.id().to_string();
        inside
            .args(["--target", &id, "--user", "--mount"])
            .arg(command.get_program())
            .args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => inside.env(name, value),
                None => inside.env_remove(name),
            };
        }
        Running::start(&mut inside)
    }

    fn filler(&self) -> PathBuf {
        let root = format!("/proc/{}/root", self.holder.id());
        let inside = self.folder.strip_prefix("/").unwrap();
        Path::new(&root).join(inside).join("filler")
    }

    fn fill(&self) {
        let mut how = OpenOptions::new();
        let mut filler = how.create(true).append(true).open(self.filler()).unwrap();
        while filler.write_all(&[0x55; 4096]).is_ok() {}
    }

    fn free(&self) {
        fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_stops_nothing_and_what_is_on_it_is_read() {
    let mut scene = Scene::new();
    let disk = Disk::at(&scene.folder.0, 16);
    let bridge = disk.start(&scene.command(&[]));
    scene.happen_before(&bridge, 400).await;
    scene.written(&bridge).await;
    disk.fill();
    scene.happen_before(&bridge, 4000).await;
    until("the disk is full", || async {
        state(&bridge).await == "failing"
    })
    .await;
    assert!(metric(&bridge, "daemonscope_store_failures_total").await > 0);
    assert_eq!(metric(&bridge, "daemonscope_store_up").await, 0);
    let stored = metric(&bridge, "daemonscope_store_entries").await;
    assert!(stored > 400, "{stored}");
    assert_eq!(times(&lines(&bridge, "/api/v1/events").await), scene.all());
    let log = said(bridge, "KILL");
    let told = "the timeline is not written to";
    assert_eq!(log.matches(told).count(), 1, "{log}");
    assert!(log.contains("No space left on device"), "{log}");

    // it begins with the disk as it is, and what is on it is there
    let bridge = disk.start(&scene.command(&[]));
    scene.told(&bridge).await;
    let there = lines(&bridge, "/api/v1/events").await;
    let number = usize::try_from(stored - 1).unwrap();
    assert!(times(&there).starts_with(&scene.all()[..number]));
    assert_eq!(gaps(&there)[1].2, "bridge_was_down");

    // what could not be written has given its room back
    disk.fill();
    scene.happen_before(&bridge, 4000).await;
    until("the disk is full again", || async {
        state(&bridge).await == "failing"
    })
    .await;
    disk.free();
    scene.written(&bridge).await;
    assert_eq!(state(&bridge).await, "writing");
    let there = times(&lines(&bridge, "/api/v1/events").await);
    let log = said(bridge, "TERM");
    assert!(log.contains("the timeline is written again"), "{log}");
    let bridge = disk.start(&scene.command(&[]));
    scene.told(&bridge).await;
    assert_eq!(times(&lines(&bridge, "/api/v1/events").await), there);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_from_the_start_is_written_to_once_there_is_room() {
    let mut scene = Scene::new();
    let disk = Disk::at(&scene.folder.0, 8);
    disk.fill();
    let bridge = disk.start(&scene.command(&[]));
    assert_eq!(state(&bridge).await, "failing");
    scene.happen_before(&bridge, 300).await;
    assert_eq!(times(&lines(&bridge, "/api/v1/events").await), scene.all());
    assert!(
        get(&bridge, "/api/v1/events/histogram")
            .await
            .contains("exec")
    );
    disk.free();
    scene.written(&bridge).await;
    assert_eq!(state(&bridge).await, "writing");
    said(bridge, "KILL");

    let bridge = disk.start(&scene.command(&[]));
    scene.told(&bridge).await;
    let there = lines(&bridge, "/api/v1/events").await;
    assert_eq!(times(&there), scene.all());
    assert_eq!(gaps(&there).len(), 1, "{:?}", gaps(&there));
}
