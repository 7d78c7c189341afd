use crate::{
    components::figure_or_unknown,
    live::{live, live_view},
};
use leptos::prelude::*;
use model::{
    UsageClass, UsageRow,
    disk::{self, Share},
    format,
};

/// A reading of the disk usage as its sums and a bar whose length is all bytes: a hue for each class, hatched where a
/// prune would free it.
#[component]
pub fn UsagePicture(
    rows: Memo<Vec<UsageRow>>,
    /// What each hue is, with its size; not where a table says it anyway.
    #[prop(optional)]
    classes: bool,
) -> impl IntoView {
    let shares = Memo::new(move |_| disk::shares(&rows.read()));
    let sums = Memo::new(move |_| disk::sums(&rows.read()));
    let parts = live_view(move || {
        let (known, unknown): (Vec<_>, Vec<_>) =
            (shares.get().into_iter()).partition(|share| share.part.is_some());
        (
            known.into_iter().filter_map(part).collect_view(),
            unknown.into_iter().map(unknown_part).collect_view(),
        )
    });
    let not_told = Memo::new(move |_| disk::not_told(&rows.read()));
    let share = live(move || {
        let (size, reclaimable) = sums.get();
        if size.at_least || reclaimable.at_least {
            return None;
        }
        (reclaimable.bytes?.saturating_mul(100))
            .checked_div(size.bytes?)
            .map(|percent| format!("{percent}%"))
    });
    view! {
        <figure class="usage-picture">
            <div class="figures">
                <p class="figure">
                    <span class="figure-label">"In use by Docker"</span>
                    <span class="figure-value">{figure_or_unknown(move || sums.get().0.in_words(human))}</span>
                </p>
                <p class="figure">
                    <span class="figure-label usage-key is-hatched">"Reclaimable"</span>
                    <span class="figure-value">
                        {figure_or_unknown(move || sums.get().1.in_words(human))}
                        <span class="figure-unit">{share}</span>
                    </span>
                </p>
            </div>
            <div class="usage-bar" role="img" aria-label=live(move || disk::in_words(&shares.read()))>
                {parts}
            </div>
            {live_view(move || not_told.get().map(|words| view! { <p class="figure-note">{words}</p> }))}
            {classes
                .then(|| {
                    view! {
                        <figcaption class="usage-legend">
                            {live_view(move || rows.get().into_iter().map(key).collect_view())}
                        </figcaption>
                    }
                })}
        </figure>
    }
}

/// As the docker command writes sizes.
fn human(bytes: u64) -> String {
    format::human_size(bytes as f64)
}

fn part(share: Share) -> Option<impl IntoView> {
    let part = share.part.filter(|part| *part > 0.0)?;
    let (class, reclaimable) = match share.reclaimable {
        Some(reclaimable) => ("usage-reclaimable", reclaimable),
        None => ("usage-reclaimable is-unknown", 1.0),
    };
    Some(view! {
        <span
            class=format!("usage-part {}", class_of(share.class))
            style=("--part", format!("{part:.5}"))
        >
            <span class=class style=("--part", format!("{reclaimable:.5}"))></span>
        </span>
    })
}

/// Of a class whose size is not known: as wide as its word.
fn unknown_part(share: Share) -> impl IntoView {
    view! { <span class=format!("usage-part is-unknown {}", class_of(share.class))>"unknown"</span> }
}

fn key(row: UsageRow) -> impl IntoView {
    view! {
        <span class="state">
            <UsageSwatch class=row.class />
            <span class="quiet">{row.class.word()}</span>
            {figure_or_unknown(move || row.size_bytes.map(|bytes| format::human_size(bytes as f64)))}
        </span>
    }
}

/// The hue of a class, beside its word.
#[component]
pub fn UsageSwatch(class: UsageClass) -> impl IntoView {
    view! { <span class=format!("usage-swatch {}", class_of(class)) aria-hidden="true"></span> }
}

fn class_of(class: UsageClass) -> &'static str {
    match class {
        UsageClass::Images => "as-images",
        UsageClass::Containers => "as-containers",
        UsageClass::LocalVolumes => "as-volumes",
        UsageClass::BuildCache => "as-cache",
    }
}
