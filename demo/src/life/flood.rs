//! More events than any engine tells of itself: for measuring.

use std::time::Duration;

use super::World;
use crate::fleet::Key;

/// So little that the times of a whole portion are those of the moment in which it is told: who measures how long an event
/// is under way counts from its time.
const APART: Duration = Duration::from_micros(1);

impl World {
    /// Tells of so many commands in the running containers, one after another. Each has a number of its own, counted
    /// from 1 since the engine began: `exec_start: tick 17`.
    pub fn flood(&mut self, count: u64) {
        let running: Vec<Key> = self
            .fleet
            .iter()
            .filter(|(_, container)| container.state.has_process())
            .map(|(key, _)| key)
            .collect();
        if running.is_empty() {
            return;
        }
        for _ in 0..count {
            let place = usize::try_from(self.flooded).unwrap_or(0) % running.len();
            let Some(container) = self.fleet.get(running[place]) else {
                return;
            };
            let (id, mut attributes) = (container.id.clone(), container.attributes());
            attributes.insert("execID".to_owned(), self.random.hex(64));
            self.flooded += 1;
            let action = format!("exec_start: tick {}", self.flooded);
            self.emit_after(APART, "container", action, id, attributes);
        }
    }

    /// The number of the last one that was told.
    pub fn flooded(&self) -> u64 {
        self.flooded
    }
}
