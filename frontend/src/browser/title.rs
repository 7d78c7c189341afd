use crate::live::effect;

/// What the tab is called, while the place that says so is on screen.
pub fn show(place: impl Fn() -> String + 'static) {
    effect(move || {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(&format!("{} · daemonscope", place()));
        }
    });
}
