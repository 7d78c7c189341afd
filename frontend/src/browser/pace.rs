//! Seldom enough: what nobody could see in between need not be worked out.

use std::time::Duration;

use leptos::prelude::*;

use super::clock;
use crate::live::effect;

/// Lets an act through at once, and what is asked for during the pause after it all together when the pause ends.
#[derive(Clone, Copy)]
pub struct Pace {
    pause: Pause,
    state: StoredValue<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Until the next frame. In a tab that nobody sees there is none before somebody does.
    Frame,
    /// A tenth of a second: what comes faster than that cannot be read.
    Readable,
    /// A tenth of a second, and half a second where it goes on: for what is taken in at a glance, and costs much to work out.
    Glance,
    /// A fortieth of a second from the act on, so that what is at hand is shown soon; where the browser could not keep that
    /// by far, as long again as it was late, and no longer than a tenth of a second, so that it has time for all else.
    Fair,
}

const READABLE: Duration = Duration::from_millis(100);
const GLANCE: Duration = Duration::from_millis(500);
/// A frame of most screens and a half: to lay out and paint costs a browser more than what is shown.
const FAIR: Duration = Duration::from_millis(25);
/// To be later than this once does not mean to be busy.
const FAIR_LATE: Duration = Duration::from_millis(30);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// Something was done since the last pause,
    Done,
    /// and was asked for again.
    Due,
}

impl Pace {
    pub fn new(pause: Pause) -> Self {
        Self {
            pause,
            state: StoredValue::new(State::Idle),
        }
    }

    /// Runs `act` now, or after the pause where it ran before. It must do the whole of what was asked for until then.
    pub fn ask(self, act: impl Fn() + 'static) {
        self.ask_again(act, false);
    }

    /// `goes_on`: it was asked for during the last pause.
    fn ask_again(self, act: impl Fn() + 'static, goes_on: bool) {
        match self.state.try_get_value() {
            Some(State::Idle) => {
                self.state.set_value(State::Done);
                act();
                let ended = move || {
                    let due = self.state.try_get_value() == Some(State::Due);
                    self.state.try_set_value(State::Idle);
                    if due {
                        self.ask_again(act, true);
                    }
                };
                match self.pause {
                    Pause::Frame => request_animation_frame(ended),
                    Pause::Readable => set_timeout(ended, READABLE),
                    Pause::Glance if goes_on => set_timeout(ended, GLANCE),
                    Pause::Glance => set_timeout(ended, READABLE),
                    Pause::Fair => {
                        let due = clock::now_millis() + FAIR.as_millis() as u64;
                        let rest = move || {
                            let late = clock::now_millis().saturating_sub(due);
                            let late = Duration::from_millis(late);
                            if late > FAIR_LATE {
                                set_timeout(ended, late.min(READABLE));
                            } else {
                                ended();
                            }
                        };
                        set_timeout(rest, FAIR);
                    }
                }
            }
            Some(State::Done) => self.state.set_value(State::Due),
            // it waits already, or what asks is gone
            Some(State::Due) | None => {}
        }
    }
}

/// What `of` gives, anew when what it reads changes, but at most once a frame.
pub fn once_a_frame<T>(of: impl Fn() -> T + Clone + 'static) -> ReadSignal<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let (value, set_value) = signal(untrack(&of));
    let pace = Pace::new(Pause::Frame);
    effect(move || {
        of();
        let of = of.clone();
        pace.ask(move || {
            let fresh = untrack(&of);
            if value.try_with_untracked(|value| *value != fresh) == Some(true) {
                set_value.set(fresh);
            }
        });
    });
    value
}
