use crate::live::live;
use leptos::prelude::*;

/// How full something is, beside the figures that say it. `None`: it has no limit.
#[component]
pub fn Meter(
    /// 0 to 1.
    #[prop(into)]
    part: Signal<Option<f64>>,
    /// `as-memory` and the like: whose hue it has.
    series: &'static str,
) -> impl IntoView {
    // the row shows it to the hundredth part; less is not worth a change of the document
    let shown = Memo::new(move |_| {
        part.get()
            .map(|part| (part.clamp(0.0, 1.0) * 100.0).round())
    });
    let class = live(move || {
        let tone = match shown.get() {
            Some(95.0..) => "is-bad",
            Some(85.0..) => "is-warn",
            None => "is-unbounded",
            _ => "",
        };
        format!("meter {series} {tone}")
    });
    view! {
        <span class=class aria-hidden="true">
            <span
                class="meter-fill"
                style=("--part", move || format!("{:.2}", shown.get().unwrap_or(0.0) / 100.0))
            ></span>
        </span>
    }
}
