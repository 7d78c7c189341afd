use leptos::prelude::*;
use model::list::SortKey;

use super::query::UrlQuery;

/// The head of the table: what each column is, in which unit, and whether the list is in its order.
#[component]
pub fn Head(query: UrlQuery) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <SortHead query=query key=SortKey::State word="State" class="col-state" />
                <SortHead query=query key=SortKey::Name word="Name" class="col-name" />
                <SortHead
                    query=query
                    key=SortKey::Cpu
                    word="CPU %"
                    class="col-cpu is-number"
                    title="Of one CPU, as docker stats tells it: two busy CPUs are 200"
                />
                <SortHead
                    query=query
                    key=SortKey::Memory
                    word="Memory"
                    class="col-memory is-number"
                    title="Used without what the page cache can give back; the bar is its part of the limit"
                />
                <SortHead
                    query=query
                    key=SortKey::Network
                    word="Net ↓/s"
                    second="↑/s"
                    class="col-network is-number"
                    title="Received and sent in a second"
                />
                <SortHead
                    query=query
                    key=SortKey::Block
                    word="Block r/s"
                    second="w/s"
                    class="col-block is-number"
                    title="Read from and written to block devices in a second"
                />
                <SortHead
                    query=query
                    key=SortKey::Pids
                    word="PIDs"
                    class="col-pids is-number"
                    title="Processes and threads"
                />
                <SortHead
                    query=query
                    key=SortKey::Started
                    word="Since"
                    class="col-since"
                    title="For how long it is up; of one that ended: its exit code, and how long ago"
                />
                <th scope="col" class="col-ports">"Ports"</th>
                <SortHead query=query key=SortKey::Image word="Image" class="col-image" />
            </tr>
        </thead>
    }
}

#[component]
fn SortHead(
    query: UrlQuery,
    key: SortKey,
    word: &'static str,
    class: &'static str,
    #[prop(optional)] title: &'static str,
    /// Over the second figure of a cell that has two.
    #[prop(optional)]
    second: &'static str,
) -> impl IntoView {
    let order = Memo::new(move |_| {
        query.value.with(|query| {
            if query.sort.key != key {
                "none"
            } else if query.sort.descending {
                "descending"
            } else {
                "ascending"
            }
        })
    });
    view! {
        <th scope="col" class=class aria-sort=order>
            <button
                type="button"
                class="sort"
                title=(!title.is_empty()).then_some(title)
                on:click=move |_| query.change(|query| query.toggle_sort(key))
            >
                {if second.is_empty() {
                    word.into_any()
                } else {
                    view! {
                        <span class="pair">{word}</span>
                        " "
                        <span class="pair">{second}</span>
                    }
                        .into_any()
                }}
            </button>
        </th>
    }
}
