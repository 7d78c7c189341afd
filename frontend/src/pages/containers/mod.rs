//! The list of containers.

mod cells;
mod group;
mod head;
mod lines;
mod query;
mod row;
mod table;
mod tools;

use leptos::prelude::*;
use model::{FiguresWanted, Want};

use crate::{browser::title, state::InterestHandle};
use lines::Lines;
use query::UrlQuery;
use table::Table;
use tools::Tools;

#[component]
pub fn Containers() -> impl IntoView {
    title::show(|| "Containers".to_owned());
    InterestHandle::expect().declare(|| Want {
        figures: FiguresWanted::All,
        ..Want::default()
    });
    let query = UrlQuery::open();
    let lines = Lines::new(query);
    view! {
        <section class="page is-full" aria-labelledby="containers-title">
            <div class="page-head containers-head">
                <h1 id="containers-title">"Containers"</h1>
                <Tools query=query lines=lines />
            </div>
            <Table query=query lines=lines />
        </section>
    }
}
