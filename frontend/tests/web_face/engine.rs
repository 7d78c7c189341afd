use model::{Away, AwayReason, Component, DaemonState, EngineInfo};
use page::pages;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stage::Stage;

fn stage() -> Stage {
    Stage::show(|| leptos::view! { <pages::Engine /> })
}

#[wasm_bindgen_test]
async fn it_shows_what_the_daemon_tells() {
    let stage = stage();
    stage.until_says("Waiting for the daemon").await;
    stage.connection.set_engine(Some(EngineInfo {
        name: "nas".to_owned(),
        version: "28.5.2".to_owned(),
        api_version: "1.51".to_owned(),
        api_version_min: "1.24".to_owned(),
        api_version_max: "1.51".to_owned(),
        components: vec![Component {
            name: "containerd".to_owned(),
            version: "v2.1.5".to_owned(),
        }],
        debug: Some(true),
        goroutines: Some(235),
        warnings: vec!["No swap limit support".to_owned()],
        memory_bytes: Some(33_543_000_000),
        ..EngineInfo::default()
    }));
    for words in [
        "28.5.2 on nas",
        "unix:///run/docker.sock",
        "1.24 to 1.51",
        "containerd 2.1.5",
        "No swap limit support",
        "31.24GiB",
        "235 goroutines",
    ] {
        stage.until_says(words).await;
    }
    assert!(
        !stage
            .text()
            .contains("To switch debug mode without a restart")
    );
}

#[wasm_bindgen_test]
async fn facts_that_are_refused_are_not_shown_as_zero() {
    let stage = stage();
    stage.connection.set_engine(Some(EngineInfo {
        version: "28.5.2".to_owned(),
        api_version: "1.51".to_owned(),
        images: Some(0),
        ..EngineInfo::default()
    }));
    stage.connection.set_info_refused(Some(403));
    stage
        .until_says("does not allow GET /info (status 403)")
        .await;
    let text = stage.text();
    assert!(text.contains("28.5.2") && text.contains("speaks API 1.51"));
    assert_eq!(text.matches("Not permitted").count(), 1, "{text}");
    assert!(!text.contains("0 images") && !text.contains("0B"), "{text}");
    stage.connection.set_info_refused(None);
    stage.until_says("0 images").await;
}

#[wasm_bindgen_test]
async fn what_is_not_known_is_no_zero() {
    let stage = stage();
    stage.connection.set_engine(Some(EngineInfo {
        name: "nas".to_owned(),
        containers: Some(0),
        ..EngineInfo::default()
    }));
    stage.until_says("debug not told").await;
    let text = stage.text();
    assert!(text.contains("images: not told"), "{text}");
    let facts: Vec<(String, String)> = stage
        .texts("dl > dt")
        .into_iter()
        .zip(stage.texts("dl > dd"))
        .filter(|(name, _)| {
            [
                "CPUs",
                "Memory",
                "Debug mode",
                "Containers",
                "Running",
                "Images",
            ]
            .contains(&&**name)
        })
        .collect();
    let told = |name: &str| {
        if name == "Containers" {
            "0"
        } else {
            "not told"
        }
    };
    assert_eq!(facts.len(), 6, "{facts:?}");
    for (name, fact) in facts {
        assert_eq!(fact, told(&name), "{name}");
    }
}

#[wasm_bindgen_test]
async fn a_daemon_that_is_away_breaks_the_line() {
    let stage = stage();
    stage.until_says("connected for").await;
    assert!(stage.all(".is-broken").is_empty());
    stage.connection.set_daemon(DaemonState::Away(Away {
        reason: AwayReason::SocketMissing,
        since_millis: 0,
        retry_at_millis: None,
        attempts: 1,
    }));
    stage.until_says("not connected for").await;
    stage.until_says("The daemon has told nothing yet").await;
    assert_eq!(
        stage.all(".is-broken").len(),
        1,
        "only where the way is known to be broken"
    );
}
