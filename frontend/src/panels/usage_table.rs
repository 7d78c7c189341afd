use leptos::prelude::*;
use model::{UsageRow, format};

use crate::components::{UsageSwatch, figure_or_unknown};

/// The table of `docker system df`, figure by figure.
#[component]
pub fn UsageTable(rows: Memo<Vec<UsageRow>>) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table as-lines usage-table" role="table">
                <thead>
                    <tr>
                        <th scope="col">"TYPE"</th>
                        <th scope="col" class="is-number">
                            "TOTAL"
                        </th>
                        <th scope="col" class="is-number">
                            "ACTIVE"
                        </th>
                        <th scope="col" class="is-number">
                            "SIZE"
                        </th>
                        <th scope="col" class="is-number">
                            "RECLAIMABLE"
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|row| row.class let:row>
                        <Row class=row.class rows=rows />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(class: model::UsageClass, rows: Memo<Vec<UsageRow>>) -> impl IntoView {
    let row = Memo::new(move |_| rows.read().iter().find(|row| row.class == class).copied());
    let cell =
        move |label: &'static str, class: &'static str, text: fn(&UsageRow) -> Option<String>| {
            view! {
                <td role="cell" class=class data-label=label>
                    {figure_or_unknown(move || row.read().as_ref().and_then(text))}
                </td>
            }
        };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="line-1 is-grow">
                <span class="state">
                    <UsageSwatch class=class />
                    {class.word()}
                </span>
            </th>
            {cell("total", "is-number", |row| row.total.map(|total| total.to_string()))}
            {cell("active", "is-number", |row| row.active.map(|active| active.to_string()))}
            {cell(
                "",
                "is-number line-1",
                |row| row.size_bytes.map(|bytes| format::human_size(bytes as f64)),
            )}
            {cell("reclaimable", "is-number", format::reclaimable)}
        </tr>
    }
}
