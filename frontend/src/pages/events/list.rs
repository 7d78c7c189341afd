use std::sync::Arc;

use leptos::{html, prelude::*};
use model::{Entry, Item};

use super::{
    Asked, Held,
    frame::{ListFrame, Place},
    row::{EventRow, gap_row},
};
use crate::components::{Kind, Windowed, show_rows};

/// Each event by itself. Of the list only the lines near what is seen exist.
#[component]
pub fn List(
    asked: RwSignal<Asked>,
    held: Held,
    opened: RwSignal<Option<Arc<Entry>>>,
) -> impl IntoView {
    let count = Memo::new(move |_| held.count());
    let windowed = Windowed::new(
        count,
        move |stretch| {
            held.with(|list| {
                list.lines(count.get(), stretch.start, stretch.end)
                    .into_iter()
                    .map(Line)
                    .collect()
            })
        },
        Line::eq,
        ".event-line",
        Kind::Log,
    );

    // what is read stays under the eye when lines come above it
    Effect::new(move |before: Option<Option<u64>>| {
        let newest = held.with(|list| list.lines(count.get(), 0, 1).first().map(|entry| entry.seq));
        if let (Some(Some(before)), Some(newest)) = (before, newest)
            && newest > before
        {
            let above = held.with(|list| list.newer_than(before));
            windowed.scroll_down(i32::try_from(above).unwrap_or(i32::MAX));
        }
        newest
    });
    let end = NodeRef::<html::Li>::new();
    let lines_near = move || {
        let near = windowed.near.read();
        (near.first, near.lines.clone())
    };
    show_rows(
        end,
        lines_near,
        Line::key,
        move |line: Line, _| match &line.0.item {
            Item::Event(_) => view! { <EventRow entry=line.0 opened=opened /> }.into_any(),
            Item::Gap(gap) => gap_row(gap).into_any(),
        },
    );
    let place = Place::of(windowed, end);
    view! { <ListFrame label="Events, newest first" place=place asked=asked held=held count=count /> }
}

/// One entry, equal where it is the very same.
#[derive(Debug, Clone)]
struct Line(Arc<Entry>);

impl Line {
    /// The address tells entries of two runs of the bridge apart.
    fn key(&self) -> (u64, usize) {
        (self.0.seq, Arc::as_ptr(&self.0) as usize)
    }
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
