//! What the collector reads of one container.

use crate::fleet::Key;
use crate::fleet::container::Attachment;
use crate::life::World;
use crate::time::Time;

/// One reading of one container, in the daemon's raw numbers.
#[derive(Clone, Debug)]
pub struct Reading {
    pub running: bool,
    pub name: String,
    pub id: String,
    pub at: Time,
    pub cpu: Cpu,
    pub cpus: u32,
    pub memory_usage: u64,
    pub memory_peak: u64,
    pub inactive_file: u64,
    pub memory_limit: u64,
    pub unlimited: bool,
    pub threads: u64,
    pub network: bool,
    pub received: u64,
    pub sent: u64,
    pub read: u64,
    pub written: u64,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Cpu {
    pub total: u64,
    pub system: u64,
}

impl Reading {
    pub fn take(world: &mut World, key: Key) -> Option<Self> {
        let now = world.now();
        let (cpus, memory, booted) = (world.host.cpus, world.host.memory, world.host.booted);
        let container = world.fleet.get_mut(key)?;
        container.advance(now);
        let running = container.state.has_process();
        let counters = container.counters;
        let used = container.memory(now);
        let limit = container.spec.character.memory_limit;
        // The kernel counts the machine's time in hundredths of a second.
        let ticks = now.since(booted).as_millis() / 10 * u128::from(cpus);
        Some(Self {
            running,
            name: format!("/{}", container.name()),
            id: container.id.clone(),
            at: now,
            cpu: Cpu {
                total: counters.cpu_nanos as u64,
                system: u64::try_from(ticks)
                    .unwrap_or(u64::MAX)
                    .saturating_mul(10_000_000),
            },
            cpus,
            memory_usage: used.usage,
            memory_peak: counters.memory_peak.max(used.usage),
            inactive_file: used.inactive_file,
            memory_limit: limit.unwrap_or(memory),
            unlimited: limit.is_none(),
            threads: container
                .spec
                .character
                .threads_at(now, &container.conditions(now)),
            network: container.spec.network != Attachment::Host,
            received: counters.received as u64,
            sent: counters.sent as u64,
            read: counters.read as u64 / 4096 * 4096,
            written: counters.written as u64 / 4096 * 4096,
        })
    }
}
