use leptos::reactive::graph::Source;

/// A signal that lives as long as the page does, and tells who reads it in a way that keeps nobody.
///
/// The reactive graph takes an effect or a memo that is gone out of what it has read never
/// (`reactive_graph` 0.2: `mark_subscribers_check` copies the set and drops nobody from it), so that a signal that rows
/// come and go by holds each of them for ever. Here all are told and then forgotten; who is still there reads the signal
/// anew, because it was told, and is in the set again.
pub(super) trait Shed {
    /// Call it after each change.
    fn shed(&self);
}

impl<T: Source> Shed for T {
    fn shed(&self) {
        self.clear_subscribers();
    }
}
