//! Costly work, one piece a frame: a browser lays out and paints after each, and two in one frame hold up whoever scrolls.

use std::{cell::RefCell, collections::VecDeque};

use leptos::prelude::request_animation_frame;

type Act = Box<dyn FnOnce()>;

#[derive(Default)]
struct Frames {
    /// Something was done since the last frame began.
    taken: bool,
    /// What comes next, a piece a frame.
    waiting: VecDeque<(&'static str, Act)>,
}

thread_local! {
    static FRAMES: RefCell<Frames> = RefCell::default();
}

/// Whether something may be done now that could as well wait for the next frame. Say [`take`] when it was done.
pub fn is_free() -> bool {
    FRAMES.with_borrow(|frames| !frames.taken && frames.waiting.is_empty())
}

/// Until the next frame nothing else is to be done.
pub fn take() {
    let was_taken = FRAMES.with_borrow_mut(|frames| std::mem::replace(&mut frames.taken, true));
    if !was_taken {
        request_animation_frame(begin);
    }
}

/// Does `act` now, or in the first frame that is free. Of the same `name` only one waits: it must do the whole of what was
/// asked for until then. In a tab that nobody sees it waits until somebody does.
pub fn soon(name: &'static str, act: impl FnOnce() + 'static) {
    if is_free() {
        take();
        act();
        return;
    }
    FRAMES.with_borrow_mut(|frames| {
        if frames.waiting.iter().all(|(other, _)| *other != name) {
            frames.waiting.push_back((name, Box::new(act)));
        }
    });
    // it begins a frame even where nothing else does
    take();
}

fn begin() {
    let next = FRAMES.with_borrow_mut(|frames| {
        frames.taken = false;
        frames.waiting.pop_front()
    });
    if let Some((_, act)) = next {
        take();
        act();
    }
}
