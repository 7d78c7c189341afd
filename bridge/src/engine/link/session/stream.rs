//! The event stream of a connection: joined to what is known, read, and begun anew.

use futures_util::FutureExt;
use protocol::{Event, Gap};
use tokio::time::{Instant, timeout};

use super::{NO_SKEW_NANO, RESUME_WITHIN, Session};
use crate::engine::{
    Update, clock,
    events::{self, Joining},
    info,
    transport::{Call, Failure, Line, Lines},
    usage,
};

impl Session<'_> {
    /// What the stream brings first is to be joined to what is known.
    pub(super) fn adopt(&mut self, stream: &Lines) {
        self.compare_clocks(stream);
        self.begin_joining();
    }

    pub(super) fn begin_joining(&mut self) {
        self.joining = Some(Joining::new(self.link.pace.join.clone(), Instant::now()));
    }

    pub(super) fn compare_clocks(&mut self, stream: &Lines) {
        if let Some(date) = stream.date_secs() {
            let skew = date.saturating_mul(1_000_000_000) - clock::now_nano();
            self.skew_nano = if skew.abs() > NO_SKEW_NANO { skew } else { 0 };
        }
    }

    /// A stream that something in between has cut goes on without a word, if the daemon is there and is the same.
    pub(super) async fn resumed(&mut self) -> Option<Lines> {
        let transport = &self.link.transport;
        let since_nano = self.past.since_nano(self.daemon_now_nano());
        let anew = async {
            let version = info::version(transport).await.ok()?;
            if version != self.version {
                return None;
            }
            transport.stream(Call::Events { since_nano }).await.ok()
        };
        let stream = timeout(RESUME_WITHIN, anew).await.ok()??;
        self.silence.broken(Instant::now());
        self.adopt(&stream);
        Some(stream)
    }

    /// The stream that is there goes on until the new one is.
    pub(super) fn resubscribe(&mut self) {
        let since_nano = self.past.since_nano(self.daemon_now_nano());
        self.jobs.resubscribe(since_nano);
    }

    /// The daemon's clock may be set while the stream is open: forwards, then it tells of what is yet to come; or back, then
    /// what happens now seems to be older than the list.
    fn follow_clock(&mut self, event: &Event) {
        let set_back = self.past.is_set_back(event);
        if set_back {
            self.listed_nano = self.listed_nano.min(event.time_nano);
        }
        if set_back || event.time_nano - self.daemon_now_nano() > NO_SKEW_NANO {
            self.skew_nano = event.time_nano - clock::now_nano();
        }
    }

    /// What the stream has at hand while its backlog is gathered.
    pub(super) fn still_joins(&self, stream: &mut Lines) -> Option<Result<Option<Line>, Failure>> {
        let joining = self.joining.as_ref()?;
        if joining.is_over(Instant::now()) {
            return None;
        }
        stream.next().now_or_never()
    }

    pub(super) async fn line(&mut self, line: Line) {
        let now = Instant::now();
        self.silence.broken(now);
        let (parsed, bytes) = match line {
            Line::Whole(line) => (events::parse(&line), line.len()),
            Line::TooLong => (Err("it is too long".to_owned()), 0),
        };
        match parsed {
            Ok(event) => match &mut self.joining {
                Some(joining) => joining.take_in(event, bytes, now),
                None => {
                    self.follow_clock(&event);
                    if self.past.admit(&event) {
                        self.link.tally.count_event(&event);
                        self.event(event).await;
                    }
                }
            },
            Err(error) => {
                tracing::debug!("an event cannot be read: {error}");
                self.link.transport.costs().count_unreadable();
                match &mut self.joining {
                    Some(joining) => joining.unreadable = true,
                    None => self.unreadable().await,
                }
            }
        }
    }

    async fn unreadable(&mut self) {
        if let Some(gap) = self.past.unreadable(self.daemon_now_nano()) {
            tracing::warn!("what the daemon tells cannot be read; `--log debug` says why");
            self.gap(gap).await;
            // what it told about a container is lost
            self.relist();
        }
    }

    pub(super) async fn join(&mut self) {
        let Some(mut joining) = self.joining.take() else {
            return;
        };
        // a gap is told only where what is known did not come in all the time it had
        if !self.broken.daemon_was_down
            && self.past.misses(&joining.backlog)
            && joining.wait_on(Instant::now())
        {
            self.joining = Some(joining);
            return;
        }
        let just_listed = !std::mem::replace(&mut self.joined, true);
        let broken = std::mem::take(self.broken);
        let now_nano = self.daemon_now_nano();
        let remembers = self.past.is_new();
        let (gap, fresh) = self.past.join(joining.backlog, broken, now_nano);
        if let Some(gap) = gap {
            self.gap(gap).await;
            if !just_listed {
                // what happened in the gap is not known
                self.relist();
            }
        }
        for event in fresh {
            // what was before the bridge began may have been counted by the one before it
            if !remembers || event.time_nano >= self.listed_nano {
                self.link.tally.count_event(&event);
            }
            self.event(event).await;
        }
        if joining.unreadable {
            self.unreadable().await;
        }
    }

    async fn gap(&self, gap: Gap) {
        self.link.tally.count_gap(&gap);
        self.tell(Update::Gap(gap)).await;
    }

    async fn event(&mut self, event: Event) {
        let current = event.time_nano >= self.listed_nano;
        if current && usage::may_change(&event) {
            self.link.usage_changes.send_modify(|changes| *changes += 1);
        }
        if current && event.kind == "daemon" && event.action == "reload" {
            self.ask_for_engine();
        }
        if current {
            self.hear(&event);
        }
        // the event first: whoever reads both sees the cause before its effect
        self.tell(Update::Event(event.clone())).await;
        if current {
            self.follow(&event).await;
        }
    }
}
