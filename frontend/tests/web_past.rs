//! The page of events, as it looks back further than the page holds: with the test as the bridge.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    reason = "in a test the place tells what was missing"
)]

#[expect(dead_code, reason = "it is there for all tests of the page")]
mod support;

use protocol::{
    ClientMsg, Entry, Event, EventsFrame, HistogramFrame, HistogramWanted, Item, PastFrame,
    Position, Refusal, ServerMsg,
};
use support::{Bridge, Page, snapshot, until};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Entries are a second apart, the first of all at this time.
const FIRST_MILLIS: u64 = 1_764_000_000_000;

fn at(seq: u64) -> u64 {
    FIRST_MILLIS + seq * 1000
}

fn frame(seqs: std::ops::Range<u64>, oldest: u64) -> EventsFrame {
    let entry = |seq| Entry {
        seq,
        item: Item::Event(Event {
            time_nano: at(seq) as i64 * 1_000_000,
            kind: "image".to_owned(),
            action: "pull".to_owned(),
            actor_id: format!("image-{seq}:1"),
            ..Event::default()
        }),
    };
    EventsFrame {
        epoch: 7,
        entries: seqs.map(entry).collect(),
        oldest: Position {
            epoch: 7,
            seq: oldest,
        },
        before: None,
        newest_before_millis: None,
    }
}

fn frame_before(before: u64, seqs: std::ops::Range<u64>, oldest: u64) -> ServerMsg {
    ServerMsg::Events(EventsFrame {
        before: Some(before),
        ..frame(seqs, oldest)
    })
}

/// The page as it shows the raw events, with those from 900 on; before them there are some that only the bridge has.
async fn open(query: &str) -> (Page, Bridge) {
    let page = Page::open(&format!("/events?view=raw{query}")).await;
    let bridge = Bridge::serve(0, snapshot(Vec::new())).await;
    bridge.tell(&ServerMsg::Events(frame(900..903, 1)));
    (page, bridge)
}

fn shown(page: &Page) -> Vec<u64> {
    let name = |line: web_sys::HtmlElement| {
        let name = line.text_content().unwrap();
        let number = name.trim().strip_prefix("image-")?;
        number.strip_suffix(":1")?.parse().ok()
    };
    page.all(".event-name")
        .into_iter()
        .filter_map(name)
        .collect()
}

async fn hear_before(bridge: Bridge) -> u64 {
    bridge
        .hear_of("a wish for older ones", |message| match message {
            ClientMsg::EventsBefore { seq, .. } => Some(seq),
            _ => None,
        })
        .await
}

async fn hear_until(bridge: Bridge) -> u64 {
    bridge
        .hear_of("a wish for a time", |message| match message {
            ClientMsg::EventsUntil { until_millis, .. } => Some(until_millis),
            _ => None,
        })
        .await
}

async fn hear_count(bridge: Bridge) -> HistogramWanted {
    bridge
        .hear_of("a wish for counts", |message| match message {
            ClientMsg::Histogram(wanted) => Some(wanted),
            _ => None,
        })
        .await
}

#[wasm_bindgen_test]
async fn what_there_was_at_a_time_is_asked_for_and_shown() {
    let (page, bridge) = open(&format!("&until={}", at(12) / 1000)).await;
    assert_eq!(hear_until(bridge).await, at(12));
    bridge.tell(&ServerMsg::EventsUntil(PastFrame {
        until_millis: at(12),
        events: frame(10..13, 8),
    }));
    until("what was then", || shown(&page) == [12, 11, 10]).await;
    assert_eq!(hear_before(bridge).await, 10, "and before that");
    // an answer to what somebody asked for elsewhere is none to this
    bridge.tell(&frame_before(9, 5..9, 1));
    bridge.tell(&frame_before(10, 8..10, 8));
    until("all there was", || shown(&page) == [12, 11, 10, 9, 8]).await;

    // what happens now is not what was asked for, and is there when somebody comes back to it
    bridge.tell(&ServerMsg::Events(frame(903..904, 8)));
    bridge.lose();
    let bridge = Bridge::serve(1, snapshot(Vec::new())).await;
    bridge.tell(&ServerMsg::Events(frame(904..905, 8)));
    until("it is still there", || shown(&page) == [12, 11, 10, 9, 8]).await;
    page.one("[aria-label='Show any time']").click();
    until("what is now", || {
        shown(&page).starts_with(&[904, 903, 902, 901, 900])
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_stretch_is_looked_for_before_what_is_older_where_the_clock_was_set_back() {
    let (since, end) = (at(950), at(960));
    let page = Page::open(&format!(
        "/events?view=raw&since={}&until={}",
        since / 1000,
        end / 1000
    ))
    .await;
    let bridge = Bridge::serve(0, snapshot(Vec::new())).await;
    bridge.tell(&ServerMsg::Events(frame(2000..2003, 1)));
    assert_eq!(hear_until(bridge).await, end);
    // these are older, and only the bridge knows that those before them are newer
    let told = |seqs: std::ops::Range<u64>, newest_before, ahead: u64| {
        let mut frame = frame(seqs, 1);
        for entry in &mut frame.entries {
            if let Item::Event(event) = &mut entry.item {
                event.time_nano += ahead as i64 * 1_000_000_000;
            }
        }
        EventsFrame {
            newest_before_millis: Some(newest_before),
            ..frame
        }
    };
    bridge.tell(&ServerMsg::EventsUntil(PastFrame {
        until_millis: end,
        events: told(890..900, at(960), 0),
    }));
    assert_eq!(hear_before(bridge).await, 890);
    bridge.tell(&ServerMsg::Events(EventsFrame {
        before: Some(890),
        ..told(880..890, at(940), 65)
    }));
    until("those of the stretch", || {
        shown(&page) == [889, 888, 887, 886, 885]
    })
    .await;
    // nothing before those is of it: the next wish is of another kind
    page.type_into("input[type=search]", "type=image");
    let next = bridge
        .hear_of("what is counted", |message| match message {
            ClientMsg::EventsBefore { seq, .. } => Some(Err(seq)),
            ClientMsg::Histogram(wanted) if !wanted.filter.is_empty() => Some(Ok(wanted.filter)),
            _ => None,
        })
        .await;
    assert_eq!(next, Ok("type=image".to_owned()));
}

#[wasm_bindgen_test]
async fn what_was_asked_for_before_a_break_is_asked_for_again() {
    let (page, bridge) = open(&format!("&until={}", at(12) / 1000)).await;
    hear_until(bridge).await;
    bridge.lose();
    let bridge = Bridge::serve(1, snapshot(Vec::new())).await;
    assert_eq!(hear_until(bridge).await, at(12));
    // an answer to another question is none to this
    for (millis, seqs) in [(at(500), 499..501), (at(12), 11..13)] {
        bridge.tell(&ServerMsg::EventsUntil(PastFrame {
            until_millis: millis,
            events: frame(seqs, 11),
        }));
    }
    until("what was then", || shown(&page) == [12, 11]).await;
}

#[wasm_bindgen_test]
async fn the_picture_is_of_all_that_the_bridge_has_and_goes_on() {
    let (page, bridge) = open("&filter=type%3Dimage").await;
    let wanted = hear_count(bridge).await;
    assert_eq!(
        wanted,
        HistogramWanted {
            filter: "type=image".to_owned(),
            since_millis: None,
            until_millis: None
        }
    );
    let legend = |words: &str| {
        let said = page.one(".event-legend").text_content().unwrap_or_default();
        said.split_whitespace().collect::<Vec<_>>().join(" ") == words
    };
    let counted = |last| {
        ServerMsg::Histogram(HistogramFrame {
            wanted: wanted.clone(),
            from_millis: at(0),
            step_millis: 7 * 24 * 3_600_000,
            bars: vec![[0, 300, 0, 0, 0, 0]],
            gaps: Vec::new(),
            last: Position {
                epoch: 7,
                seq: last,
            },
        })
    };
    bridge.tell(&counted(901));
    until("what is counted and what came since", || {
        legend("image 301")
    })
    .await;
    bridge.tell(&ServerMsg::Events(frame(903..905, 1)));
    until("what comes", || legend("image 303")).await;

    let has = |selector| !page.all(selector).is_empty();
    assert!(!has(".event-times.is-awaited"));
    page.type_into("input[type=search]", "type=image event=pull");
    let wanted = hear_count(bridge).await;
    assert_eq!(
        wanted.filter, "type=image event=pull",
        "another filter is another question"
    );
    let axis = || page.one(".event-axis").text_content().unwrap_or_default();
    until("what is drawn is of the former one", || {
        has(".event-times.is-awaited") && axis().contains("counting")
    })
    .await;
    let note = || has(".event-part");
    assert!(!note());
    bridge.tell(&ServerMsg::Refused(Refusal::NotCounted(wanted)));
    until("what the page holds, and why no more", || {
        note() && !has(".event-times.is-awaited") && legend("image 5")
    })
    .await;
    page.type_into("input[type=search]", "type=image");
    hear_count(bridge).await;
    until("the next question is a new one", || !note()).await;
    bridge.lose();
    let bridge = Bridge::serve(1, snapshot(Vec::new())).await;
    hear_count(bridge).await;
}

#[wasm_bindgen_test]
async fn what_the_page_does_not_hold_since_the_answer_is_counted_anew() {
    let (page, bridge) = open("").await;
    let wanted = hear_count(bridge).await;
    let counted = |last, sum| {
        ServerMsg::Histogram(HistogramFrame {
            wanted: wanted.clone(),
            from_millis: at(0),
            step_millis: 7 * 24 * 3_600_000,
            bars: vec![[0, sum, 0, 0, 0, 0]],
            gaps: Vec::new(),
            last: Position {
                epoch: 7,
                seq: last,
            },
        })
    };
    // the page has those from 900 on
    for last in [500, 700] {
        bridge.tell(&counted(last, 5));
        assert_eq!(hear_count(bridge).await, wanted, "once more");
    }
    bridge.tell(&counted(899, 899));
    until("all are counted", || {
        let said = page.one(".event-legend").text_content().unwrap_or_default();
        said.contains("902")
    })
    .await;
}

#[wasm_bindgen_test]
async fn what_was_too_much_at_once_is_asked_for_again() {
    let (page, bridge) = open("").await;
    assert_eq!(hear_before(bridge).await, 900);
    bridge.tell(&ServerMsg::Refused(Refusal::TooMuch { limit: 256 }));
    assert_eq!(hear_before(bridge).await, 900);
    bridge.tell(&frame_before(900, 899..900, 899));
    until("it is there", || shown(&page) == [902, 901, 900, 899]).await;
}

#[wasm_bindgen_test]
async fn around_a_stretch_that_the_page_holds_nothing_is_asked_for() {
    let (page, bridge) = open(&format!(
        "&since={}&until={}",
        at(901) / 1000,
        at(902) / 1000
    ))
    .await;
    until("the stretch", || shown(&page) == [902, 901]).await;
    // the next wish is of another kind, and none for counts was before it
    page.type_into("input[type=search]", "type=image");
    page.one("[aria-label='Show any time']").click();
    let wanted = hear_count(bridge).await;
    assert_eq!((wanted.since_millis, wanted.until_millis), (None, None));
}
