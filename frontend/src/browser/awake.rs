//! Keeps the screen from going dark while a display shows the page.
//!
//! By the browser's own wake lock where it has one, which it gives to secure pages only (W3C, "Screen Wake Lock API"). Over
//! plain http a film that plays does it: one of a single dark point, behind the page, drawn anew now and then.

use std::time::Duration;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, VisibilityState};

/// A film of which nothing new comes is one that stands.
const FRAME: Duration = Duration::from_secs(1);

/// From now on, until the part that calls this is unmounted.
pub fn keep() {
    let lock = StoredValue::new_local(None::<JsValue>);
    let film = StoredValue::new_local(None::<Film>);
    let ask = move || {
        leptos::task::spawn_local(async move {
            match wake_lock().await {
                // where the display was left meanwhile it comes back; the one before may still hold
                Ok(got) => match lock.try_update_value(|held| held.replace(got.clone())) {
                    Some(before) => before.iter().for_each(release),
                    None => release(&got),
                },
                Err(_) if film.try_with_value(Option::is_none) == Some(true) => {
                    if let Some(Some(film)) = film.try_set_value(Film::play().ok()) {
                        film.end();
                    }
                }
                Err(_) => {}
            }
        });
    };
    ask();
    // the browser takes it back where nobody can see the page
    let seen = window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == VisibilityState::Visible {
            ask();
        }
    });
    on_cleanup(move || {
        seen.remove();
        if let Some(Some(lock)) = lock.try_update_value(Option::take) {
            release(&lock);
        }
        if let Some(Some(film)) = film.try_update_value(Option::take) {
            film.end();
        }
    });
}

async fn wake_lock() -> Result<JsValue, JsValue> {
    let lock = Reflect::get(&window().navigator(), &"wakeLock".into())?;
    let promise: Promise = call(&lock, "request", &["screen".into()])?.dyn_into()?;
    JsFuture::from(promise).await
}

fn release(lock: &JsValue) {
    // one that is released already is no fault
    let _ = call(lock, "release", &[]);
}

struct Film {
    screen: Element,
    frames: IntervalHandle,
}

impl Film {
    fn play() -> Result<Self, JsValue> {
        let document = document();
        let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
        canvas.set_width(1);
        canvas.set_height(1);
        let paint: CanvasRenderingContext2d =
            canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
        paint.fill_rect(0.0, 0.0, 1.0, 1.0);
        let film = call(&canvas, "captureStream", &[1.into()])?;
        let screen = document.create_element("video")?;
        screen.set_class_name("awake");
        screen.set_attribute("aria-hidden", "true")?;
        screen.set_attribute("playsinline", "")?;
        Reflect::set(&screen, &"muted".into(), &true.into())?;
        Reflect::set(&screen, &"srcObject".into(), &film)?;
        document
            .body()
            .ok_or(JsValue::NULL)?
            .append_child(&screen)?;
        let playing: Promise = call(&screen, "play", &[])?.dyn_into()?;
        leptos::task::spawn_local(async move {
            // a browser that refuses leaves the screen to its owner's settings
            let _ = JsFuture::from(playing).await;
        });
        let frames = set_interval_with_handle(move || paint.fill_rect(0.0, 0.0, 1.0, 1.0), FRAME)?;
        Ok(Self { screen, frames })
    }

    fn end(self) {
        self.frames.clear();
        self.screen.remove();
    }
}

fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(of, &name.into())?.dyn_into()?;
    function.apply(of, &arguments.iter().collect())
}
