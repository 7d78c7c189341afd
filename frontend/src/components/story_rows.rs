use leptos::prelude::*;
use model::{
    Entry, Item, Position, Tone,
    events::{StoryLine, told, weight},
    words,
};
use timeline::text;

use super::Mark;
use crate::{
    browser::clock,
    live::{Live, live},
    state::{Connection, Timeline},
};

/// Stories in a short list: when, whom, and what. They go on where they stand.
#[component]
pub fn StoryRows(lines: Memo<Vec<StoryLine>>) -> impl IntoView {
    let row = |line: StoryLine| match line {
        StoryLine::Story { first, .. } => view! { <StoryRow first=first /> }.into_any(),
        StoryLine::Plain(entry) | StoryLine::Within(entry) => entry_row(&entry),
        StoryLine::Probes => ().into_any(),
    };
    view! {
        <ul class="rows">
            <For each=move || lines.get() key=key children=row />
        </ul>
    }
}

fn key(line: &StoryLine) -> (bool, u64) {
    match line {
        StoryLine::Probes => (true, 0),
        StoryLine::Story { first, .. } => (true, first.seq),
        StoryLine::Plain(entry) | StoryLine::Within(entry) => (false, entry.seq),
    }
}

#[component]
fn StoryRow(first: Position) -> impl IntoView {
    let timeline = Timeline::expect().live;
    let told = Memo::new(move |before: Option<&Option<_>>| {
        timeline.revision.track();
        // one that is let go of stays until its list does without it
        timeline
            .with_stories(|stories| told(stories, stories.piece(stories.holding(first)?)?))
            .or_else(|| before.cloned().flatten())
    });
    move || {
        told.get().map(|told| {
            view! {
                <li class="rows-item">
                    <time class="quiet number">{time(told.at_nano)}</time>
                    {mark(told.tone)}
                    <span class="rows-main hostile">
                        <span class="quiet">{told.kind} " "</span>
                        <span class="rows-name">{told.name}</span>
                        " "
                        <span class="rows-words">{told.words}</span>
                    </span>
                </li>
            }
        })
    }
}

fn entry_row(entry: &Entry) -> AnyView {
    match &entry.item {
        Item::Event(event) => view! {
            <li class="rows-item">
                <time class="quiet number">{time(event.time_nano)}</time>
                {mark(weight(event))}
                <span class="rows-main hostile">
                    <span class="quiet">{text::visible(&event.kind)} " "</span>
                    <span class="rows-name">{text::name(event)}</span>
                    " "
                    <span class="rows-words">
                        {text::action(event)} <span class="quiet">" " {text::details(event)}</span>
                    </span>
                </span>
            </li>
        }
        .into_any(),
        Item::Gap(gap) => view! {
            <li class="gap">
                <span>{time(gap.to_nano)} " gap: " {words::gap(gap.reason)}</span>
            </li>
        }
        .into_any(),
    }
}

fn time(nano: i64) -> Live<String> {
    let today = Connection::expect().today;
    let millis = u64::try_from(nano / 1_000_000).unwrap_or(0);
    live(move || clock::near(millis, today.get(), clock::time_of_day))
}

/// Of a routine there is none, but its place stays.
fn mark(tone: Tone) -> impl IntoView {
    let mark = (tone != Tone::Off).then(|| view! { <Mark shape=tone.shape() tone=tone /> });
    view! { <span class="rows-mark">{mark}</span> }
}
