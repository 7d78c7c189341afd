use std::{ops::Range, time::Duration};

use leptos::{html, prelude::*};
use model::Window;

use crate::{
    browser::{frame, readers::kept_memo},
    live::effect,
};

/// So many lines are made at once, and again in the next frame: a line takes a browser a millisecond or two, and a task
/// of many would hold up whoever scrolls or types.
const AT_ONCE: usize = 3;
/// Until a line could be measured.
const LINE_PX: f64 = 32.0;
const FRAME_PX: f64 = 1200.0;
/// While lines come at the top in less than this, those below are soon out of date: they wait until it is over.
const RUSH: Duration = Duration::from_millis(50);

/// Of a long list in a frame that scrolls only the lines near what is seen exist; all are of one height.
pub struct Windowed<T: Send + Sync + 'static> {
    /// For the frame, which must call [`Self::scrolled`] when it scrolls.
    pub frame: NodeRef<html::Div>,
    /// The lines that are there.
    pub near: Memo<Near<T>>,
    seen: RwSignal<Seen>,
    count: Memo<usize>,
}

impl<T: Send + Sync> Clone for Windowed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Windowed<T> {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of no more lines than `whole` is there whole, so that the browser's own search finds everything.
    Table { whole: usize },
    /// What is new comes at the top, and is shown before what it came after.
    Log,
}

/// Lines that are there, and their place in the whole list.
#[derive(Debug, Clone, PartialEq)]
pub struct Near<T> {
    pub first: usize,
    pub lines: Vec<T>,
    /// More are to come in the next frames; at which turn this was so, for a turn that makes none must still be followed
    /// by another.
    filling: Option<u32>,
}

/// What of the list is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Seen {
    line_px: f64,
    scroll_px: f64,
    frame_px: f64,
}

impl<T> Windowed<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    /// A list of `count` lines, of which `lines` gives a stretch; both may read signals. `same` says whether two are one
    /// that has moved. The first element that `selector` finds in the frame is measured.
    pub fn new(
        count: Memo<usize>,
        lines: impl Fn(Range<usize>) -> Vec<T> + Send + Sync + 'static,
        same: impl Fn(&T, &T) -> bool + Send + Sync + 'static,
        selector: &'static str,
        kind: Kind,
    ) -> Self {
        let frame = NodeRef::<html::Div>::new();
        let seen = RwSignal::new(Seen {
            line_px: LINE_PX,
            scroll_px: 0.0,
            frame_px: FRAME_PX,
        });
        let window = Memo::new(move |_| {
            let count = count.get();
            if let Kind::Table { whole } = kind
                && count <= whole
            {
                return Window::whole(count);
            }
            let Seen {
                line_px,
                scroll_px,
                frame_px,
            } = seen.get();
            Window::of(count, line_px, scroll_px, frame_px)
        });
        // further down, what is read would jump
        let grows = Memo::new(move |_| kind == Kind::Log && seen.read().scroll_px <= 0.0);
        let (turn, set_turn) = signal(0u32);
        let last_turn = StoredValue::new(0);
        // whether lines came at the top lately
        let rush = StoredValue::new(false);
        let near = kept_memo(move |before: Option<&Near<T>>| {
            let turn = turn.get();
            let is_turn =
                last_turn.try_update_value(|last| std::mem::replace(last, turn)) != Some(turn);
            let comes = !is_turn && before.is_some() && grows.get();
            if comes {
                rush.set_value(true);
            }
            let window = window.get();
            let mut wanted = lines(window.first..window.end);
            // the list may be shorter already than its count said
            let window = window.cut_to(wanted.len());
            let there = before.map_or(&[][..], |before| &before.lines);
            let is_there = |line: usize| {
                let line = &wanted[line - window.first];
                there.iter().any(|other| same(other, line))
            };
            let fresh = (window.first..window.first + wanted.len())
                .take(2 * AT_ONCE)
                .filter(|line| !is_there(*line))
                .count();
            let most = match frame::is_free() {
                // more come than are made before the next: the newest stands for them until the rush is over
                _ if comes && fresh > AT_ONCE => 1,
                true => AT_ONCE,
                // what is new is not kept waiting by a drawing
                false if grows.get() => fresh.min(1),
                false => 0,
            };
            let part = window.part(most, grows.get(), is_there);
            if !part.iter().all(|line| is_there(*line)) {
                frame::take();
            }
            let first = part.first().copied().unwrap_or(window.seen);
            let filling = (part.len() < wanted.len()).then_some(turn);
            let mut line = window.first;
            let mut part = part.into_iter().peekable();
            wanted.retain(|_| {
                line += 1;
                part.next_if_eq(&(line - 1)).is_some()
            });
            Near {
                first,
                lines: wanted,
                filling,
            }
        });
        // whatever changes meanwhile, one turn a frame
        let asked = StoredValue::new(false);
        effect(move || {
            if near.read().filling.is_some() && !asked.get_value() {
                asked.set_value(true);
                after_rush(rush, move || {
                    asked.try_set_value(false);
                    set_turn.try_update(|turn| *turn = turn.wrapping_add(1));
                });
            }
        });

        let measure = move || {
            // a frame may come when the place was left
            if let Some(frame) = frame.try_get_untracked().flatten() {
                seen.try_set(Seen::of(&frame, selector));
            }
        };
        let some = Memo::new(move |_| !near.read().lines.is_empty());
        effect(move || {
            // the first lines must be there before one can be measured
            if some.get() {
                request_animation_frame(measure);
            }
        });
        let resized = window_event_listener(leptos::ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
        Self {
            frame,
            near,
            seen,
            count,
        }
    }

    pub fn scrolled(self) {
        if let Some(frame) = self.frame.get_untracked() {
            let scroll_px = f64::from(frame.scroll_top());
            let frame_px = Seen::frame_px(&frame);
            self.seen.update(|seen| {
                seen.scroll_px = scroll_px;
                seen.frame_px = frame_px;
            });
        }
    }

    /// As many lines lower, so that what is read stays where it is when lines come above it; less than none: higher.
    pub fn scroll_down(self, lines: i32) {
        if let Some(frame) = self.frame.get_untracked()
            && frame.scroll_top() > 0
        {
            let px = f64::from(lines) * self.seen.with_untracked(|seen| seen.line_px);
            frame.set_scroll_top(frame.scroll_top() + px as i32);
        }
    }

    /// The first line that is seen, without a signal.
    pub fn top(self) -> usize {
        self.seen.with_untracked(|seen| {
            if seen.line_px > 0.0 {
                (seen.scroll_px / seen.line_px) as usize
            } else {
                0
            }
        })
    }

    /// How tall what stands for the lines before those that are there must be.
    pub fn before_px(self) -> u32 {
        self.px(self.near.read().first)
    }

    /// The same for the lines after.
    pub fn after_px(self) -> u32 {
        self.px(self.count.get().saturating_sub(self.end()))
    }

    /// The place after the last line that is there.
    pub fn end(self) -> usize {
        let near = self.near.read();
        near.first + near.lines.len()
    }

    fn px(self, lines: usize) -> u32 {
        (lines as f64 * self.seen.with(|seen| seen.line_px)) as u32
    }
}

impl Seen {
    fn of(frame: &web_sys::HtmlDivElement, selector: &str) -> Self {
        let line = frame.query_selector(selector).ok().flatten();
        Self {
            line_px: line.map_or(LINE_PX, |line| line.get_bounding_client_rect().height()),
            scroll_px: f64::from(frame.scroll_top()),
            frame_px: Self::frame_px(frame),
        }
    }

    fn frame_px(frame: &web_sys::HtmlDivElement) -> f64 {
        // a frame that is not a scroller is as tall as its lines: never more than the screen is seen of it
        f64::from(frame.client_height()).min(screen_px())
    }
}

/// Acts in the next frame, or in the first after a rush.
fn after_rush(rush: StoredValue<bool>, act: impl FnOnce() + 'static) {
    // where the list is gone the act does nothing
    if rush.try_update_value(std::mem::take) == Some(true) {
        set_timeout(move || after_rush(rush, act), RUSH);
    } else {
        request_animation_frame(act);
    }
}

fn screen_px() -> f64 {
    web_sys::window()
        .and_then(|window| window.inner_height().ok()?.as_f64())
        .unwrap_or(FRAME_PX)
}
