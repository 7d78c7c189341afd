use leptos::prelude::*;
use model::{
    Figures,
    list::{Line, total},
};

use super::{cells::FigureCells, lines::find_group, query::UrlQuery};
use crate::{components::Windowed, live::live, state::Fleet};

/// The line of a compose project: it folds, and carries the sums of its containers.
#[component]
pub fn GroupRow(
    project: Option<String>,
    query: UrlQuery,
    lines: Windowed<Line>,
    #[prop(into)] index: Signal<Option<usize>>,
) -> impl IntoView {
    let fleet = Fleet::expect();
    let group = {
        let project = project.clone();
        Memo::new(move |_| lines.near.with(|near| find_group(&near.lines, &project)))
    };
    let sums = Memo::new(move |_| {
        fleet.tick.track();
        group.with(|group| match group {
            Some(group) => total(group.members.iter().filter_map(|key| {
                fleet.look(*key, |container, figures| {
                    (container.network_of().is_some(), figures)
                })
            })),
            None => Figures::default(),
        })
    });
    let folded =
        Memo::new(move |_| group.with(|group| group.as_ref().is_some_and(|group| group.folded)));
    let count = live(move || {
        group.with(|group| {
            group
                .as_ref()
                .map(|group| format!("{} of {} running", group.running, group.members.len()))
        })
    });
    let name = project.clone().unwrap_or_default();
    let word = project.unwrap_or_else(|| "no project".to_owned());
    view! {
        <tr role="row" class="is-group" aria-rowindex=index>
            <th scope="rowgroup" colspan="2" class="line-1 is-grow">
                <button
                    type="button"
                    class="fold"
                    aria-expanded=live(move || (!folded.get()).to_string())
                    on:click=move |_| query.change(|query| query.toggle_fold(&name))
                >
                    <span class="ellipsis">{word}</span>
                </button>
                <span class="row-service quiet">{count}</span>
            </th>
            <FigureCells figures=sums />
            <td class="col-since line-none"></td>
            <td class="col-ports line-none"></td>
            <td class="col-image line-none"></td>
        </tr>
    }
}
