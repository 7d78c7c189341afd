//! More events than any engine tells of itself: for measuring.

use super::World;
use crate::fleet::Key;

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
            self.flooded += 1;
            let exec = self.random.hex(64);
            let action = format!("exec_start: tick {}", self.flooded);
            self.emit_container(running[place], action, &[("execID", exec)]);
        }
    }
}
