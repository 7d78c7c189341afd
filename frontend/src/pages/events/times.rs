use leptos::{ev, html::Canvas, prelude::*};
use model::{events::Histogram, format::thousands, span};
use wasm_bindgen::JsCast as _;

use super::{
    Asked, Held,
    counts::{Counts, Of, counts},
    span::Span,
};
use crate::{
    browser::{clock, painter, surface::Surface},
    components::painted,
    live::{effect, live_view},
};

/// When how much happened. A stretch that is drawn with the pointer, or typed, is what the list shows.
#[component]
pub fn Times(asked: RwSignal<Asked>, held: Held) -> impl IntoView {
    let counts = counts(held);
    let awaited = Memo::new(move |_| counts.read().of == Of::Former);
    let chosen = Memo::new(move |_| {
        let asked = asked.read();
        (asked.since_millis, asked.until_millis)
    });
    // from and to in the picture while the pointer draws, 0 to 1
    let drawn = RwSignal::new(None::<(f64, f64)>);

    let canvas = NodeRef::<Canvas>::new();
    let id = painted(canvas, move |surface| {
        let (Some(counts), Some(chosen), Some(drawn)) = (
            counts.try_get_untracked(),
            chosen.try_get_untracked(),
            drawn.try_get_untracked(),
        ) else {
            return;
        };
        let span = match drawn {
            Some((one, other)) => {
                let (from, to) = counts.histogram.span(one, other);
                (Some(from), Some(to))
            }
            None => chosen,
        };
        draw(surface, &counts.histogram, span);
    });
    effect(move || {
        counts.track();
        chosen.track();
        drawn.track();
        // memos that are only tracked and never read would not be worked out
        counts.with(|_| ());
        chosen.with(|_| ());
        if let Some(id) = id.get_value() {
            painter::touch(id);
        }
    });

    let part = move |event: &ev::PointerEvent| {
        let width = canvas
            .get_untracked()
            .map_or(0.0, |canvas| f64::from(canvas.client_width()));
        (width > 0.0).then(|| f64::from(event.offset_x()) / width)
    };
    let press = move |event: ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let (Some(at), Some(canvas)) = (part(&event), canvas.get_untracked()) {
            // a browser that does not capture ends the stretch at the edge
            let _ = canvas
                .unchecked_ref::<web_sys::Element>()
                .set_pointer_capture(event.pointer_id());
            drawn.set(Some((at, at)));
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if let (Some((from, _)), Some(at)) = (drawn.get_untracked(), part(&event)) {
            drawn.set(Some((from, at)));
        }
    };
    let release = move |_| {
        let Some((from, to)) = drawn.get_untracked() else {
            return;
        };
        drawn.set(None);
        let is_click = (from - to).abs() < CLICK;
        let span = counts.with_untracked(|counts| counts.histogram.span(from, to));
        asked.update(|asked| {
            (asked.since_millis, asked.until_millis) = if is_click {
                (None, None)
            } else {
                (Some(span.0), Some(span.1))
            };
        });
    };

    let summary = Memo::new(move |_| in_words(&counts.read()));
    view! {
        <div class="event-times" class:is-awaited=awaited aria-busy=move || awaited.get().to_string()>
            <canvas
                class="histogram"
                node_ref=canvas
                role="img"
                aria-label=summary
                title="Draw to choose a stretch of time, click to show all"
                on:pointerdown=press
                on:pointermove=drag
                on:pointerup=release
                on:pointercancel=move |_| drawn.set(None)
            ></canvas>
            <p class="event-axis small quiet number" aria-hidden="true">
                {live_view(move || {
                    let counts = counts.read();
                    let [begin, step, end] = axis(&counts.histogram);
                    let step = if counts.of == Of::Former { "counting…".to_owned() } else { step };
                    [begin, step, end].map(|word| view! { <span>{word}</span> })
                })}
            </p>
            <div class="event-times-foot">
                <ul class="event-legend small">
                    {live_view(move || {
                        let histogram = &counts.read().histogram;
                        let scale = histogram.scale();
                        histogram
                            .sums()
                            .into_iter()
                            .map(|(class, sum)| {
                                view! {
                                    <li class=format!(
                                        "event-class as-{}",
                                        class.word().split(' ').next().unwrap_or_default(),
                                    )>
                                        {class.word()} " " <span class="number">{thousands(sum as usize)}</span>
                                        {(scale.of(class) < scale.others).then_some(" (drawn lower)")}
                                    </li>
                                }
                            })
                            .collect_view()
                    })}
                </ul>
                <Span asked=asked />
            </div>
            {live_view(move || {
                let of = counts.read().of;
                uncounted(of).map(|words| view! { <p class="event-part small" role="status">{words}</p> })
            })}
        </div>
    }
}

/// What is said where not all is counted.
fn uncounted(of: Of) -> Option<&'static str> {
    match of {
        Of::All | Of::Former => None,
        Of::HeldByLength => Some(
            "Counted are only the entries that this page holds: the filter is too long for the bridge to count the others.",
        ),
        Of::HeldByFailure => Some(
            "Counted are only the entries that this page holds: the bridge could not count the others. Its log says why; \
             another filter or stretch asks it again.",
        ),
    }
}

/// What stands below the picture: when it begins, how long a bar is, when it ends.
fn axis(histogram: &Histogram) -> [String; 3] {
    if histogram.bars.is_empty() {
        return Default::default();
    }
    let (from, to) = (histogram.from_millis, histogram.to_millis());
    let (begin, end) = (clock::date_time(from), clock::date_time(to));
    let step = format!("a bar is {}", span(histogram.step_millis));
    if begin.get(..10) == end.get(..10) {
        [clock::time_of_day(from), step, clock::time_of_day(to)]
    } else {
        [begin, step, end]
    }
}

/// A pointer that moved less of the picture's width has not drawn.
const CLICK: f64 = 0.004;

fn draw(surface: &Surface, histogram: &Histogram, (since, until): (Option<u64>, Option<u64>)) {
    let (width, height) = (surface.width, surface.height);
    let palette = surface.palette;
    surface.hairline((0.0, height - 1.0), (width, height - 1.0), &palette.line);
    let scale = histogram.scale();
    let bar_width = width / histogram.bars.len().max(1) as f64;
    for (place, bar) in histogram.bars.iter().enumerate() {
        let left = (place as f64 * bar_width).round();
        let right = ((place + 1) as f64 * bar_width).round() - 1.0;
        let mut bottom = height - 1.0;
        // what always goes on is the ground, and what happens stands on it
        for class in model::events::Class::ALL.into_iter().rev() {
            let count = bar[class as usize];
            if count > 0 {
                let tall = (f64::from(count) * scale.of(class) * (height - 4.0)).max(1.0);
                bottom -= tall;
                let colour = palette.class(class);
                surface.rect(left, bottom.max(0.0), (right - left).max(1.0), tall, colour);
            }
        }
    }
    // over the bars: what is counted in a gap may not be all
    for (from, to) in &histogram.gaps {
        let left = from.map_or(0.0, |from| histogram.place(from)) * width;
        let right = histogram.place(*to) * width;
        surface.hatch(
            left,
            0.0,
            (right - left).max(3.0),
            height,
            &palette.ink_quiet,
        );
    }
    if since.is_none() && until.is_none() {
        return;
    }
    let left = since.map_or(0.0, |since| histogram.place(since)) * width;
    let right = until.map_or(1.0, |until| histogram.place(until)) * width;
    surface.shade(0.0, 0.0, left, height, &palette.panel);
    surface.shade(right, 0.0, width - right, height, &palette.panel);
    for x in [left, right - 1.0] {
        surface.hairline((x.max(0.0), 0.0), (x.max(0.0), height), &palette.accent);
    }
}

fn in_words(Counts { histogram, of }: &Counts) -> String {
    if histogram.bars.is_empty() {
        let so_far = if *of == Of::Former {
            "counting"
        } else {
            "none yet"
        };
        return format!("Events over time: {so_far}");
    }
    let sums: Vec<String> = histogram
        .sums()
        .into_iter()
        .map(|(class, sum)| format!("{} {}", class.word(), thousands(sum as usize)))
        .collect();
    let gaps = match histogram.gaps.len() {
        0 => String::new(),
        1 => "; 1 gap".to_owned(),
        gaps => format!("; {gaps} gaps"),
    };
    format!(
        "Events over time, from {} to {}: {}{gaps}",
        clock::date_time(histogram.from_millis),
        clock::date_time(histogram.to_millis()),
        if sums.is_empty() {
            "none".to_owned()
        } else {
            sums.join(", ")
        }
    )
}
