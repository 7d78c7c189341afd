use std::sync::Arc;

use leptos::prelude::*;
use model::{Metric, format, ports};
use timeline::text::visible;

use super::cells::FigureCells;
use crate::{
    components::{Sparkline, StateMark},
    live::{live, live_view},
    state::{Connection, Fleet, Row},
};

/// One container's line.
#[component]
pub fn ContainerRow(row: Row, #[prop(into)] index: Signal<Option<usize>>) -> impl IntoView {
    let Row { key, container } = row;
    let fleet = Fleet::expect();
    let figures = fleet.watch_figures(key);
    let container: Signal<Arc<model::Container>> = container.into();
    let now = Connection::expect().now;
    let condition = Memo::new(move |_| container.read().condition());
    let name = Memo::new(move |_| container.read().shown_name());
    let service = Memo::new(move |_| container.read().shown_service());
    let network_note = Memo::new(move |_| {
        let container = container.read();
        let reference = container.network_of()?;
        let of = fleet.find(reference).map_or_else(
            || visible(reference),
            |row| row.container.read_untracked().shown_name(),
        );
        Some(format!(
            "shares the network of {of}: not counted in the project's sum"
        ))
    });
    let since = Memo::new(move |_| container.read().since_words(now.get()));
    let status = live(move || format::status(&container.read(), now.get_untracked()));
    let ports_short = Memo::new(move |_| ports::short(&container.read().ports));
    let ports_long = live(move || format::ports(&container.read().ports));
    let image = Memo::new(move |_| visible(&container.read().image));
    let image_short = live(move || image.with(|image| format::image_short(image)));
    let href = live(move || format!("containers/{}", container.read().short_id()));
    view! {
        <tr role="row" aria-rowindex=index>
            <td class="col-state line-1">
                <StateMark condition=condition />
            </td>
            <th scope="row" class="col-name is-name line-1 is-grow">
                <a href=href title=name>{name}</a>
                {live_view(move || service.get().map(|service| view! { <span class="row-service quiet">{service}</span> }))}
            </th>
            <FigureCells figures=figures network_note=network_note>
                <Sparkline key=key metric=Metric::Cpu />
            </FigureCells>
            <td class="col-since is-quiet" title=status>
                {since}
            </td>
            <td class="col-ports is-quiet line-none" title=ports_long>{ports_short}</td>
            <td class="col-image is-quiet line-none" title=image>
                {image_short}
            </td>
        </tr>
    }
}
