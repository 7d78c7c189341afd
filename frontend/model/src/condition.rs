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
    /// The docker command's word for the state; for the health of what runs, where that is checked.
    pub word: String,
}

impl Condition {
    pub fn of(container: &Container) -> Self {
        let word = match (&container.state, &container.health) {
            (State::Running, Some(health)) => health.word(),
            (state, _) => state.word(),
        };
        Self {
            tone: Tone::of(container),
            word: word.to_owned(),
        }
    }

    /// With the tone of what needs attention about it, where that is louder: what was a crash loop may run just now.
    pub fn no_calmer_than(self, concern: Option<Tone>) -> Self {
        match concern {
            Some(tone) if tone > self.tone => Self {
                tone,
                word: format!("{}, needs attention", self.word),
            },
            _ => self,
        }
    }
}

impl Tone {
    pub fn of(container: &Container) -> Self {
        let details = container.details.as_deref();
        match (&container.state, &container.health) {
            (State::Running, Some(Health::Unhealthy)) => Self::Bad,
            (State::Running, Some(Health::Starting | Health::Other(_))) => Self::Warn,
            (State::Running, _) => Self::Good,
            (State::Paused | State::Restarting | State::Removing | State::Other(_), _) => {
                Self::Warn
            }
            (State::Dead, _) => Self::Bad,
            (State::Exited, _) if details.is_some_and(|details| details.oom_killed) => Self::Bad,
            (State::Created | State::Exited, _) => Self::Off,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Details;

    #[test]
    fn words_are_dockers_and_tones_rise_with_trouble() {
        let oom = Some(Box::new(Details {
            oom_killed: true,
            ..Details::default()
        }));
        let cases = [
            (State::Running, None, None, "running", Tone::Good),
            (
                State::Running,
                Some(Health::Healthy),
                None,
                "healthy",
                Tone::Good,
            ),
            (
                State::Running,
                Some(Health::Starting),
                None,
                "starting",
                Tone::Warn,
            ),
            (
                State::Running,
                Some(Health::Unhealthy),
                None,
                "unhealthy",
                Tone::Bad,
            ),
            (
                State::Running,
                Some(Health::Other("drowsy".to_owned())),
                None,
                "drowsy",
                Tone::Warn,
            ),
            (
                State::Exited,
                Some(Health::Unhealthy),
                None,
                "exited",
                Tone::Off,
            ),
            (State::Exited, None, oom, "exited", Tone::Bad),
            (State::Dead, None, None, "dead", Tone::Bad),
            (State::Paused, None, None, "paused", Tone::Warn),
            (
                State::Other("stopped".to_owned()),
                None,
                None,
                "stopped",
                Tone::Warn,
            ),
        ];
        for (state, health, details, word, tone) in cases {
            let container = Container {
                state,
                health,
                details,
                ..Container::default()
            };
            let condition = container.condition();
            assert_eq!((condition.word.as_str(), condition.tone), (word, tone));
        }
    }

    #[test]
    fn a_concern_is_louder_and_never_calmer() {
        let restarting = Condition {
            tone: Tone::Warn,
            word: "restarting".to_owned(),
        };
        for (concern, word, tone) in [
            (None, "restarting", Tone::Warn),
            (Some(Tone::Warn), "restarting", Tone::Warn),
            (Some(Tone::Bad), "restarting, needs attention", Tone::Bad),
        ] {
            let condition = restarting.clone().no_calmer_than(concern);
            assert_eq!((condition.word.as_str(), condition.tone), (word, tone));
        }
    }
}
