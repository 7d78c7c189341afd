use leptos::{either::Either, prelude::*};
use model::{Entry, Item, words};
use timeline::text;

use crate::browser::clock;

/// One entry of the timeline in a short list: when, and what.
pub fn entry_line(entry: &Entry) -> impl IntoView + use<> {
    let at = |nano: i64| clock::time_of_day(u64::try_from(nano / 1_000_000).unwrap_or(0));
    match &entry.item {
        Item::Event(event) => Either::Left(view! {
            <li class="rows-item">
                <time class="quiet number">{at(event.time_nano)}</time>
                <span class="rows-main hostile">
                    <span class="quiet">{text::visible(&event.kind)} " "</span>
                    {text::name(event)}
                    " "
                    {text::action(event)}
                    <span class="quiet">" " {text::details(event)}</span>
                </span>
            </li>
        }),
        Item::Gap(gap) => Either::Right(view! {
            <li class="gap">
                <span>{at(gap.to_nano)} " gap: " {words::gap(gap.reason)}</span>
            </li>
        }),
    }
}
