use leptos::{ev, prelude::*};

/// The screen that it is drawn for, lying or standing; any other shows the same larger or smaller.
const LONG_PX: f64 = 1280.0;
const SHORT_PX: f64 = 720.0;

/// How much larger than drawn.
pub fn scale() -> ReadSignal<f64> {
    let (scale, set_scale) = signal(of_window());
    let resized = window_event_listener(ev::resize, move |_| set_scale.set(of_window()));
    on_cleanup(move || resized.remove());
    scale
}

fn of_window() -> f64 {
    let px = |length: Result<wasm_bindgen::JsValue, _>| length.ok()?.as_f64();
    let window = window();
    let (Some(width), Some(height)) = (px(window.inner_width()), px(window.inner_height())) else {
        return 1.0;
    };
    let (wide, tall) = if width >= height {
        (LONG_PX, SHORT_PX)
    } else {
        (SHORT_PX, LONG_PX)
    };
    (width / wide).min(height / tall).max(0.25)
}
