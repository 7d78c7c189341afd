//! How long the next step of a container's life may take, and which step goes on with what was before.

use protocol::Event;

use super::{Life, SECOND, piece::Phase};

/// From `create` to `start`, and to what is connected and mounted between.
pub(super) const TO_START: i64 = 30 * SECOND;
/// What ends so soon after its start has its end in the same story.
const SHORT_RUN: i64 = 10 * SECOND;
/// The signal to end and the end; `docker stop` may be given any time to wait.
pub(super) const TO_DIE: i64 = 600 * SECOND;
/// Any other signal and an end that it caused.
const OTHER_SIGNAL_TO_DIE: i64 = 15 * SECOND;
/// `die`, `stop`, `start`, `restart`, `destroy` of one command.
const NEXT_STEP: i64 = 10 * SECOND;
/// A restart policy waits up to a minute.
const TO_COME_BACK: i64 = 70 * SECOND;
/// One that came back and ran for longer did not crash in a loop.
const LOOP_RUN: i64 = 600 * SECOND;
/// Disconnecting and unmounting is a part of dying.
pub(super) const TO_LEAVE: i64 = 2 * SECOND;
/// From the end to the removal by the same command.
const BY_FORCE: i64 = SECOND;

/// One step in a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Create,
    Start,
    Kill,
    Oom,
    Die,
    Stop,
    Restart,
    Destroy,
}

impl Step {
    pub fn from_action(action: &str) -> Option<Self> {
        Some(match action {
            "create" => Self::Create,
            "start" => Self::Start,
            "kill" => Self::Kill,
            "oom" => Self::Oom,
            "die" | "died" => Self::Die,
            "stop" => Self::Stop,
            "restart" => Self::Restart,
            // Podman's word
            "destroy" | "remove" => Self::Destroy,
            _ => return None,
        })
    }
}

impl Life {
    /// Whether a step goes on with this stretch of life.
    pub(super) fn accepts(&self, step: Step, nano: i64) -> bool {
        let within = |limit: i64| nano.saturating_sub(self.last_nano) <= limit;
        match (step, self.phase) {
            (Step::Create, _) => false,
            (Step::Start, Phase::Created) => within(TO_START),
            (Step::Start, Phase::Dead) if self.ended_unasked() => within(TO_COME_BACK),
            (Step::Start, Phase::Dead) => within(NEXT_STEP),
            (Step::Kill, Phase::Killing) => within(TO_DIE),
            (Step::Oom, Phase::Started) => within(self.longest_run()),
            (Step::Oom, Phase::OutOfMemory) => within(SHORT_RUN),
            (Step::Die, Phase::Started) => within(self.longest_run()),
            (Step::Die | Step::Stop, Phase::Killing) if self.meant_to_end() => within(TO_DIE),
            (Step::Die | Step::Stop, Phase::Killing) => within(OTHER_SIGNAL_TO_DIE),
            (Step::Die, Phase::OutOfMemory) => within(SHORT_RUN),
            // the order differs by engine
            (Step::Die, Phase::Dead) => self.deaths == 0 && within(NEXT_STEP),
            (Step::Stop | Step::Destroy, Phase::Dead) => within(NEXT_STEP),
            (Step::Restart, Phase::Started) => within(NEXT_STEP),
            (Step::Destroy, Phase::Killing) => within(NEXT_STEP),
            (Step::Destroy, Phase::Created) => within(NEXT_STEP),
            _ => false,
        }
    }

    fn ended_unasked(&self) -> bool {
        self.unasked > 0 && !self.stopped
    }

    fn longest_run(&self) -> i64 {
        if self.unasked > 0 {
            LOOP_RUN
        } else {
            SHORT_RUN
        }
    }

    pub(super) fn meant_to_end(&self) -> bool {
        self.stopped
            || self
                .signals
                .last()
                .is_some_and(|signal| matches!(signal.as_str(), "2" | "3" | "6" | "9" | "15"))
    }

    pub(super) fn take(&mut self, step: Step, event: &Event) {
        let since = event.time_nano.saturating_sub(self.last_nano);
        self.last_nano = self.last_nano.max(event.time_nano);
        match step {
            Step::Create => self.created = true,
            Step::Start => {
                self.starts += 1;
                self.phase = Phase::Started;
            }
            Step::Kill => {
                let signal = event.attribute("signal").unwrap_or("");
                self.signals.push(signal.to_owned());
                self.phase = Phase::Killing;
            }
            Step::Oom => {
                self.out_of_memory += 1;
                if self.phase != Phase::Started {
                    self.phase = Phase::OutOfMemory;
                }
            }
            Step::Die => {
                self.deaths += 1;
                let asked = self.phase == Phase::Killing || self.stopped;
                self.unasked += u32::from(!asked);
                self.exit_code = event
                    .attribute("exitCode")
                    .or_else(|| event.attribute("containerExitCode"))
                    .and_then(|code| code.parse().ok());
                self.ran_secs = event
                    .attribute("execDuration")
                    .and_then(|secs| secs.parse().ok());
                self.phase = Phase::Dead;
            }
            Step::Stop => {
                self.stopped = true;
                if self.phase != Phase::Killing {
                    self.phase = Phase::Dead;
                }
            }
            Step::Restart => {
                self.restarted = true;
                self.phase = Phase::Started;
            }
            Step::Destroy => {
                self.removed = true;
                self.by_force = !self.stopped
                    && since <= BY_FORCE
                    && self.signals.last().is_some_and(|signal| signal == "9");
                self.phase = Phase::Gone;
            }
        }
    }
}
