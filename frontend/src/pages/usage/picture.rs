use leptos::prelude::*;
use model::{
    UsageClass, UsageRow,
    disk::{self, Share},
};

/// A bar whose length is all bytes: a hue for each class, hatched where a prune would free it.
#[component]
pub fn Picture(rows: Memo<Vec<UsageRow>>) -> impl IntoView {
    let shares = Memo::new(move |_| disk::shares(&rows.read()));
    let parts = move || {
        shares
            .get()
            .into_iter()
            .filter(|share| share.part > 0.0)
            .map(part)
            .collect_view()
    };
    view! {
        <figure class="usage-picture">
            <div class="usage-bar" role="img" aria-label=move || in_words(&shares.read())>
                {parts}
            </div>
            <figcaption class="usage-legend">
                <span class="usage-key">"filled: in use"</span>
                <span class="usage-key is-hatched">"hatched: a prune would free it"</span>
            </figcaption>
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

/// The class that gives a class of usage its hue.
pub fn class_of(class: UsageClass) -> &'static str {
    match class {
        UsageClass::Images => "as-images",
        UsageClass::Containers => "as-containers",
        UsageClass::LocalVolumes => "as-volumes",
        UsageClass::BuildCache => "as-cache",
    }
}
