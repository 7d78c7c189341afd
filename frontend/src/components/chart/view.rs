use leptos::{ev, html::Canvas, prelude::*};
use model::{
    ContainerKey, Depth,
    chart::{Axis, Plot, Quantity, Summary, Trace},
};

use super::{Crosshair, WINDOW_MILLIS, draw::Picture, painted, readout::Readout};
use crate::{
    browser::painter,
    live::effect,
    state::{Connection, Series},
};

/// How often the words for those who do not see the picture are made anew.
const WORDS_EVERY_MILLIS: u64 = 10_000;
/// How far the arrow keys move the crosshair.
const STEP_MILLIS: u64 = 5_000;

/// One quantity of one container, or of the sum, over the last ten minutes.
///
/// Keeps the past of `key` while it is there; live samples come for what an interest names.
#[component]
pub fn Chart(
    key: ContainerKey,
    quantity: Quantity,
    /// Drawn as a line where the values come near it.
    #[prop(optional, into)]
    limit: Signal<Option<f64>>,
    /// What stands beside the title, as the limit in words.
    #[prop(optional, into)]
    note: Signal<String>,
) -> impl IntoView {
    let (series, connection) = (Series::expect(), Connection::expect());
    let crosshair = Crosshair::of_page();
    series.watch(key, Depth::Whole);

    let traces = move |plot: &Plot| -> Vec<Trace> {
        series
            .with(key, |ring| {
                quantity
                    .strands()
                    .iter()
                    .map(|strand| {
                        Trace::new(
                            ring.points(),
                            strand.metric,
                            plot.from_millis,
                            plot.to_millis,
                        )
                    })
                    .collect()
            })
            .unwrap_or_default()
    };
    let plot_of = move |width: f64, height: f64| {
        let to = connection.now_untracked();
        Plot::with_axes(width, height, to.saturating_sub(WINDOW_MILLIS), to)
    };

    let canvas = NodeRef::<Canvas>::new();
    let id = painted(canvas, move |surface| {
        let plot = plot_of(surface.width, surface.height);
        let traces = traces(&plot);
        let highest = traces.iter().map(Trace::highest).fold(0.0, f64::max);
        let limit = limit.try_get_untracked().flatten();
        Picture {
            quantity,
            plot,
            axis: Axis::with_limit(quantity.unit(), highest, limit, plot.bottom - plot.top),
            traces: &traces,
            limit,
            pointed_at: crosshair.at_millis.try_get_untracked().flatten(),
        }
        .draw(surface);
    });
    effect(move || {
        crosshair.at_millis.track();
        // a memo that is only tracked and never read would not be worked out, and so never change
        limit.get();
        if let Some(id) = id.get_value() {
            painter::touch(id);
        }
    });

    let point_at = move |event: ev::PointerEvent| {
        if let Some(canvas) = canvas.get_untracked() {
            let plot = plot_of(
                f64::from(canvas.client_width()),
                f64::from(canvas.client_height()),
            );
            let x = f64::from(event.offset_x());
            crosshair
                .at_millis
                .set((x >= plot.left).then(|| plot.moment(x)));
        }
    };
    let leave = move || crosshair.at_millis.set(None);
    let step = move |event: ev::KeyboardEvent| {
        let newest = connection.now_untracked();
        let at = crosshair.at_millis.get_untracked().unwrap_or(newest);
        let next = match event.key().as_str() {
            "ArrowLeft" => at
                .saturating_sub(STEP_MILLIS)
                .max(newest.saturating_sub(WINDOW_MILLIS)),
            "ArrowRight" => (at + STEP_MILLIS).min(newest),
            "Home" => newest.saturating_sub(WINDOW_MILLIS),
            "End" => newest,
            "Escape" => return leave(),
            _ => return,
        };
        event.prevent_default();
        crosshair.at_millis.set(Some(next));
    };

    let words = Memo::new(move |before: Option<&(u64, String)>| {
        let now = connection.now.get();
        match before {
            Some((at, words)) if now.saturating_sub(*at) < WORDS_EVERY_MILLIS => {
                (*at, words.clone())
            }
            _ => (now, in_words(quantity, &traces(&plot_of(0.0, 0.0)))),
        }
    });
    let label = Memo::new(move |_| words.read().1.clone());

    view! {
        <section class=format!("chart {}", quantity.class())>
            <header class="chart-head">
                <h2 class="chart-title">
                    {quantity.title()} " " <span class="chart-note">{note}</span>
                </h2>
                <Readout key quantity crosshair />
            </header>
            <div class="chart-frame">
                <canvas
                    class="chart-canvas"
                    node_ref=canvas
                    role="img"
                    tabindex="0"
                    aria-label=label
                    on:pointermove=point_at
                    on:pointerdown=point_at
                    on:pointerleave=move |_| leave()
                    on:blur=move |_| leave()
                    on:keydown=step
                ></canvas>
            </div>
        </section>
    }
}

fn in_words(quantity: Quantity, traces: &[Trace]) -> String {
    let mut words = format!("{} over the last 10 minutes", quantity.title());
    for (strand, trace) in quantity.strands().iter().zip(traces) {
        let told = Summary::of(trace).map_or_else(
            || "nothing known".to_owned(),
            |summary| summary.text(quantity.unit()),
        );
        words += &format!(
            "{} {}: {told}",
            if strand.word.is_empty() { "" } else { "," },
            strand.word
        );
    }
    words
}
