//! What each contender costs the machine: all of them in turn, again and again, so that whatever else the machine does
//! meets them alike.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Serialize;

use super::contender::{Contender, Programs, Running};
use super::daemon::{Daemon, DaemonTicks};
use super::process::{Memory, Ticks, ticks_a_second};
use crate::steps::note;

/// How often each contender has its turn.
const ROUNDS: u32 = 2;
/// After it has all figures, for what it does only at its start.
const SETTLE: Duration = Duration::from_secs(3);

/// One fleet, watched by each contender.
#[derive(Debug, Clone, Serialize)]
pub struct FleetCosts {
    pub containers: usize,
    pub contenders: Vec<Cost>,
}

impl FleetCosts {
    pub fn of(&self, contender: Contender) -> Option<&Cost> {
        self.contenders
            .iter()
            .find(|cost| cost.contender == contender)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Cost {
    pub contender: Contender,
    pub seconds: f64,
    pub cpu: Cpu,
    /// The largest that was seen.
    pub memory: Memory,
    /// What each viewer received, where there are viewers.
    pub viewer: Option<Traffic>,
}

/// CPU seconds a minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Cpu {
    pub own: f64,
    pub dockerd: f64,
    pub containerd: f64,
    pub shims: f64,
    /// What the rest of the machine did: the containers, the viewers, the terminal, and what does not belong here.
    pub elsewhere: f64,
}

impl Cpu {
    pub fn engine(&self) -> f64 {
        self.dockerd + self.containerd + self.shims
    }
}

/// A minute, by one viewer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Traffic {
    pub frames: f64,
    pub bytes: f64,
}

/// Measures all contenders on the fleet that runs, each for `seconds`.
pub fn measure(programs: &Programs, seconds: u32) -> Result<FleetCosts> {
    let daemon = Daemon::of(&programs.engine)?;
    let containers = daemon.containers();
    let hertz = ticks_a_second()? as f64;
    let mut sums = Contender::ALL.map(|contender| (contender, Sum::default()));
    for round in 0..ROUNDS {
        let mut order: Vec<_> = sums.iter_mut().collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for (contender, sum) in order {
            let mut running = contender.start(programs)?;
            sleep(SETTLE);
            sum.add(
                &mut running,
                &daemon,
                Duration::from_secs(seconds.into()) / ROUNDS,
            )?;
            drop(running);
            note(&format!(
                "{containers} containers, round {} of {ROUNDS}: {contender}",
                round + 1
            ));
        }
    }
    ensure!(
        Daemon::of(&programs.engine)?.containers() == containers,
        "containers of the fleet ended while they were watched; see {}",
        log(&programs.engine)
    );
    Ok(FleetCosts {
        containers,
        contenders: sums
            .into_iter()
            .map(|(contender, sum)| sum.cost(contender, hertz))
            .collect(),
    })
}

fn log(engine: &Path) -> String {
    engine.join("log/dockerd.log").display().to_string()
}

/// What was read at one moment.
struct Reading {
    at: Instant,
    own: Ticks,
    daemon: DaemonTicks,
    machine: Ticks,
    received: Option<(f64, f64)>,
}

impl Reading {
    fn take(running: &mut Running, daemon: &Daemon) -> Result<Self> {
        Ok(Self {
            received: running
                .received()?
                .map(|received| (received.frames, received.bytes)),
            at: Instant::now(),
            own: Ticks::of(running.pid())?,
            daemon: daemon.ticks()?,
            machine: Ticks::of_machine()?,
        })
    }
}

/// Over all turns of one contender.
#[derive(Debug, Default)]
struct Sum {
    seconds: f64,
    own: Ticks,
    dockerd: Ticks,
    containerd: Ticks,
    shims: Ticks,
    machine: Ticks,
    memory: Memory,
    received: Option<(f64, f64)>,
}

impl Sum {
    fn add(&mut self, running: &mut Running, daemon: &Daemon, duration: Duration) -> Result<()> {
        let before = Reading::take(running, daemon)?;
        sleep(duration);
        let after = Reading::take(running, daemon)?;
        self.seconds += (after.at - before.at).as_secs_f64();
        self.own += after.own - before.own;
        self.dockerd += after.daemon.dockerd - before.daemon.dockerd;
        self.containerd += after.daemon.containerd - before.daemon.containerd;
        self.shims += after.daemon.shims - before.daemon.shims;
        self.machine += after.machine - before.machine;
        if let (Some(before), Some(after)) = (before.received, after.received) {
            let sum = self.received.get_or_insert_default();
            sum.0 += after.0 - before.0;
            sum.1 += after.1 - before.1;
        }
        self.memory = self.memory.max(Memory::of(running.pid())?);
        Ok(())
    }

    fn cost(&self, contender: Contender, hertz: f64) -> Cost {
        let minutes = self.seconds / 60.0;
        let a_minute = |ticks: Ticks| ticks.0 as f64 / hertz / minutes;
        let known = self.own + self.dockerd + self.containerd + self.shims;
        Cost {
            contender,
            seconds: self.seconds,
            cpu: Cpu {
                own: a_minute(self.own),
                dockerd: a_minute(self.dockerd),
                containerd: a_minute(self.containerd),
                shims: a_minute(self.shims),
                elsewhere: a_minute(self.machine - known),
            },
            memory: self.memory,
            viewer: self.received.map(|(frames, bytes)| Traffic {
                frames: frames / minutes,
                bytes: bytes / minutes,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_add_up_to_cpu_seconds_a_minute() {
        let sum = Sum {
            seconds: 30.0,
            own: Ticks(50),
            dockerd: Ticks(100),
            containerd: Ticks(20),
            shims: Ticks(30),
            machine: Ticks(500),
            received: Some((15.0, 3_000.0)),
            ..Sum::default()
        };
        let cost = sum.cost(Contender::BridgeOneViewer, 100.0);
        assert_eq!(
            cost.cpu,
            Cpu {
                own: 1.0,
                dockerd: 2.0,
                containerd: 0.4,
                shims: 0.6,
                elsewhere: 6.0,
            }
        );
        assert_eq!(cost.cpu.engine(), 3.0);
        assert_eq!(
            cost.viewer,
            Some(Traffic {
                frames: 30.0,
                bytes: 6_000.0
            })
        );
    }
}
