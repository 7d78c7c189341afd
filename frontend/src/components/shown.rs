use leptos::{
    children::{ChildrenFn, ViewFn},
    prelude::*,
};

use crate::live::live;

/// Its children while `when` is true, and `fallback` otherwise.
#[component]
pub fn Shown(
    #[prop(into)] when: Signal<bool>,
    #[prop(optional, into)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    // what reads something that changed to the same truth is not made anew
    let when = Memo::new(move |_| when.get());
    live(move || {
        if when.get() {
            children()
        } else {
            fallback.run()
        }
    })
}
