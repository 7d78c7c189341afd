use leptos::{ev, html, prelude::*};

use super::{Asked, Held, Nothing, onwards::Onwards};
use crate::{
    components::Windowed,
    live::{Live, effect, live},
};

/// So near to the end of what is here, older entries are asked for.
const NEAR_END: usize = 40;

/// Where the lines of a list are.
pub struct Place {
    /// For the frame, which scrolls.
    pub frame: NodeRef<html::Div>,
    pub scrolled: Box<dyn FnMut(ev::Event)>,
    /// How tall what stands for the lines before and after those that are there is, in pixels.
    pub before_px: Live<String>,
    pub after_px: Live<String>,
    /// Behind the last line that is there.
    pub end: NodeRef<html::Li>,
    /// The place of that line in the list.
    pub end_line: Box<dyn Fn() -> usize>,
}

impl Place {
    pub fn of<T>(windowed: Windowed<T>, end: NodeRef<html::Li>) -> Self
    where
        T: Clone + PartialEq + Send + Sync + 'static,
    {
        Self {
            frame: windowed.frame,
            scrolled: Box::new(move |_| windowed.scrolled()),
            before_px: px(move || windowed.before_px()),
            after_px: px(move || windowed.after_px()),
            end,
            end_line: Box::new(move || windowed.end()),
        }
    }
}

/// The frame of a list of events or stories, which asks for older ones where somebody scrolls to its end.
#[component]
pub fn ListFrame(
    label: &'static str,
    place: Place,
    asked: RwSignal<Asked>,
    held: Held,
    count: Memo<usize>,
) -> impl IntoView {
    let end_line = place.end_line;
    effect(move || {
        if end_line() + NEAR_END >= count.get() && held.can_look_back() {
            held.look_back();
        }
    });
    view! {
        <div class="list-frame" node_ref=place.frame on:scroll=place.scrolled tabindex="-1">
            <ol class="event-list" aria-label=label>
                <li class="event-space" aria-hidden="true" style:height=place.before_px></li>
                <li
                    node_ref=place.end
                    class="event-space"
                    aria-hidden="true"
                    style:height=place.after_px
                ></li>
            </ol>
            <Nothing asked=asked held=held />
            <Onwards asked=asked held=held />
        </div>
    }
}

fn px(px: impl Fn() -> u32 + Send + 'static) -> Live<String> {
    live(move || format!("{}px", px()))
}
