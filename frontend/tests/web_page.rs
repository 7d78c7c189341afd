//! The page in a real browser. It is driven as a person and a bridge would: by keys, clicks and frames.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    reason = "in a test the place tells what was missing"
)]

mod support;

use protocol::{
    Away, AwayReason, ClientMsg, ContainerKey, DaemonState, Entry, Event, EventsFrame,
    EventsWanted, FleetDelta, Item, Position, ServerMsg, State, StatsWanted,
};
use support::{Bridge, Page, bubbling, container, cpu, hello, snapshot, until, with_page};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{KeyboardEvent, KeyboardEventInit};

wasm_bindgen_test_configure!(run_in_browser);

fn shop() -> Vec<protocol::Container> {
    vec![
        container(1, "web-2", State::Running),
        container(2, "web-10", State::Running),
        container(3, "db", State::Exited),
    ]
}

#[wasm_bindgen_test]
async fn it_asks_for_what_it_shows_and_for_nothing_elsewhere() {
    let page = Page::open("/containers").await;
    let bridge = Bridge::accept(0).await;
    assert!(
        bridge
            .address()
            .ends_with("/api/v1/live daemonscope.v1.postcard"),
        "{}",
        bridge.address()
    );
    bridge.tell(&hello(protocol::BUILD));
    let ClientMsg::Interest(interest) = bridge.hear("its interest").await else {
        panic!("the first message is no interest");
    };
    assert_eq!(interest.stats, StatsWanted::All);
    assert!(!interest.usage);
    bridge.tell(&ServerMsg::Snapshot(Box::new(snapshot(shop()))));
    until("rows", || page.names().len() == 3).await;
    let mut keys = bridge
        .hear_of("which series", |message| match message {
            ClientMsg::Series(wanted) => Some(wanted.keys),
            _ => None,
        })
        .await;
    keys.sort_unstable();
    assert_eq!(keys, [1, 2, 3].map(ContainerKey));

    page.one("nav a[href='usage']").click();
    let interest = bridge
        .hear_of("its new interest", |message| match message {
            ClientMsg::Interest(interest) => Some(interest),
            _ => None,
        })
        .await;
    assert_eq!(interest.stats, StatsWanted::None);
    assert!(interest.usage);
}

#[wasm_bindgen_test]
async fn a_frame_changes_its_own_cells_and_what_is_unknown_is_no_zero() {
    with_page("/containers", shop(), async |page, bridge| {
        until("rows", || page.names().len() == 3).await;
        assert_eq!(page.names(), ["db", "web-2", "web-10"]);
        assert_eq!(page.cell("web-2", "CPU %"), "–");
        let row = page.row("web-2").unwrap();

        bridge.tell(&cpu(&[(1, 1234), (2, 7)]));
        until("a figure", || page.cell("web-2", "CPU %") == "12.34%").await;
        bridge.tell(&cpu(&[(2, 15_000)]));
        until("a new figure", || page.cell("web-10", "CPU %") == "150.00%").await;
        assert_eq!(page.cell("web-2", "CPU %"), "12.34%");
        assert_eq!(page.cell("db", "CPU %"), "–");
        assert_eq!(page.cell("web-2", "PIDs"), "–");
        assert!(page.row("web-2").unwrap().is_same_node(Some(&row)));
    })
    .await;
}

#[wasm_bindgen_test]
async fn containers_come_change_and_go() {
    with_page("/containers", shop(), async |page, bridge| {
        until("rows", || page.names().len() == 3).await;
        bridge.tell(&ServerMsg::Fleet(FleetDelta {
            changed: vec![
                container(1, "web-2", State::Paused),
                container(4, "cache", State::Running),
            ],
            gone: vec![ContainerKey(3)],
        }));
        until("the new list", || {
            page.names() == ["cache", "web-2", "web-10"]
        })
        .await;
        assert_eq!(page.cell("web-2", "State"), "paused");
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_search_hides_says_how_many_and_is_in_the_address() {
    with_page("/containers", shop(), async |page, _bridge| {
        until("rows", || page.names().len() == 3).await;
        let slash = KeyboardEventInit::new();
        slash.set_key("/");
        slash.set_bubbles(true);
        let body = web_sys::window()
            .unwrap()
            .document()
            .unwrap()
            .body()
            .unwrap();
        body.dispatch_event(
            &KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &slash).unwrap(),
        )
        .unwrap();
        let focused = web_sys::window()
            .unwrap()
            .document()
            .unwrap()
            .active_element();
        assert!(
            page.one("input[type=search]")
                .is_same_node(focused.as_ref().map(AsRef::as_ref)),
            "the slash leads to the search"
        );

        page.type_into("input[type=search]", "WEB");
        until("fewer rows", || page.names() == ["web-2", "web-10"]).await;
        assert!(page.says("1 hidden"));
        let search = || web_sys::window().unwrap().location().search().unwrap();
        until("the address", || search() == "?q=WEB").await;

        page.type_into("input[type=search]", "nobody");
        until("the empty list", || page.says("No container matches")).await;
        page.button("Show all").click();
        until("all rows", || page.names().len() == 3).await;
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_address_says_what_is_shown() {
    with_page(
        "/containers?state=running&sort=-name",
        shop(),
        async |page, _bridge| {
            until("rows", || page.names() == ["web-10", "web-2"]).await;
            let name = page.one("th.col-name[scope=col]");
            assert_eq!(
                name.get_attribute("aria-sort").as_deref(),
                Some("descending")
            );
            page.button("Name").click();
            until("the other order", || page.names() == ["web-2", "web-10"]).await;
            assert_eq!(
                name.get_attribute("aria-sort").as_deref(),
                Some("ascending")
            );
        },
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_project_folds_and_carries_its_sums() {
    let in_project = |key, name| protocol::Container {
        project: Some("shop".to_owned()),
        ..container(key, name, State::Running)
    };
    let fleet = vec![
        in_project(1, "shop-web"),
        in_project(2, "shop-db"),
        container(3, "lonely", State::Running),
    ];
    with_page("/containers", fleet, async |page, bridge| {
        until("rows", || page.names() == ["shop-db", "shop-web", "lonely"]).await;
        bridge.tell(&cpu(&[(1, 150), (2, 250), (3, 1000)]));
        let group = || page.one("tbody tr.is-group").inner_text();
        until("the sum", || group().contains("4.00%")).await;
        assert!(group().contains("2 of 2 running"), "{}", group());
        let fold = page.button("shop");
        assert_eq!(fold.get_attribute("aria-expanded").as_deref(), Some("true"));
        fold.click();
        until("fewer rows", || page.names() == ["lonely"]).await;
        assert_eq!(
            fold.get_attribute("aria-expanded").as_deref(),
            Some("false")
        );
        assert!(group().contains("4.00%"));
    })
    .await;
}

#[wasm_bindgen_test]
async fn nothing_moves_under_the_pointer() {
    with_page("/containers?sort=-cpu", shop(), async |page, bridge| {
        until("rows", || page.names().len() == 3).await;
        bridge.tell(&cpu(&[(1, 100), (2, 900)]));
        until("the order", || page.names() == ["web-10", "web-2", "db"]).await;
        let pointer = web_sys::PointerEventInit::new();
        pointer.set_pointer_type("mouse");
        pointer.set_bubbles(true);
        let over =
            web_sys::PointerEvent::new_with_event_init_dict("pointerover", &pointer).unwrap();
        page.one("tbody td").dispatch_event(&over).unwrap();

        bridge.tell(&cpu(&[(1, 5000)]));
        bridge.tell(&ServerMsg::Fleet(FleetDelta {
            changed: vec![container(4, "aaa", State::Running)],
            gone: vec![],
        }));
        until("the new one, last", || {
            page.names().last().unwrap() == "aaa"
        })
        .await;
        assert_eq!(page.names(), ["web-10", "web-2", "db", "aaa"]);

        let leave = web_sys::Event::new_with_event_init_dict("pointerleave", &bubbling()).unwrap();
        page.one("tbody").dispatch_event(&leave).unwrap();
        until("the new order", || {
            page.names() == ["web-2", "web-10", "aaa", "db"]
        })
        .await;
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_thousand_rows_are_a_few() {
    let many = (1..=1000)
        .map(|key| container(key, &format!("c{key}"), State::Running))
        .collect();
    with_page("/containers", many, async |page, _bridge| {
        until("rows", || !page.names().is_empty()).await;
        let table = page.one("table");
        until("the count", || {
            table.get_attribute("aria-rowcount").as_deref() == Some("1001")
        })
        .await;
        assert!(page.names().len() < 200, "{} rows", page.names().len());
        assert_eq!(page.names()[0], "c1");
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_mark_says_how_it_stands() {
    let page = Page::open("/containers").await;
    let words = || page.one(".connection-word").inner_text();
    until("the first word", || words() == "connecting").await;
    let bridge = Bridge::serve(0, snapshot(shop())).await;
    until("live", || words() == "live").await;
    let stale = || page.one(".app").class_list().contains("is-stale");
    assert!(!stale());

    bridge.tell(&ServerMsg::Daemon(DaemonState::Away(Away {
        reason: AwayReason::PermissionDenied,
        since_millis: 1,
        retry_at_millis: None,
        attempts: 3,
    })));
    until("the daemon away", || words() == "not connected").await;
    assert!(stale(), "what is shown is old");
    assert!(page.says("may not open unix:///var/run/docker.sock"));
    assert!(page.says("group docker"));
    assert!(page.says("What is shown is as of "));
    assert_eq!(page.names().len(), 3, "what was known is still there");

    bridge.tell(&ServerMsg::Daemon(DaemonState::Live { since_millis: 2 }));
    until("live again", || words() == "live").await;
    assert!(!page.says("group docker"));

    bridge.lose();
    until("reconnecting", || words().starts_with("reconnecting")).await;
    assert!(stale());
    let again = Bridge::serve(1, snapshot(vec![container(9, "fresh", State::Running)])).await;
    until("the new fleet", || page.names() == ["fresh"]).await;
    assert_eq!(words(), "live");
    again.lose();
}

#[wasm_bindgen_test]
async fn after_a_break_it_asks_for_what_followed_the_last_event() {
    let page = Page::open("/events").await;
    let bridge = Bridge::serve(0, snapshot(shop())).await;
    let entry = |seq| Entry {
        seq,
        item: Item::Event(Event {
            time_nano: 1_700_000_000_000_000_000,
            kind: "volume".to_owned(),
            action: "create".to_owned(),
            actor_id: format!("vol-{seq}"),
            ..Event::default()
        }),
    };
    bridge.tell(&ServerMsg::Events(EventsFrame {
        epoch: 7,
        entries: vec![entry(41), entry(42)],
        oldest: Position { epoch: 7, seq: 41 },
        before: None,
        newest_before_millis: None,
    }));
    until("the events", || page.says("vol-42")).await;
    bridge.lose();
    let again = Bridge::accept(1).await;
    again.tell(&hello(protocol::BUILD));
    let ClientMsg::Interest(interest) = again.hear("its interest").await else {
        panic!("the first message is no interest");
    };
    let EventsWanted::Live { after, .. } = interest.events else {
        panic!("the page of events wants none");
    };
    assert_eq!(after, Some(Position { epoch: 7, seq: 42 }));
}

#[wasm_bindgen_test]
async fn a_page_of_another_build_that_was_loaded_anew_already_says_so() {
    let storage = web_sys::window()
        .unwrap()
        .session_storage()
        .unwrap()
        .unwrap();
    storage
        .set_item("daemonscope.reloaded-for", "another")
        .unwrap();
    let page = Page::open("/").await;
    Bridge::accept(0).await.tell(&hello("another"));
    until("the sentence", || page.says("was upgraded")).await;
    assert_eq!(page.one(".connection-word").inner_text(), "page outdated");
    storage.clear().unwrap();
}

#[wasm_bindgen_test]
async fn a_made_up_engine_is_said_on_every_page() {
    let page = Page::open("/engine").await;
    let demo = protocol::Snapshot {
        demo: true,
        ..snapshot(shop())
    };
    Bridge::serve(0, demo).await;
    until("the banner", || page.says("made up")).await;
    assert!(page.says("--host") && page.says("DOCKER_HOST"));
    page.one("nav a[href='containers']").click();
    until("the list", || page.names().len() == 3).await;
    assert!(page.says("made up"));
}

#[wasm_bindgen_test]
async fn one_container_is_found_by_name_and_missed_when_gone() {
    with_page("/containers/web-2", shop(), async |page, bridge| {
        until("its name", || page.one("h1").inner_text() == "web-2").await;
        assert!(page.says("Running."));
        bridge.tell(&ServerMsg::Fleet(FleetDelta {
            changed: vec![],
            gone: vec![ContainerKey(1)],
        }));
        until("its end", || page.says("“web-2” is gone")).await;
    })
    .await;
}

#[wasm_bindgen_test]
async fn an_id_that_does_not_exist_is_a_sentence_and_a_way_out() {
    with_page("/containers/nobody", shop(), async |page, _bridge| {
        until("the sentence", || {
            page.says("There is no container “nobody”")
        })
        .await;
        page.one("main a[href='containers']").click();
        until("the list", || page.names().len() == 3).await;
    })
    .await;
}

#[wasm_bindgen_test]
async fn an_address_that_leads_nowhere_says_so() {
    with_page("/no/such/place", shop(), async |page, _bridge| {
        until("the sentence", || {
            page.says("There is no page at this address")
        })
        .await;
    })
    .await;
}

#[wasm_bindgen_test]
async fn frames_that_cannot_be_read_cost_the_connection_and_not_the_page() {
    with_page("/containers", shop(), async |page, bridge| {
        until("rows", || page.names().len() == 3).await;
        bridge.tell_bytes(&[255, 1, 2, 3]);
        let again = Bridge::serve(1, snapshot(shop())).await;
        until("live", || {
            page.one(".connection-word").inner_text() == "live"
        })
        .await;
        again.tell(&cpu(&[(1, 100), (777, 100)]));
        until("a figure", || page.cell("web-2", "CPU %") == "1.00%").await;
    })
    .await;
}
