use std::sync::Arc;

use leptos::{html, prelude::*};
use model::{Entry, Item, Position, events::StoryLine};

use super::{
    Asked, Held,
    frame::{ListFrame, Place},
    row::{EventRow, gap_row},
    story_row::{ProbesRow, StoryRow},
};
use crate::components::{Kind, Windowed, show_rows};

/// What happened, in stories. Of the list only the lines near what is seen exist.
#[component]
pub fn Stories(
    asked: RwSignal<Asked>,
    held: Held,
    opened: RwSignal<Option<Arc<Entry>>>,
) -> impl IntoView {
    let count = Memo::new(move |_| held.count());
    let windowed = Windowed::new(
        count,
        move |stretch| held.story_lines(stretch),
        StoryLine::eq,
        ".event-line",
        Kind::Log,
    );

    // what is read stays under the eye when lines come or go above it
    Effect::new(move |before: Option<Option<(StoryLine, usize)>>| {
        held.revision.track();
        let top = windowed.top();
        if let Some(Some((line, place))) = before
            && let Some(now) = held.with_stories(|list, stories| list.place_of(stories, &line))
        {
            let moved = now as i64 - place as i64;
            if moved != 0 {
                windowed.scroll_down(i32::try_from(moved).unwrap_or(0));
            }
            // where a person has scrolled meanwhile, another line is the first
            let top = usize::try_from(top as i64 + moved).unwrap_or(0);
            return held.story_lines(top..top + 1).pop().map(|line| (line, top));
        }
        held.story_lines(top..top + 1).pop().map(|line| (line, top))
    });
    let end = NodeRef::<html::Li>::new();
    let lines_near = move || {
        let near = windowed.near.read();
        (near.first, near.lines.clone())
    };
    show_rows(end, lines_near, key, move |line, _| match line {
        StoryLine::Probes => view! { <ProbesRow held=held /> }.into_any(),
        StoryLine::Story { first, is_probes } => {
            view! { <StoryRow first=first is_probes=is_probes held=held /> }.into_any()
        }
        StoryLine::Plain(entry) => plain(entry, false, opened),
        StoryLine::Within(entry) => plain(entry, true, opened),
    });
    let place = Place::of(windowed, end);
    view! { <ListFrame label="Stories, newest first" place=place asked=asked held=held count=count /> }
}

fn plain(entry: Arc<Entry>, within: bool, opened: RwSignal<Option<Arc<Entry>>>) -> AnyView {
    match &entry.item {
        Item::Event(_) => view! { <EventRow entry=entry within=within opened=opened /> }.into_any(),
        Item::Gap(gap) => gap_row(gap).into_any(),
    }
}

/// What a line is about, whatever it says of it.
fn key(line: &StoryLine) -> (u8, Position) {
    let of = |entry: &Arc<Entry>| Position {
        // the address tells entries of two runs of the bridge apart
        epoch: Arc::as_ptr(entry) as usize as u64,
        seq: entry.seq,
    };
    match line {
        StoryLine::Probes => (0, Position { epoch: 0, seq: 0 }),
        StoryLine::Story { first, .. } => (1, *first),
        StoryLine::Plain(entry) => (2, of(entry)),
        StoryLine::Within(entry) => (3, of(entry)),
    }
}
