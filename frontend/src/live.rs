//! What follows the state, in few types.
//!
//! leptos compiles the code that keeps a text, an attribute or a part of a page up to date once for each closure that says
//! what it is. Boxed, all closures that give the same are of one type, and the page, which every viewer downloads, has that
//! code once.

use leptos::prelude::*;

/// A text, an attribute or a part of a page, told anew whenever what it reads changes.
pub type Live<T> = Box<dyn FnMut() -> T + Send>;

pub fn live<T>(tell: impl Fn() -> T + Send + 'static) -> Live<T> {
    Box::new(tell)
}

/// [`live`] for what has markup in it.
pub fn live_view<V: IntoView + 'static>(tell: impl Fn() -> V + Send + 'static) -> Live<AnyView> {
    Box::new(move || tell().into_any())
}

/// Does something after what it reads has changed.
pub fn effect(run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(run);
}
