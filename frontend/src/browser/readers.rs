//! Forgets who has read a signal and is gone.
//!
//! The reactive graph takes an effect or a memo that is gone never out of the set of those who have read a signal
//! (`reactive_graph` 0.2: nothing is dropped from a set but by who reads anew), so that a signal that rows come and go by
//! holds a piece of each of them for ever. Here all readers are told and then forgotten: who is still there reads anew,
//! because it was told, and is in the set again. What lives as long as the page or a place of it, and is read by what
//! comes and goes, is [`kept`] or a [`kept_memo`]; what changes every second is also [`shed`] after each change, so that
//! the set does not grow until the next [`sweep`].

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{
    prelude::*,
    reactive::{
        computed::ArcMemo,
        graph::{ReactiveNode, Source, ToAnySource},
    },
};

const EVERY: Duration = Duration::from_secs(60);

type Act = Rc<dyn Fn()>;

thread_local! {
    static KEPT: RefCell<Vec<(u64, Act)>> = RefCell::default();
    static NEXT: Cell<u64> = const { Cell::new(0) };
    static SWEEPING: Cell<bool> = const { Cell::new(false) };
}

/// Forgets the readers of a signal that has just told them of a change.
pub fn shed(source: &impl Source) {
    source.clear_subscribers();
}

/// Tells the readers of a signal that it changed, though it did not, and forgets them.
pub fn retell(source: &impl Source) {
    source.mark_dirty();
    source.clear_subscribers();
}

/// Does `act` with every [`sweep`] for as long as the part that calls this is mounted.
pub fn on_sweep(act: impl Fn() + 'static) {
    let id = NEXT.replace(NEXT.get() + 1);
    KEPT.with_borrow_mut(|kept| kept.push((id, Rc::new(act))));
    on_cleanup(move || {
        KEPT.with_borrow_mut(|kept| kept.retain(|(other, _)| *other != id));
    });
}

/// This signal, whose readers are swept.
pub fn kept<S: Source + Copy + 'static>(signal: S) -> S {
    on_sweep(move || retell(&signal));
    signal
}

/// A memo whose readers are swept.
pub fn kept_memo<T>(of: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let memo = ArcMemo::new_owning(move |before: Option<T>| {
        let now = of(before.as_ref());
        // readers of a memo look whether it has changed before they read anew
        let told = SWEEPING.get() || before.as_ref() != Some(&now);
        (now, told)
    });
    let source = memo.to_any_source();
    on_sweep(move || {
        source.mark_dirty();
        source.update_if_necessary();
        source.clear_subscribers();
    });
    memo.into()
}

/// Sweeps the readers of all that is kept, now.
pub fn sweep() {
    let kept: Vec<_> = KEPT.with_borrow(|kept| kept.iter().map(|(_, act)| act.clone()).collect());
    SWEEPING.set(true);
    for act in kept {
        act();
    }
    SWEEPING.set(false);
}

/// Sweeps once a minute, for as long as the part that calls this is mounted.
pub fn sweep_every_minute() {
    if let Ok(interval) = set_interval_with_handle(sweep, EVERY) {
        on_cleanup(move || interval.clear());
    }
}
