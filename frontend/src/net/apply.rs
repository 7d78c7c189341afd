use std::time::Duration;

use leptos::prelude::*;
use model::{Container, ContainerKey, DaemonState, Depth, FiguresWanted, Link, Want};
use protocol::{Refusal, SeriesWanted, ServerMsg, Snapshot};

use super::{Net, interest};
use crate::browser::clock;

const REFUSED_PAUSE: Duration = Duration::from_secs(1);

impl Net {
    /// Takes one message in. Effects run only after the task yields, so all of it shows at once.
    pub(super) fn apply(self, message: ServerMsg) {
        match message {
            ServerMsg::Snapshot(snapshot) => self.snapshot(*snapshot),
            ServerMsg::Daemon(state) => {
                if matches!(state, DaemonState::Live { .. }) {
                    self.fleet.told();
                }
                self.connection.set_daemon(state);
            }
            ServerMsg::Engine(engine) => self.connection.set_engine(Some(*engine)),
            ServerMsg::InfoRefused(status) => self.connection.set_info_refused(status),
            ServerMsg::Fleet(delta) => {
                let changed: Vec<Container> = delta.changed.into_iter().map(Into::into).collect();
                self.timeline.learn(&changed);
                self.timeline.forget(&self.fleet.ids(&delta.gone));
                self.fleet.change(changed, &delta.gone);
            }
            ServerMsg::Stats(frame) => {
                self.fleet.update_figures(|table| table.apply(&frame));
                self.series
                    .push(frame.at_millis, |key| self.fleet.figures(key));
                self.connection.await_figures(None);
            }
            ServerMsg::Series(frame) => self
                .series
                .fill(frame.key, |ring| ring.fill(&frame.segments)),
            ServerMsg::Events(frame) => {
                self.timeline.put(
                    frame.epoch,
                    frame.entries,
                    frame.oldest.seq,
                    frame.newest_before_millis,
                    frame.before,
                );
            }
            ServerMsg::EventsUntil(frame) => {
                let events = frame.events;
                self.timeline.put_until(
                    frame.until_millis,
                    events.epoch,
                    events.entries,
                    events.oldest.seq,
                    events.newest_before_millis,
                );
            }
            ServerMsg::Histogram(frame) => {
                self.timeline.counted.put(interest::count_from_wire(frame));
            }
            ServerMsg::Usage(state) => self.usage.put(state),
            // more at once than the bridge gives: some time later it may
            ServerMsg::Refused(Refusal::TooMuch { .. }) => {
                let timeline = self.timeline;
                set_timeout(move || timeline.give_up_older(), REFUSED_PAUSE);
            }
            ServerMsg::Refused(Refusal::NotCounted(wanted)) => {
                let counted = self.timeline.counted;
                counted.give_up(interest::question_from_wire(wanted));
            }
            // a wish that came too late or for somebody who is gone; the next interest says what is wanted now
            ServerMsg::Refused(_) => {}
            // only the first message is one, and the session read it
            ServerMsg::Hello(_) => {}
        }
    }

    fn snapshot(self, snapshot: Snapshot) {
        self.connection
            .set_bridge(snapshot.demo, snapshot.endpoint, snapshot.at_millis);
        // a bridge that has not met its daemon yet has no list: that is not an empty one
        let told =
            matches!(snapshot.daemon, DaemonState::Live { .. }) || !snapshot.containers.is_empty();
        self.connection.set_daemon(snapshot.daemon);
        self.connection
            .set_engine(snapshot.engine.map(|engine| *engine));
        self.connection.set_info_refused(None);
        if self.timeline.begin(snapshot.epoch) {
            self.series.clear();
        }
        let containers: Vec<Container> = snapshot.containers.into_iter().map(Into::into).collect();
        self.timeline.learn(&containers);
        self.fleet.replace(containers);
        if told {
            self.fleet.told();
        }
        self.usage.put(snapshot.usage);
        self.series.ask_again();
        self.connection.set_link(Link::Live);
    }

    /// Asks for older entries while there are fewer than the page wants.
    pub(super) fn top_up(self, want: Want) {
        let wanted = want.events.unwrap_or(0);
        let held = self.timeline.live.with(|entries| entries.len());
        let missing = wanted.saturating_sub(u32::try_from(held).unwrap_or(u32::MAX));
        if missing > 0 {
            self.timeline.live.request_older(missing);
        }
    }

    /// Notes since when figures that the page wants have not come.
    pub(super) fn watch_silence(self, want: Want) {
        let live = matches!(
            *self.connection.daemon.read_untracked(),
            DaemonState::Live { .. }
        );
        let due = live
            && match want.figures {
                FiguresWanted::None => false,
                FiguresWanted::All => self.fleet.any(|container| container.state.has_processes()),
                FiguresWanted::One(key) => self
                    .fleet
                    .any(|container| container.key == key && container.state.has_processes()),
            };
        match (due, self.connection.awaited_since()) {
            (true, None) => self.connection.await_figures(Some(clock::now_millis())),
            (false, Some(_)) => self.connection.await_figures(None),
            _ => {}
        }
    }

    /// For how long figures have been due.
    pub(super) fn silent_millis(self) -> u64 {
        self.connection
            .awaited_since()
            .map_or(0, |since| clock::now_millis().saturating_sub(since))
    }
}

/// The keys of a request, and how far back it reaches, in lots that the bridge takes.
pub(super) fn series_lots(
    wanted: impl IntoIterator<Item = (ContainerKey, Depth)>,
) -> Vec<SeriesWanted> {
    let mut lots: Vec<SeriesWanted> = Vec::new();
    for (key, depth) in wanted {
        let points = depth.points();
        match lots
            .iter_mut()
            .find(|lot| lot.points == points && lot.keys.len() < SERIES_AT_ONCE)
        {
            Some(lot) => lot.keys.push(key),
            None => lots.push(SeriesWanted {
                keys: vec![key],
                points,
            }),
        }
    }
    lots
}

/// A page shows fewer rows at once; a message stays far below the bridge's limit.
const SERIES_AT_ONCE: usize = 100;
