//! Commands in containers: those of a health check fold, those that somebody ran do not.
//!
//! The daemon's events do not say why a command runs. A probe runs exactly the health check's command, and none begins
//! before the interval since the last one is over: so of two that are too close, one is somebody's own, and is told.
//! While the container starts, probes may be closer (`--health-start-interval`), until the first verdict.

use std::collections::HashMap;

use protocol::Event;

use super::{Check, Exec, Probes, Story, Taken, Telling, What};

#[derive(Debug, Clone, Default)]
pub(super) struct Execs {
    /// There were commands at all.
    pub any: bool,
    /// By their ids: where they are told.
    running: HashMap<String, u32>,
    probes: Option<u32>,
    last_probe_nano: Option<i64>,
    /// It was seen to start and there is no verdict yet.
    starting: bool,
}

impl Execs {
    pub fn started(&mut self) {
        self.starting = true;
        self.last_probe_nano = None;
    }

    pub fn judged(&mut self) {
        self.starting = false;
    }

    fn may_probe(&self, check: &Check, command: &str, nano: i64) -> bool {
        check.command == command
            && (self.starting
                || self.last_probe_nano.is_none_or(|last| {
                    // the two times are not of the same step of the daemon's
                    nano.saturating_sub(last) >= check.interval_nano / 10 * 9
                }))
    }

    /// What was running when events were lost, by its slots.
    pub fn break_off(&mut self) -> impl Iterator<Item = u32> {
        self.last_probe_nano = None;
        self.running.values().copied()
    }
}

impl Telling {
    pub(super) fn exec(&mut self, event: &Event, check: Option<&Check>) -> Taken {
        let (verb, command) = match event.action.split_once(": ") {
            Some((verb, command)) => (verb, Some(command)),
            None => (event.action.as_str(), None),
        };
        let nano = event.time_nano;
        let exec = event.attribute("execID").filter(|exec| !exec.is_empty())?;
        let known = self.containers.of(&event.actor_id);
        known.execs.any = true;
        let running = known.execs.running.get(exec).copied().filter(|slot| {
            // an id that is used again is another command
            verb != "exec_create"
                && command.is_none_or(|command| is_told(&self.slots.at(*slot).what, command))
        });
        let slot = match (running, command) {
            (Some(slot), _) => self.slots.add(slot, nano),
            (None, Some(command)) => {
                let probe = check.filter(|check| known.execs.may_probe(check, command, nano));
                let slot = match (probe, known.execs.probes) {
                    (Some(_), Some(probes)) => self.slots.add(probes, nano),
                    (Some(check), None) => {
                        let probes = What::Probes(Probes {
                            command: check.command.clone(),
                            ..Probes::default()
                        });
                        self.slots.open(probes, known.subject(event), nano)
                    }
                    (None, _) => {
                        let exec = What::Story(Story::Exec(Exec {
                            command: command.to_owned(),
                            exit_code: None,
                        }));
                        self.slots.open(exec, known.subject(event), nano)
                    }
                };
                if probe.is_some() {
                    if let What::Probes(probes) = &mut self.slots.at_mut(slot).what {
                        probes.count += 1;
                    }
                    known.execs.probes = Some(slot);
                    known.execs.last_probe_nano = Some(nano);
                }
                known.execs.running.insert(exec.to_owned(), slot);
                slot
            }
            // its beginning is not here, and only that has the command
            (None, None) => return None,
        };
        if verb == "exec_die" {
            let code = event
                .attribute("exitCode")
                .and_then(|code| code.parse().ok());
            known.execs.running.remove(exec);
            self.end_exec(slot, code);
        }
        Some(slot)
    }

    fn end_exec(&mut self, slot: u32, code: Option<i64>) {
        match &mut self.slots.at_mut(slot).what {
            What::Probes(probes) => {
                probes.failed += u32::from(code != Some(0));
                probes.last_exit = code;
            }
            What::Story(Story::Exec(exec)) => exec.exit_code = code,
            _ => {}
        }
    }
}

fn is_told(what: &What, command: &str) -> bool {
    match what {
        What::Probes(probes) => probes.command == command,
        What::Story(Story::Exec(exec)) => exec.command == command,
        _ => false,
    }
}
