use leptos::{html::Canvas, prelude::*};
use model::{
    ContainerKey, Depth, Metric,
    chart::{Axis, Plot, Trace},
};

use super::chart;
use crate::{
    browser::{painter, surface::Surface},
    state::{Connection, Series},
};

/// What a sparkline in a row shows; as many samples as it has places to draw them.
const WINDOW_MILLIS: u64 = 2 * 60 * 1000;
const POINTS: u32 = 130;

/// The course of one metric without words, beside the figure that says it.
///
/// Keeps the past of `key` while it is there; live samples come for what an interest names.
#[component]
pub fn Sparkline(key: ContainerKey, metric: Metric) -> impl IntoView {
    let (series, connection) = (Series::expect(), Connection::expect());
    series.watch(key, Depth::Recent(POINTS));
    let canvas = NodeRef::<Canvas>::new();
    let quantity = metric.quantity();
    chart::painted(canvas, move |surface| {
        let to = connection.now_untracked();
        let from = to.saturating_sub(WINDOW_MILLIS);
        let plot = Plot::bare(surface.width, surface.height, from, to);
        let trace = series.with(key, |ring| {
            Trace::new(ring.points(), metric, plot.from_millis, plot.to_millis)
        });
        if let Some(trace) = trace {
            draw(surface, &plot, &trace, quantity);
        }
    });
    let class = format!("sparkline {}", quantity.class());
    view! { <canvas class=class node_ref=canvas aria-hidden="true"></canvas> }
}

fn draw(surface: &Surface, plot: &Plot, trace: &Trace, quantity: model::chart::Quantity) {
    let axis = Axis::new(quantity.unit(), trace.highest(), surface.height);
    let colour = surface.palette.series(quantity);
    // as hatching, so small a hole would be the loudest thing of the row
    let times = plot.times();
    for (from, to) in &trace.holes {
        let y = plot.bottom - 0.5;
        let (left, right) = (times.place(*from as f64), times.place(*to as f64));
        surface.line(&[(left, y), (right, y)], &surface.palette.line, 1.0, true);
    }
    for run in chart::places(plot, &axis, trace) {
        surface.area(&run, plot.bottom, colour, 0.16);
        surface.line(&run, colour, 1.25, false);
    }
}

/// Paints every canvas when figures come, and once a second while none do. Called once, by the page's root.
pub fn paint_on_ticks() {
    let (series, connection) = (Series::expect(), Connection::expect());
    Effect::new(move |before: Option<u32>| {
        connection.now.track();
        let revision = series.revision.get_untracked();
        // the tick has painted this second already
        if before == Some(revision) {
            painter::touch_all();
        }
        revision
    });
    Effect::new(move || {
        series.revision.track();
        painter::touch_all();
    });
}
