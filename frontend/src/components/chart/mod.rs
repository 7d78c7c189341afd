//! The big chart: one quantity of one container over ten minutes, with both axes and a crosshair that all charts of a
//! page share.

mod crosshair;
mod draw;
mod readout;
mod view;

pub use crosshair::{Crosshair, provide_crosshair};
pub use draw::places;
pub use view::Chart;

use leptos::{html::Canvas, prelude::*};

use crate::browser::{
    painter::{self, CanvasId},
    surface::Surface,
};

/// What the bridge keeps at least.
const WINDOW_MILLIS: u64 = 10 * 60 * 1000;

/// Paints `canvas` from when it is there until the part that calls this is unmounted.
pub fn painted(
    canvas: NodeRef<Canvas>,
    paint: impl Fn(&Surface) + Clone + 'static,
) -> StoredValue<Option<CanvasId>> {
    let id = StoredValue::new(None);
    canvas.on_load(move |element| {
        id.set_value(Some(painter::add(&element, paint)));
    });
    on_cleanup(move || {
        if let Some(Some(id)) = id.try_get_value() {
            painter::remove(id);
        }
    });
    id
}
