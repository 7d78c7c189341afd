use crate::{Container, Health, State};

/// How much a person should care, and so which colour and shape a mark has. From calm to loud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// Not running, and that is fine: a ring.
    Off,
    /// Running: a filled dot.
    Good,
    /// In between, or held: a half dot.
    Warn,
    /// Trouble: a triangle.
    Bad,
}

/// A container's state in one word and one tone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    pub tone: Tone,
    /// The docker command's word for the state, or for the health where that says more.
    pub word: String,
}

impl Condition {
    pub fn of(container: &Container) -> Self {
        let details = container.details.as_deref();
        let tone = match (&container.state, &container.health) {
            (State::Running, Some(Health::Unhealthy)) => Tone::Bad,
            (State::Running, Some(Health::Starting | Health::Other(_))) => Tone::Warn,
            (State::Running, _) => Tone::Good,
            (State::Paused | State::Restarting | State::Removing | State::Other(_), _) => {
                Tone::Warn
            }
            (State::Dead, _) => Tone::Bad,
            (State::Exited, _) if details.is_some_and(|details| details.oom_killed) => Tone::Bad,
            (State::Created | State::Exited, _) => Tone::Off,
        };
        let word = match (&container.state, &container.health) {
            (State::Running, Some(health @ (Health::Unhealthy | Health::Starting))) => {
                health.word()
            }
            (state, _) => state.word(),
        };
        Self {
            tone,
            word: word.to_owned(),
        }
    }
}
