//! Health checks: an exec each time, and a change of verdict now and then.

use std::time::Duration;

use super::{Happening, World};
use crate::fleet::Key;
use crate::fleet::container::{Probe, State, Verdict};
use crate::time::Time;

/// The daemon keeps the results of the last five probes.
const KEPT: usize = 5;

impl World {
    pub(super) fn probe(&mut self, key: Key) {
        let now = self.now;
        let Some(container) = self.fleet.get(key) else {
            return;
        };
        let Some(check) = container.spec.health.clone() else {
            return;
        };
        let run = container.run;
        if container.state == State::Paused {
            // The daemon does not probe what is paused.
            self.at(check.interval, Happening::Probe { key, run });
            return;
        }
        let passed = now >= container.sick_until;
        let exec = self.random.hex(64);
        let what = format!("/bin/sh -c {}", check.command);
        self.emit_container(
            key,
            format!("exec_create: {what}"),
            &[("execID", exec.clone())],
        );
        self.emit_container(
            key,
            format!("exec_start: {what}"),
            &[("execID", exec.clone())],
        );
        let takes = if passed {
            self.random.between(0.04, 0.16)
        } else {
            self.random.between(0.3, 2.5)
        };
        self.at(
            takes,
            Happening::ProbeEnds {
                key,
                run,
                exec,
                began: now,
                passed,
            },
        );
    }

    pub(super) fn probe_ends(&mut self, key: Key, exec: String, began: Time, passed: bool) {
        let now = self.now;
        let code = if passed { "0" } else { "1" };
        self.emit_container(
            key,
            "exec_die",
            &[("execID", exec), ("exitCode", code.to_owned())],
        );
        let Some(container) = self.fleet.get_mut(key) else {
            return;
        };
        let Some(check) = container.spec.health.clone() else {
            return;
        };
        let run = container.run;
        let Some(health) = &mut container.health else {
            return;
        };
        if health.log.len() == KEPT {
            health.log.pop_front();
        }
        health.log.push_back(Probe {
            began,
            ended: now,
            passed,
        });
        let before = health.verdict;
        if passed {
            health.streak = 0;
            health.verdict = Verdict::Healthy;
        } else {
            health.streak += 1;
            if health.streak >= check.retries {
                health.verdict = Verdict::Unhealthy;
            }
        }
        let after = health.verdict;
        if after != before {
            self.emit_container(key, format!("health_status: {}", after.word()), &[]);
        }
        self.at(check.interval, Happening::Probe { key, run });
    }

    /// From now on the health check fails, for that long.
    pub(super) fn fall_sick(&mut self, key: Key, lasts: Duration) {
        let until = self.now + lasts;
        if let Some(container) = self.fleet.get_mut(key) {
            container.sick_until = until;
        }
    }

    pub(super) fn recover(&mut self, key: Key) {
        if let Some(container) = self.fleet.get_mut(key) {
            container.sick_until = Time::NEVER;
        }
    }
}
