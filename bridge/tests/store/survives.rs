//! What is there after the bridge was killed, and how the daemon's stream is joined to it.

use std::time::Duration;

use serde_json::Value;

use crate::{
    kept::{APART_NANO, Scene, gaps, get, lines, metric, times},
    running::Running,
    support::{A, event},
};

fn kill(mut bridge: Running) {
    bridge.signal("KILL");
    bridge.end(Duration::from_secs(10)).unwrap();
}

/// The places count on without a hole, whatever run they are of.
fn assert_in_order(lines: &[Value]) {
    let seqs: Vec<u64> = lines
        .iter()
        .map(|line| line["seq"].as_u64().unwrap())
        .collect();
    assert!(seqs.windows(2).all(|two| two[0] + 1 == two[1]), "{seqs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_bridge_goes_on_without_loss_or_double_while_the_daemon_remembers() {
    let mut scene = Scene::new();
    let bridge = scene.start();
    scene.happen_before(&bridge, 600).await;
    scene.written(&bridge).await;
    // these may or may not be written, and these happen while nobody listens
    scene.happen(100);
    kill(bridge);
    scene.happen(80);

    let bridge = scene.start();
    scene.told(&bridge).await;
    let told = lines(&bridge, "/api/v1/events").await;
    assert_eq!(times(&told), scene.all());
    assert_eq!(gaps(&told).len(), 1, "{:?}", gaps(&told));
    assert_eq!(gaps(&told)[0].2, "bridge_started");
    assert_in_order(&told);

    // and once more, ended as it should be
    scene.happen_before(&bridge, 10).await;
    let mut bridge = bridge;
    bridge.signal("TERM");
    assert!(bridge.end(Duration::from_secs(5)).unwrap().success());
    scene.happen(20);
    let bridge = scene.start();
    scene.told(&bridge).await;
    let told = lines(&bridge, "/api/v1/events").await;
    assert_eq!(times(&told), scene.all());
    assert_eq!(gaps(&told).len(), 1);
    assert_in_order(&told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bridge_killed_under_load_has_all_that_was_written_and_tells_the_rest_as_one_gap() {
    let mut scene = Scene::new();
    let bridge = scene.start();
    scene.happen_before(&bridge, 600).await;
    scene.written(&bridge).await;
    let written = times(&lines(&bridge, "/api/v1/events").await);
    scene.happen_before(&bridge, 600).await;
    scene.happen(150);
    let at_least = metric(&bridge, "daemonscope_store_written_entries_total").await;
    kill(bridge);
    // more than the daemon remembers
    scene.happen(1000);

    let bridge = scene.start();
    scene.told(&bridge).await;
    let told = lines(&bridge, "/api/v1/events").await;
    let there = times(&told);
    assert!(there.starts_with(&written));
    let kept = told
        .iter()
        .position(|line| line["gap"]["reason"] == "bridge_was_down");
    assert!(
        kept.unwrap() as u64 >= at_least,
        "what was written is there"
    );
    let gaps = gaps(&told);
    assert_eq!(gaps.len(), 2, "{gaps:?}");
    let (from, to, reason) = &gaps[1];
    assert_eq!(reason, "bridge_was_down");
    let missing: Vec<i64> = scene
        .all()
        .into_iter()
        .filter(|nano| !there.contains(nano))
        .collect();
    assert_eq!(there.len() + missing.len(), scene.all().len(), "none twice");
    // from the last that is there to the first that is there again
    let (first, last) = (missing[0], missing[missing.len() - 1]);
    assert_eq!((*from, *to), (Some(first - APART_NANO), last + APART_NANO));
    assert!(there.windows(2).all(|two| two[0] < two[1]));
    assert_in_order(&told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_began_anew_meanwhile_leaves_a_gap() {
    let mut scene = Scene::new();
    let bridge = scene.start();
    scene.happen_before(&bridge, 30).await;
    scene.written(&bridge).await;
    kill(bridge);
    scene.daemon.kill();
    scene.daemon.start();
    scene.happen(5);

    let bridge = scene.start();
    scene.told(&bridge).await;
    let told = lines(&bridge, "/api/v1/events").await;
    assert_eq!(times(&told), scene.all());
    assert_eq!(
        gaps(&told)[1],
        (
            Some(scene.nano(29)),
            scene.nano(30),
            "bridge_was_down".to_owned()
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_nothing_is_kept() {
    let mut scene = Scene::new();
    let endpoint = scene.daemon.endpoint();
    let start = || {
        let args = ["--host", &endpoint, "--listen=127.0.0.1:0"];
        Running::start(&mut crate::running::daemonscope(&args))
    };
    let bridge = start();
    scene.happen_before(&bridge, 300).await;
    assert!(!get(&bridge, "/healthz").await.contains("store"));
    assert!(
        !get(&bridge, "/metrics?statistics=0")
            .await
            .contains("_store_")
    );
    kill(bridge);
    let bridge = start();
    scene.told(&bridge).await;
    assert_eq!(times(&lines(&bridge, "/api/v1/events").await).len(), 256);
    assert!(!scene.folder.0.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_looks_like_a_credential_is_written() {
    const SECRETS: [&str; 2] = ["hunter2-of-the-command", "s3cr3t-of-the-label"];
    let mut scene = Scene::new();
    let bridge = scene.start();
    scene.happen_before(&bridge, 1).await;
    let line = event(scene.nano(1), "exec_create: mysql --password=PASSWORD", A)
        .replace("PASSWORD", SECRETS[0])
        .replace(
            r#""name":"web""#,
            &format!(r#""name":"web","DB_PASSWORD":"{}""#, SECRETS[1]),
        );
    assert!(SECRETS.iter().all(|secret| line.contains(secret)));
    scene.happen_as(line);
    scene.written(&bridge).await;
    kill(bridge);
    let mut written = Vec::new();
    for one in std::fs::read_dir(&scene.folder.0).unwrap() {
        written.extend(std::fs::read(one.unwrap().path()).unwrap());
    }
    let has = |text: &str| written.windows(text.len()).any(|at| at == text.as_bytes());
    assert!(has("exec_create: mysql") && has("DB_PASSWORD"));
    for secret in SECRETS {
        assert!(!has(secret), "{secret}");
    }
}
