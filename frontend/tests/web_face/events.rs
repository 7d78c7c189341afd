use model::{DaemonState, Entry, Event, Gap, GapReason, Item};
use page::pages;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::stage::Stage;

fn stage() -> Stage {
    let stage = Stage::show(|| leptos::view! { <pages::Events /> });
    // as tall as a screen would make it
    let page: HtmlElement = stage.one(".page").unchecked_into();
    page.style().set_property("height", "500px").unwrap();
    stage
}

fn event(seq: u64, action: &str, name: &str) -> Entry {
    Entry {
        seq,
        item: Item::Event(Event {
            time_nano: 1_764_000_000_123_456_789 + seq as i64 * 1_000_000_000,
            kind: "container".to_owned(),
            action: action.to_owned(),
            scope: "local".to_owned(),
            actor_id: "c".repeat(64),
            attributes: vec![
                ("com.example.note".to_owned(), "kept".to_owned()),
                ("name".to_owned(), name.to_owned()),
            ],
            redacted: false,
        }),
    }
}

/// "create web" and the like, as the lines stand.
fn lines(stage: &Stage) -> Vec<String> {
    stage
        .texts(".event-action")
        .into_iter()
        .zip(stage.texts(".event-name"))
        .map(|(action, name)| format!("{action} {name}"))
        .collect()
}

#[wasm_bindgen_test]
async fn newest_first_and_probes_counted() {
    let stage = stage();
    let entries = vec![
        event(1, "create", "web"),
        event(2, "exec_create: /check", "web"),
        event(3, "start", "web"),
    ];
    stage.timeline.put(1, entries, 1, false);
    stage
        .until("both lines", |stage| {
            lines(stage) == ["start web", "create web"]
        })
        .await;
    assert!(stage.text().contains("1 hidden"));
    stage.press("Hide health probes");
    stage
        .until("all three lines", |stage| {
            lines(stage) == ["start web", "exec_create: /check web", "create web"]
        })
        .await;
}

#[wasm_bindgen_test]
async fn the_filter_is_the_docker_commands() {
    let stage = stage();
    let entries = vec![
        event(1, "start", "web"),
        event(2, "start", "db"),
        event(3, "die", "web"),
    ];
    stage.timeline.put(1, entries, 1, false);
    stage
        .until("three lines", |stage| lines(stage).len() == 3)
        .await;
    stage.type_into("input[type=search]", "container=web event=start");
    stage
        .until("one line", |stage| lines(stage) == ["start web"])
        .await;
    stage.type_into("input[type=search]", "contaner=web");
    stage.until_says("the nearest is “container”.").await;
    assert_eq!(lines(&stage), ["start web"], "the last filter holds");
    stage.type_into("input[type=search]", "container=nobody");
    stage.until_says("No event is like that").await;
    stage.press("Show all");
    stage
        .until("three lines", |stage| lines(stage).len() == 3)
        .await;
}

#[wasm_bindgen_test]
async fn a_held_list_counts_what_waits() {
    let stage = stage();
    stage
        .timeline
        .put(1, vec![event(1, "start", "web")], 1, false);
    stage.until("a line", |stage| lines(stage).len() == 1).await;
    stage.press("Pause");
    stage.until_says("0 waiting").await;
    let more = vec![event(2, "die", "web"), event(3, "start", "web")];
    stage.timeline.put(1, more, 1, false);
    stage.until_says("2 waiting").await;
    assert_eq!(lines(&stage), ["start web"]);
    stage.press("Resume");
    stage
        .until("all lines", |stage| lines(stage).len() == 3)
        .await;
}

#[wasm_bindgen_test]
async fn a_line_opens_to_the_raw_event() {
    let stage = stage();
    stage
        .timeline
        .put(1, vec![event(1, "start", "web")], 1, false);
    stage.until("a line", |stage| lines(stage).len() == 1).await;
    stage.press("start");
    stage.until_says("1764000001123456789").await;
    for words in ["com.example.note", "kept", &"c".repeat(64)] {
        assert!(stage.text().contains(words), "{words}");
    }
    stage.press("Close the event");
    stage
        .until("closed again", |stage| !stage.text().contains("kept"))
        .await;
}

#[wasm_bindgen_test]
async fn hostile_words_are_written_out() {
    let stage = stage();
    let evil = "a\u{202e}b\u{1b}[2J\n<img src=x onerror=alert(1)>";
    stage
        .timeline
        .put(1, vec![event(1, "start", evil)], 1, false);
    stage.until("a line", |stage| lines(stage).len() == 1).await;
    let shown = stage.text();
    assert!(shown.contains("a\\u{202e}b\\u{1b}[2J\\n<img src=x"));
    assert!(!shown.contains('\u{202e}') && stage.all("img").is_empty());
}

#[wasm_bindgen_test]
async fn a_gap_says_what_and_why() {
    let stage = stage();
    let gap = Entry {
        seq: 2,
        item: Item::Gap(Gap {
            from_nano: Some(1_764_000_000_000_000_000),
            to_nano: 1_764_000_090_000_000_000,
            reason: GapReason::DaemonRestarted,
        }),
    };
    stage
        .timeline
        .put(1, vec![event(1, "start", "web"), gap], 1, false);
    stage.until_says("Events may be missing").await;
    assert!(stage.text().contains("1 min: the daemon was restarted"));
}

#[wasm_bindgen_test]
async fn of_ten_thousand_only_those_near_exist() {
    let stage = stage();
    let entries: Vec<Entry> = (1..=10_000)
        .map(|seq| event(seq, "start", &format!("c{seq}")))
        .collect();
    stage.timeline.put(1, entries, 1, false);
    stage
        .until("the newest line", |stage| {
            lines(stage)
                .first()
                .is_some_and(|line| line == "start c10000")
        })
        .await;
    assert!(lines(&stage).len() < 120, "{}", lines(&stage).len());
    let frame = stage.one(".list-frame");
    frame.set_scroll_top(frame.scroll_height());
    stage
        .until("the oldest line", |stage| {
            lines(stage).last().is_some_and(|line| line == "start c1")
        })
        .await;
}

#[wasm_bindgen_test]
async fn a_daemon_that_is_away_is_awaited() {
    let stage = stage();
    stage.connection.set_daemon(DaemonState::Connecting);
    stage.until_says("Waiting for the daemon").await;
}
