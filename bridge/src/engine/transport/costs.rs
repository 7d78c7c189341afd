use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::Route;

/// What the bridge costs the daemon, counted for each route since the bridge began.
#[derive(Debug, Default)]
pub struct Costs {
    routes: [Counters; Route::ALL.len()],
    /// Lines and bodies that were longer than their limit.
    too_long: AtomicU64,
    /// Lines, bodies and items that could not be read.
    unreadable: AtomicU64,
}

#[derive(Debug, Default)]
struct Counters {
    calls: AtomicU64,
    bytes: AtomicU64,
    micros: AtomicU64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteCost {
    /// The path's template, without the version.
    pub route: &'static str,
    pub calls: u64,
    /// Received, heads included.
    pub bytes: u64,
    /// Waited for: until the end of an answer, until the head of a stream.
    pub waited: Duration,
}

impl Costs {
    /// One row for each route, in the order of the table.
    pub fn routes(&self) -> Vec<RouteCost> {
        Route::ALL
            .iter()
            .map(|route| {
                let counters = &self.routes[*route as usize];
                RouteCost {
                    route: route.template(),
                    calls: counters.calls.load(Ordering::Relaxed),
                    bytes: counters.bytes.load(Ordering::Relaxed),
                    waited: Duration::from_micros(counters.micros.load(Ordering::Relaxed)),
                }
            })
            .collect()
    }

    pub fn too_long(&self) -> u64 {
        self.too_long.load(Ordering::Relaxed)
    }

    pub fn unreadable(&self) -> u64 {
        self.unreadable.load(Ordering::Relaxed)
    }

    pub(crate) fn count_too_long(&self) {
        self.too_long.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_unreadable(&self) {
        self.unreadable.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_call(&self, route: Route) {
        self.routes[route as usize]
            .calls
            .fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_bytes(&self, route: Route, bytes: usize) {
        self.routes[route as usize]
            .bytes
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn count_wait(&self, route: Route, waited: Duration) {
        let micros = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        self.routes[route as usize]
            .micros
            .fetch_add(micros, Ordering::Relaxed);
    }
}
