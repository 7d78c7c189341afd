use leptos::prelude::*;
use model::{
    ContainerKey,
    chart::{Quantity, nearest},
};

use super::Crosshair;
use crate::{
    browser::clock,
    live::live_view,
    state::{Connection, Series},
};

/// A sample belongs to a moment that is not farther away.
pub const REACH_MILLIS: u64 = 2_500;

/// What the chart says in words: the figures under the crosshair with their time, or the newest.
#[component]
pub fn Readout(key: ContainerKey, quantity: Quantity, crosshair: Crosshair) -> impl IntoView {
    let (series, connection) = (Series::expect(), Connection::expect());
    let told = Memo::new(move |_| {
        series.revision.track();
        let pointed_at = crosshair.at_millis.get();
        let at = pointed_at.unwrap_or_else(|| connection.now_untracked());
        let reach = if pointed_at.is_some() {
            REACH_MILLIS
        } else {
            2 * REACH_MILLIS
        };
        let values = series
            .with(key, |ring| {
                nearest(ring.points(), at, reach).map(|point| {
                    quantity
                        .strands()
                        .iter()
                        .map(|strand| point.value(strand.metric))
                        .collect::<Vec<_>>()
                })
            })
            .flatten();
        (pointed_at, values)
    });
    let figures = live_view(move || {
        let (pointed_at, values) = told.get();
        match values {
            Some(values) => quantity
                .strands()
                .iter()
                .zip(values)
                .enumerate()
                .map(|(index, (strand, value))| {
                    let value = value
                        .map_or_else(|| "unknown".to_owned(), |value| quantity.unit().text(value));
                    view! {
                        <span class="chart-strand" class:is-second={index > 0}>
                            {(!strand.word.is_empty())
                                .then(|| view! { <span class="quiet">{strand.word}" "</span> })}
                            {value}
                        </span>
                    }
                })
                .collect_view()
                .into_any(),
            None => view! {
                <span class="quiet">
                    {if pointed_at.is_some() { "nobody watched" } else { "no figures" }}
                </span>
            }
            .into_any(),
        }
    });
    let when = live_view(move || {
        told.read()
            .0
            .map(|at| view! { <span class="chart-when">{clock::time_of_day(at)}</span> })
    });
    view! { <p class="chart-readout">{figures} {when}</p> }
}
