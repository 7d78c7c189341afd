use std::sync::Arc;

use leptos::prelude::*;
use model::{DaemonState, EngineInfo, Link, Status};

use super::handle;
use crate::browser::{
    clock,
    readers::{kept, kept_memo, shed},
};

/// How the page stands with the bridge, and the bridge with the daemon.
#[derive(Clone, Copy)]
pub struct Connection {
    /// What the connection mark says.
    pub status: Memo<Status>,
    /// Whether what is on screen may no longer be so.
    pub stale: Memo<bool>,
    pub daemon: ReadSignal<DaemonState>,
    /// The bridge serves its own made-up engine.
    pub demo: ReadSignal<bool>,
    /// Where the daemon is reached, as the docker command would write it; empty before it was told.
    pub endpoint: ReadSignal<String>,
    pub engine: ReadSignal<Option<Arc<EngineInfo>>>,
    /// The status with which the daemon's facts are refused: of `engine` only the versions are known then.
    pub info_refused: ReadSignal<Option<u16>>,
    /// Unix milliseconds of the bridge's clock, once a second: for ages. Not to be read in a hot cell.
    pub now: ReadSignal<u64>,
    /// The viewer's day at that time.
    pub today: Memo<u32>,
    /// The last moment at which the status was live, by the bridge's clock.
    fresh_at: StoredValue<Option<u64>>,
    link: RwSignal<Link>,
    silent_since: StoredValue<Option<u64>>,
    clock_ahead: StoredValue<i64>,
    set_daemon: WriteSignal<DaemonState>,
    set_demo: WriteSignal<bool>,
    set_endpoint: WriteSignal<String>,
    set_engine: WriteSignal<Option<Arc<EngineInfo>>>,
    set_info_refused: WriteSignal<Option<u16>>,
    set_now: WriteSignal<u64>,
}

handle!(Connection);

impl Connection {
    pub(super) fn new() -> Self {
        let (daemon, set_daemon) = signal(DaemonState::Connecting);
        let (demo, set_demo) = signal(false);
        let (endpoint, set_endpoint) = signal(String::new());
        let (engine, set_engine) = signal(None);
        let (info_refused, set_info_refused) = signal(None);
        let (now, set_now) = signal(clock::now_millis());
        let link = RwSignal::new(Link::default());
        let silent_since = StoredValue::new(None);
        let clock_ahead = StoredValue::new(0);
        let fresh_at = StoredValue::new(None);
        let status = kept_memo(move |_| {
            now.track();
            let here = clock::now_millis();
            let silent_since: Option<u64> = silent_since.get_value();
            let status = Status::of(
                link.get(),
                &daemon.read(),
                !endpoint.read().is_empty(),
                silent_since,
                here,
            );
            if status == Status::Live {
                let heard = silent_since.unwrap_or(here);
                fresh_at.set_value(Some(heard.saturating_add_signed(-clock_ahead.get_value())));
            }
            status
        });
        let today = kept_memo(move |_| clock::day(now.get()));
        let stale = kept_memo(move |_| status.read().is_stale());
        Self {
            status,
            stale,
            today,
            daemon: kept(daemon),
            demo: kept(demo),
            endpoint: kept(endpoint),
            engine: kept(engine),
            info_refused: kept(info_refused),
            now: kept(now),
            fresh_at,
            link,
            silent_since,
            clock_ahead,
            set_daemon,
            set_demo,
            set_endpoint,
            set_engine,
            set_info_refused,
            set_now,
        }
    }

    /// Unix milliseconds of the bridge's clock at this moment, without a signal.
    pub fn now_untracked(self) -> u64 {
        clock::now_millis().saturating_add_signed(-self.clock_ahead.get_value())
    }

    /// Of which moment what is on screen is while that is stale, by the bridge's clock.
    pub fn as_of(self) -> Option<u64> {
        let fresh_at = self.fresh_at.get_value();
        match &*self.daemon.read() {
            // what was told while the page was away is newer than what it had
            DaemonState::Away(away) if self.link() == Link::Live => {
                fresh_at.max(Some(away.since_millis))
            }
            _ => fresh_at,
        }
    }

    pub fn set_link(self, link: Link) {
        self.link.set(link);
    }

    pub(crate) fn link(self) -> Link {
        self.link.get_untracked()
    }

    pub fn set_daemon(self, state: DaemonState) {
        self.set_daemon.set(state);
    }

    pub fn set_engine(self, engine: Option<EngineInfo>) {
        self.set_engine.set(engine.map(Arc::new));
    }

    pub fn set_info_refused(self, status: Option<u16>) {
        self.set_info_refused.set(status);
    }

    /// What a snapshot tells of the bridge.
    pub fn set_bridge(self, demo: bool, endpoint: String, at_millis: u64) {
        self.clock_ahead
            .set_value(clock::now_millis() as i64 - at_millis as i64);
        self.set_demo.set(demo);
        self.set_endpoint.set(endpoint);
        self.beat();
    }

    /// Since when figures are awaited, by the viewer's clock; `None` while none are.
    pub(crate) fn await_figures(self, since_millis: Option<u64>) {
        self.silent_since.set_value(since_millis);
    }

    pub(crate) fn awaited_since(self) -> Option<u64> {
        self.silent_since.get_value()
    }

    /// Once a second.
    pub(crate) fn beat(self) {
        self.set_now.set(self.now_untracked());
        shed(&self.now);
    }
}
