use crate::live::{live, live_view};
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
    let parts = live(move || {
        shares
            .get()
            .into_iter()
            .filter(|share| share.part > 0.0)
            .map(part)
            .collect_view()
    });
    let share = live(move || {
        let (size, reclaimable) = sums.get();
        reclaimable
            .saturating_mul(100)
            .checked_div(size)
            .map(|percent| format!("{percent} %"))
    });
    view! {
        <figure class="usage-picture">
            <div class="figures">
                <p class="figure">
                    <span class="figure-label">"In use by Docker"</span>
                    <span class="figure-value">{live(move || format::bytes(sums.get().0))}</span>
                </p>
                <p class="figure">
                    <span class="figure-label usage-key is-hatched">"Reclaimable"</span>
                    <span class="figure-value">
                        {live(move || format::bytes(sums.get().1))}
                        <span class="figure-unit">{share}</span>
                    </span>
                </p>
            </div>
            <div class="usage-bar" role="img" aria-label=live(move || in_words(&shares.read()))>
                {parts}
            </div>
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

fn part(share: Share) -> impl IntoView {
    view! {
        <span
            class=format!("usage-part {}", class_of(share.class))
            style=("--part", format!("{:.5}", share.part))
        >
            <span
                class="usage-reclaimable"
                style=("--part", format!("{:.5}", share.reclaimable))
            ></span>
        </span>
    }
}

fn key(row: UsageRow) -> impl IntoView {
    view! {
        <span class="state">
            <UsageSwatch class=row.class />
            <span class="quiet">{row.class.word()}</span>
            {format::human_size(row.size_bytes as f64)}
        </span>
    }
}

fn in_words(shares: &[Share]) -> String {
    shares
        .iter()
        .map(|share| {
            format!(
                "{} {:.0} % of all, of which {:.0} % reclaimable",
                share.class.word(),
                share.part * 100.0,
                share.reclaimable * 100.0
            )
        })
        .collect::<Vec<_>>()
        .join("; ")
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
