use leptos::prelude::*;

/// The moment that a person points at, for all charts below the part that provides it.
#[derive(Debug, Clone, Copy)]
pub struct Crosshair {
    /// Unix milliseconds of the bridge's clock.
    pub at_millis: RwSignal<Option<u64>>,
}

impl Crosshair {
    fn new() -> Self {
        Self {
            at_millis: RwSignal::new(None),
        }
    }

    /// That of the page; a chart without one has its own.
    pub(super) fn of_page() -> Self {
        use_context().unwrap_or_else(Self::new)
    }
}

/// Makes the charts of the page that calls this share one crosshair.
pub fn provide_crosshair() -> Crosshair {
    let crosshair = Crosshair::new();
    provide_context(crosshair);
    crosshair
}
