use leptos::prelude::GetUntracked as _;
use model::{DaemonState, Entry, Event, Gap, GapReason, Item};
use page::pages;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::stage::Stage;

/// With the raw events.
fn stage() -> Stage {
    let stage = stories_stage();
    stage.press("Raw");
    stage
}

/// As the page opens: with stories.
fn stories_stage() -> Stage {
    // what a test before has left in the address
    web_sys::window()
        .unwrap()
        .history()
        .unwrap()
        .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("?"))
        .unwrap();
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

fn with(mut entry: Entry, more: &[(&str, &str)]) -> Entry {
    if let Item::Event(event) = &mut entry.item {
        let more = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        event.attributes.extend(more);
        event.attributes.sort();
    }
    entry
}

fn restart(first_seq: u64) -> Vec<Entry> {
    vec![
        with(event(first_seq, "kill", "web"), &[("signal", "15")]),
        with(event(first_seq + 1, "die", "web"), &[("exitCode", "143")]),
        event(first_seq + 2, "stop", "web"),
        event(first_seq + 3, "start", "web"),
        event(first_seq + 4, "restart", "web"),
    ]
}

#[wasm_bindgen_test]
async fn a_restart_is_one_line_that_opens_and_raw_is_one_click_away() {
    let stage = stories_stage();
    stage.timeline.put(1, restart(1), 1, None, None);
    stage.until_says("restarted, exit 143, took").await;
    assert_eq!(stage.texts(".event-count"), ["5 events"]);
    assert!(lines(&stage).is_empty(), "no raw event yet");
    stage.press("restarted");
    let raw = [
        "restart web",
        "start web",
        "stop web",
        "die web",
        "kill web",
    ];
    stage
        .until("its raw events", |stage| lines(stage) == raw)
        .await;
    stage.press("restarted");
    stage
        .until("closed again", |stage| lines(stage).is_empty())
        .await;
    stage.press("Raw");
    stage
        .until("the raw events", |stage| lines(stage) == raw)
        .await;
    assert!(!stage.text().contains("restarted"));
}

#[wasm_bindgen_test]
async fn a_held_list_of_stories_stands_still() {
    let stage = stories_stage();
    stage.timeline.put(1, restart(1), 1, None, None);
    stage.until_says("restarted").await;
    stage.press("Pause");
    stage.until_says("0 waiting").await;
    stage.timeline.put(
        1,
        vec![event(6, "pause", "web"), event(7, "start", "db")],
        1,
        None,
        None,
    );
    stage.until_says("2 waiting").await;
    assert_eq!(stage.all(".is-story").len(), 1);
    stage.press("Resume");
    stage
        .until("all stories", |stage| stage.all(".is-story").len() == 3)
        .await;
}

#[wasm_bindgen_test]
async fn the_command_is_there_or_refused_in_words() {
    let stage = stories_stage();
    stage.type_into("input[type=search]", "container=web event=die");
    stage
        .until("the command", |stage| {
            let field = stage.all("#events-out input");
            field.first().is_some_and(|field| {
                field.unchecked_ref::<web_sys::HtmlInputElement>().value()
                    == "docker events --filter 'container=web' --filter 'event=die'"
            })
        })
        .await;
    stage.type_into("input[type=search]", "container=\"a\u{202e}b\"");
    stage.until_says("the invisible character U+202E").await;
    assert!(stage.all("#events-out input").is_empty());
}

#[wasm_bindgen_test]
async fn the_filter_is_the_docker_commands() {
    let stage = stage();
    let entries = vec![
        event(1, "start", "web"),
        event(2, "start", "db"),
        event(3, "die", "web"),
    ];
    stage.timeline.put(1, entries, 1, None, None);
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
    stage.until_says("No event matches").await;
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
        .put(1, vec![event(1, "start", "web")], 1, None, None);
    stage.until("a line", |stage| lines(stage).len() == 1).await;
    stage.press("Pause");
    stage.until_says("0 waiting").await;
    let more = vec![event(2, "die", "web"), event(3, "start", "web")];
    stage.timeline.put(1, more, 1, None, None);
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
        .put(1, vec![event(1, "start", "web")], 1, None, None);
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
        .put(1, vec![event(1, "start", evil)], 1, None, None);
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
        .put(1, vec![event(1, "start", "web"), gap], 1, None, None);
    stage.until_says("Events may be missing").await;
    assert!(stage.text().contains("1 min: the daemon was restarted"));
}

#[wasm_bindgen_test]
async fn of_ten_thousand_only_those_near_exist() {
    let stage = stage();
    let entries: Vec<Entry> = (1..=10_000)
        .map(|seq| event(seq, "start", &format!("c{seq}")))
        .collect();
    stage.timeline.put(1, entries, 1, None, None);
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
async fn a_page_that_is_full_goes_on_before_its_oldest() {
    let stage = stage();
    let entries: Vec<Entry> = (5_001..=15_000)
        .map(|seq| event(seq, "start", &format!("c{seq}")))
        .collect();
    stage.timeline.put(1, entries, 1, None, None);
    let newest = |stage: &Stage, line: &str| lines(stage).first().is_some_and(|is| is == line);
    stage
        .until("the newest line", |stage| newest(stage, "start c15000"))
        .await;
    stage.press("Go on before");
    stage.until_says("Looking further back").await;
    let older = (4_000..=5_000)
        .map(|seq| event(seq, "start", &format!("c{seq}")))
        .collect();
    stage.timeline.put(1, older, 1, None, Some(5_001));
    stage
        .until("those before", |stage| newest(stage, "start c5000"))
        .await;
    assert!(stage.all(".list-end").is_empty(), "there is room again");
    stage.press("Show any time");
    stage
        .until("the newest line", |stage| newest(stage, "start c15000"))
        .await;
}

#[wasm_bindgen_test]
async fn a_page_that_is_full_goes_on_before_it_though_the_clock_was_set_back() {
    let stage = stage();
    let entries: Vec<Entry> = (5_001..=15_000)
        .map(|seq| event(seq, "start", &format!("c{seq}")))
        .collect();
    // what is before was told by a clock that was an hour ahead
    let ahead = |seq: u64| {
        let mut entry = event(seq, "start", &format!("c{seq}"));
        if let Item::Event(event) = &mut entry.item {
            event.time_nano += 3_600_000_000_000;
        }
        entry
    };
    let millis = |entry: &Entry| model::events::at_millis(&entry.item);
    let newest_before = Some(millis(&ahead(5_000)));
    stage.timeline.put(1, entries, 1, newest_before, None);
    let newest = |stage: &Stage, line: &str| lines(stage).first().is_some_and(|is| is == line);
    stage
        .until("the newest line", |stage| newest(stage, "start c15000"))
        .await;
    stage.press("Go on before");
    stage.until_says("Looking further back").await;
    let older = (4_000..=5_000).map(ahead).collect();
    let newest_before = Some(millis(&ahead(3_999)));
    stage.timeline.put(1, older, 1, newest_before, Some(5_001));
    stage
        .until("those before", |stage| newest(stage, "start c5000"))
        .await;
    // what came in between is given up with the way there
    stage.press("Show any time");
    stage
        .until("the newest line", |stage| newest(stage, "start c15000"))
        .await;
}

/// Draws with the pointer from one part of the picture's width to another.
fn draw(stage: &Stage, from: f64, to: f64) {
    let canvas = stage.one(".histogram");
    let rect = canvas.get_bounding_client_rect();
    for (kind, part) in [
        ("pointerdown", from),
        ("pointermove", to),
        ("pointerup", to),
    ] {
        let pointer = web_sys::PointerEventInit::new();
        pointer.set_bubbles(true);
        pointer.set_pointer_id(1);
        pointer.set_client_x((rect.left() + rect.width() * part) as i32);
        pointer.set_client_y((rect.top() + 5.0) as i32);
        let event = web_sys::PointerEvent::new_with_event_init_dict(kind, &pointer).unwrap();
        canvas.dispatch_event(&event).unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_stretch_that_is_drawn_is_what_the_list_shows() {
    let stage = stage();
    // one on each of forty days, so that "now" is not far
    let day = 24 * 3600;
    let now = js_sys::Date::now() as i64 / 1000;
    let entries: Vec<Entry> = (1..=40)
        .map(|seq| {
            let mut entry = event(seq, "start", &format!("c{seq}"));
            if let Item::Event(event) = &mut entry.item {
                event.time_nano = (now - (40 - seq as i64) * day) * 1_000_000_000;
            }
            entry
        })
        .collect();
    stage.timeline.put(1, entries, 1, None, None);
    stage.until_says("40 events and gaps match").await;
    let count = |stage: &Stage| {
        let text = stage.text();
        let before = text.split_once(" events and gaps match").unwrap().0;
        let number = before.rsplit(|one: char| !one.is_ascii_digit()).next();
        number.unwrap().parse::<usize>().unwrap()
    };
    draw(&stage, 0.5, 0.25);
    stage
        .until("a part", |stage| (9..=12).contains(&count(stage)))
        .await;
    assert!(!lines(&stage).contains(&"start c40".to_owned()));
    // around it there is as much as half of it: what is drawn now is finer
    draw(&stage, 0.4, 0.6);
    stage
        .until("a part of that", |stage| (3..=6).contains(&count(stage)))
        .await;
    draw(&stage, 0.5, 0.5);
    stage.until_says("40 events and gaps match").await;
}

#[wasm_bindgen_test]
async fn a_moment_that_is_typed_is_where_the_list_begins_or_ends() {
    let stage = stage();
    let entries: Vec<Entry> = (1..=5)
        .map(|seq| event(seq, "start", &format!("c{seq}")))
        .collect();
    stage.timeline.put(1, entries, 1, None, None);
    stage
        .until("all lines", |stage| lines(stage).len() == 5)
        .await;
    let local = |second: u64| {
        let date = js_sys::Date::new(&((1_764_000_000_000 + second * 1000) as f64).into());
        let minutes = date.get_timezone_offset();
        let local = js_sys::Date::new(&(date.get_time() - minutes * 60_000.0).into());
        String::from(local.to_iso_string())[..19].to_owned()
    };
    let type_moment = |nth: usize, text: &str| {
        let field: web_sys::HtmlInputElement = stage.all("#events-span input")[nth]
            .clone()
            .unchecked_into();
        field.set_value(text);
        let change = web_sys::Event::new("change").unwrap();
        field.dispatch_event(&change).unwrap();
    };
    type_moment(0, &local(2));
    stage
        .until("those since", |stage| {
            lines(stage) == ["start c5", "start c4", "start c3", "start c2"]
        })
        .await;
    type_moment(1, &local(4));
    stage
        .until("those until", |stage| {
            lines(stage) == ["start c3", "start c2"]
        })
        .await;
    stage.press("Show any time");
    stage
        .until("all lines", |stage| lines(stage).len() == 5)
        .await;
}

#[wasm_bindgen_test]
async fn what_comes_faster_than_it_can_be_shown_is_shown_together() {
    let stage = stage();
    let shown = || stage.timeline.live.revision.get_untracked();
    stage
        .timeline
        .put(1, vec![event(1, "start", "web")], 1, None, None);
    stage.until("a line", |stage| lines(stage).len() == 1).await;
    let before = shown();
    for seq in 2..=10 {
        stage
            .timeline
            .put(1, vec![event(seq, "start", "web")], 1, None, None);
    }
    stage
        .until("all lines", |stage| lines(stage).len() == 10)
        .await;
    assert!(shown() - before <= 2, "{}", shown() - before);
}

#[wasm_bindgen_test]
async fn a_daemon_that_is_away_is_awaited() {
    let stage = stage();
    stage.connection.set_daemon(DaemonState::Connecting);
    stage.until_says("Waiting for the daemon").await;
}
