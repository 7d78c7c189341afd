//! What a large fleet costs the page, in counts: of elements, and of changes to the document.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    reason = "in a test the place tells what was missing"
)]

#[expect(dead_code, reason = "it is there for all tests of the page")]
mod support;

use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use protocol::{ContainerKey, FleetDelta, ServerMsg, State};
use support::{Page, changed, container, cpu, moved, until, watch, with_page};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const ROW: &str = "tbody tr[role=row]";

fn fleet(count: u32) -> Vec<protocol::Container> {
    (1..=count)
        .map(|key| container(key, &format!("c{key}"), State::Running))
        .collect()
}

/// Lines that a screen may show, and those that are kept beyond its edges.
fn most_rows() -> usize {
    let screen = web_sys::window().unwrap().inner_height().unwrap();
    (screen.as_f64().unwrap() / 16.0) as usize + 2 * 12 + 2 * 8
}

/// Waits until no more rows are made.
async fn filled(page: &Page) {
    let mut before = 0;
    loop {
        // rows wait while a frame is taken by figures, and the next one by drawings
        for _ in 0..8 {
            frame().await;
        }
        let now = page.all(ROW).len();
        if now > 0 && now == before {
            return;
        }
        before = now;
    }
}

async fn frame() {
    let next = Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .request_animation_frame(&resolve)
            .unwrap();
    });
    JsFuture::from(next).await.unwrap();
}

/// Lets everything run that waits for no frame, no timer and no message.
async fn let_effects_run() {
    for _ in 0..20 {
        JsFuture::from(Promise::resolve(&JsValue::NULL))
            .await
            .unwrap();
    }
}

#[wasm_bindgen_test]
async fn figures_of_rows_outside_the_window_change_nothing() {
    with_page("/containers", fleet(1000), async |page, bridge| {
        filled(&page).await;
        bridge.tell(&cpu(&[(1, 100), (2, 100)]));
        until("figures", || page.cell("c1", "CPU %") == "1.00%").await;
        let shown = u32::try_from(page.all(ROW).len()).unwrap();
        assert!(shown < 500, "{shown} rows");

        watch(&page.one("table"));
        let outside: Vec<(u32, u64)> = (500..=1000).map(|key| (key, 4200)).collect();
        bridge.tell(&cpu(&outside));
        // in the same way, after the first
        bridge.tell(&cpu(&[(1, 200)]));
        until("the second frame", || page.cell("c1", "CPU %") == "2.00%").await;
        assert_eq!(changed("table"), 1, "the text of one cell");
    })
    .await;
}

#[wasm_bindgen_test]
async fn twice_the_fleet_is_as_many_elements() {
    let mut counts = Vec::new();
    for count in [1000, 2000] {
        with_page("/containers", fleet(count), async |page, _bridge| {
            filled(&page).await;
            let rows = page.all(ROW).len();
            assert!(rows <= most_rows(), "{rows} rows of {count}");
            counts.push(page.all("*").len());
        })
        .await;
    }
    assert_eq!(counts[0], counts[1]);
}

#[wasm_bindgen_test]
async fn what_is_typed_within_a_frame_is_looked_for_once_or_twice() {
    with_page("/containers", fleet(1000), async |page, _bridge| {
        filled(&page).await;
        watch(&page.one(".page-tools"));
        for typed in ["c", "c1", "c12", "c12x", "c123", "c12", "c1", "c12"] {
            page.type_into("input[type=search]", typed);
            let_effects_run().await;
        }
        // the first at once, and what came after it with the next frame
        until("the last search", || page.says("989 hidden")).await;
        assert!(
            (1..=2).contains(&changed(".search-end")),
            "{} times",
            changed(".search-end")
        );
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_burst_of_changes_is_one_or_two_lists() {
    with_page("/containers", fleet(1000), async |page, bridge| {
        filled(&page).await;
        watch(&page.one(".page-tools"));
        for key in 500..540 {
            bridge.tell(&ServerMsg::Fleet(FleetDelta {
                changed: vec![container(key, &format!("c{key}"), State::Paused)],
                gone: vec![ContainerKey(key + 100)],
            }));
            let_effects_run().await;
        }
        until("all of them", || {
            page.says("paused 40") && page.says("running 920")
        })
        .await;
        assert!(
            (1..=2).contains(&changed(".chip:first-child")),
            "{} times",
            changed(".chip:first-child")
        );
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_window_is_filled_a_few_lines_in_a_frame() {
    with_page("/containers", fleet(60), async |page, _bridge| {
        let mut shown = 0;
        while shown < 60 {
            frame().await;
            let now = page.all(ROW).len();
            // a frame of the page may come before the test looks, or after
            assert!(now - shown <= 2 * 4, "from {shown} to {now} rows");
            shown = now;
        }
        assert_eq!(page.names()[59], "c60");
    })
    .await;
}

#[wasm_bindgen_test]
async fn scrolling_puts_in_the_new_rows_and_moves_no_other() {
    with_page("/containers", fleet(1000), async |page, _bridge| {
        filled(&page).await;
        let frame = page.one(".table-frame");
        frame.style().set_property("block-size", "600px").unwrap();
        frame
            .style()
            .set_property("overflow-anchor", "none")
            .unwrap();
        frame.style().set_property("overflow", "auto").unwrap();
        let row_px = page.one(ROW).offset_height();
        let mut before = page.all(ROW);
        // down by more than there is, a little on, and a little back
        for (line, some_stay) in [(300, false), (308, true), (296, true)] {
            watch(&page.one("tbody"));
            frame.set_scroll_top(line * row_px);
            filled(&page).await;
            let after = page.all(ROW);
            let made = after.iter().filter(|row| !before.contains(row)).count();
            let gone = before.iter().filter(|row| !after.contains(row)).count();
            assert!(made > 0, "nothing new at line {line}");
            assert_eq!(made < after.len(), some_stay, "at line {line}");
            assert_eq!(moved("tbody"), made + gone, "at line {line}");
            let indices: Vec<usize> = after
                .iter()
                .map(|row| row.get_attribute("aria-rowindex").unwrap().parse().unwrap())
                .collect();
            assert!(
                indices.windows(2).all(|pair| pair[0] + 1 == pair[1]),
                "{indices:?}"
            );
            before = after;
        }
    })
    .await;
}

#[wasm_bindgen_test]
async fn containers_that_come_between_others_leave_them_in_their_places() {
    with_page("/containers", fleet(20), async |page, bridge| {
        filled(&page).await;
        let before = page.all(ROW);
        watch(&page.one("tbody"));
        let between = ["c1-a", "c1-b", "c5-a", "c5-b", "c5-c"];
        bridge.tell(&ServerMsg::Fleet(FleetDelta {
            changed: (100..)
                .zip(between)
                .map(|(key, name)| container(key, name, State::Running))
                .collect(),
            gone: vec![],
        }));
        until("all of them", || page.all(ROW).len() == 25).await;
        assert_eq!(moved("tbody"), 5);
        let after = page.all(ROW);
        assert!(before.iter().all(|row| after.contains(row)));
        let mut in_order = page.names();
        assert_eq!(in_order.len(), 25);
        in_order.dedup();
        assert_eq!(in_order.len(), 25);
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_frame_has_one_costly_piece_of_work() {
    use page::browser::frame as costly;

    while !costly::is_free() {
        frame().await;
    }
    let done = Rc::new(RefCell::new(Vec::new()));
    for name in ["figures", "drawings", "drawings", "lines"] {
        let done = done.clone();
        costly::soon(name, move || done.borrow_mut().push(name));
    }
    let mut expected = vec!["figures"];
    assert_eq!(*done.borrow(), expected, "the first at once");
    for name in ["drawings", "lines"] {
        assert!(!costly::is_free());
        frame().await;
        expected.push(name);
        assert_eq!(*done.borrow(), expected);
    }
    frame().await;
    assert!(costly::is_free());
}
