//! The big chart: one quantity of one container over ten minutes, with both axes and a crosshair that all charts of a
//! page share.

mod crosshair;
mod draw;
mod readout;
mod view;

pub use crosshair::{Crosshair, provide_crosshair};
pub use draw::places;
pub use view::Chart;

use leptos::{
    html::{Canvas, ElementType},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};

use crate::browser::{
    painter::{self, DrawingId},
    palette::Palette,
    surface::Surface,
};

/// What the bridge keeps at least.
const WINDOW_MILLIS: u64 = 10 * 60 * 1000;

/// Keeps an element drawn by `draw`, which is told its room, from when it is there until the part that calls this is
/// unmounted.
pub fn drawn<E>(
    element: NodeRef<E>,
    draw: impl Fn(&Element, (f64, f64), &Palette) + Clone + 'static,
) -> StoredValue<Option<DrawingId>>
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let id = StoredValue::new(None);
    element.on_load(move |element| {
        let element: Element = element.unchecked_into();
        let drawing = element.clone();
        id.set_value(Some(painter::add(&element, move |size, palette| {
            draw(&drawing, size, palette);
        })));
    });
    on_cleanup(move || {
        if let Some(Some(id)) = id.try_get_value() {
            painter::remove(id);
        }
    });
    id
}

/// The same for a canvas, which is given cleared.
pub fn painted(
    canvas: NodeRef<Canvas>,
    paint: impl Fn(&Surface) + Clone + 'static,
) -> StoredValue<Option<DrawingId>> {
    drawn(canvas, move |element, size, palette| {
        let canvas: &HtmlCanvasElement = element.unchecked_ref();
        if let Some(surface) = Surface::of(canvas, size, palette) {
            paint(&surface);
        }
    })
}
