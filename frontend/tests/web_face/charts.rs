use leptos::prelude::*;
use model::{ContainerKey, Figures, Metric, chart::Quantity};
use page::components::{Chart, Sparkline, provide_crosshair};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use crate::stage::Stage;

const KEY: ContainerKey = ContainerKey(7);

fn figures(cpu_hundredths: u64) -> Figures {
    Figures {
        cpu_hundredths: Some(cpu_hundredths),
        memory_used_bytes: Some(1 << 20),
        ..Figures::default()
    }
}

/// A minute of samples up to now.
fn fill(stage: &Stage) {
    let now = stage.connection.now_untracked();
    for second in 0..60u64 {
        let figures = figures(second * 100);
        stage.series.push(now - (59 - second) * 1000, |_| figures);
    }
}

/// How many pixels of the canvas are not clear.
fn ink(canvas: &HtmlCanvasElement) -> usize {
    let (width, height) = (canvas.width(), canvas.height());
    if width == 0 || height == 0 {
        return 0;
    }
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let pixels = context
        .get_image_data(0.0, 0.0, f64::from(width), f64::from(height))
        .unwrap();
    pixels
        .data()
        .chunks(4)
        .filter(|pixel| pixel[3] != 0)
        .count()
}

fn canvas(stage: &Stage) -> HtmlCanvasElement {
    stage.one("canvas").unchecked_into()
}

#[wasm_bindgen_test]
async fn a_chart_is_drawn_and_told_in_words() {
    let stage = Stage::show(|| view! { <Chart key=KEY quantity=Quantity::Cpu /> });
    let canvas = canvas(&stage);
    fill(&stage);
    stage.until_says("59.00%").await;
    stage
        .until("the canvas has ink", |_| ink(&canvas) > 500)
        .await;
    assert_eq!(canvas.get_attribute("role").as_deref(), Some("img"));
    let label = canvas.get_attribute("aria-label").unwrap_or_default();
    assert!(label.starts_with("CPU over the last 10 minutes"), "{label}");
}

#[wasm_bindgen_test]
async fn charts_share_the_crosshair() {
    let stage = Stage::show(|| {
        provide_crosshair();
        view! {
            <Chart key=KEY quantity=Quantity::Cpu />
            <Chart key=KEY quantity=Quantity::Memory />
        }
    });
    fill(&stage);
    stage.until_says("59.00%").await;
    stage.until_says("1MiB").await;
    let press = |key: &str| {
        let options = web_sys::KeyboardEventInit::new();
        options.set_key(key);
        options.set_bubbles(true);
        let event =
            web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options).unwrap();
        stage.one("canvas").dispatch_event(&event).unwrap();
    };
    press("Home");
    stage
        .until("both at a time when nobody watched", |stage| {
            stage.text().matches("nobody watched").count() == 2
        })
        .await;
    press("Escape");
    stage.until_says("1MiB").await;
}

#[wasm_bindgen_test]
async fn a_sparkline_is_drawn() {
    let stage = Stage::show(|| view! { <Sparkline key=KEY metric=Metric::Cpu /> });
    fill(&stage);
    let path = |part: &str| {
        let path = stage.one(&format!(".sparkline-{part}"));
        path.get_attribute("d").unwrap_or_default()
    };
    stage
        .until("a minute of it", |_| {
            path("line").matches('L').count() == 59
        })
        .await;
    assert!(path("area").ends_with('Z'), "{}", path("area"));
    assert!(
        !path("holes").is_empty(),
        "nobody watched in the minute before"
    );
}
