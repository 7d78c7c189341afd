use leptos::{prelude::*, svg::Svg};
use model::{
    ContainerKey, Depth, Metric,
    chart::{Axis, Plot, Quantity, Trace, path},
};
use web_sys::Element;

use super::chart;
use crate::{
    browser::painter,
    live::effect,
    state::{Connection, Series},
};

/// What a sparkline in a row shows; as many samples as it has places to draw them.
const WINDOW_MILLIS: u64 = 2 * 60 * 1000;
const POINTS: u32 = 130;
/// In the order in which [`draw`] fills them. As views they would get an element around each.
const PATHS: &str = r#"<path class="sparkline-holes"/><path class="sparkline-area"/><path class="sparkline-line"/>"#;

/// The course of one metric without words, beside the figure that says it.
///
/// Keeps the past of `key` while it is there; live samples come for what an interest names.
///
/// There may be one in each row of a long list: for Chromium a canvas is a layer of its own, which makes scrolling dearer
/// (docs/performance.md); an SVG is a part of its row.
#[component]
pub fn Sparkline(key: ContainerKey, metric: Metric) -> impl IntoView {
    let (series, connection) = (Series::expect(), Connection::expect());
    series.watch(key, Depth::Recent(POINTS));
    let picture = NodeRef::<Svg>::new();
    chart::drawn(picture, move |picture, (width, height), _| {
        let to = connection.now_untracked();
        let from = to.saturating_sub(WINDOW_MILLIS);
        let plot = Plot::bare(width, height, from, to);
        let trace = series.with(key, |ring| {
            Trace::new(ring.points(), metric, plot.from_millis, plot.to_millis)
        });
        if let Some(trace) = trace {
            draw(picture, &plot, &trace, metric.quantity());
        }
    });
    let class = format!("sparkline {}", metric.quantity().class());
    view! {
        <svg class=class node_ref=picture aria-hidden="true" inner_html=PATHS></svg>
    }
}

fn draw(picture: &Element, plot: &Plot, trace: &Trace, quantity: Quantity) {
    let axis = Axis::new(quantity.unit(), trace.highest(), plot.bottom);
    let times = plot.times();
    // as hatching, so small a hole would be the loudest thing of the row
    let holes: Vec<Vec<(f64, f64)>> = trace
        .holes
        .iter()
        .map(|(from, to)| {
            let y = plot.bottom - 0.5;
            vec![(times.place(*from as f64), y), (times.place(*to as f64), y)]
        })
        .collect();
    let runs = chart::places(plot, &axis, trace);
    let paths = [
        path::lines(&holes),
        path::areas(&runs, plot.bottom),
        path::lines(&runs),
    ];
    let mut part = picture.first_element_child();
    for path in paths {
        let Some(element) = part else { return };
        // only a name that is none is refused
        let _ = element.set_attribute("d", &path);
        part = element.next_element_sibling();
    }
}

/// Draws everything anew when figures come, and once a second while none do. Called once, by the page's root.
pub fn paint_on_ticks() {
    let (series, connection) = (Series::expect(), Connection::expect());
    Effect::new(move |before: Option<u32>| {
        connection.now.track();
        let revision = series.revision.get_untracked();
        // the tick has drawn this second already
        if before == Some(revision) {
            painter::touch_all_soon();
        }
        revision
    });
    effect(move || {
        series.revision.track();
        painter::touch_all_soon();
    });
}
