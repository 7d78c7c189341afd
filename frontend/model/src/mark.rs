use crate::{Condition, Tone};

/// The shape of a state's mark. Shapes differ without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// It runs.
    Dot,
    /// On the way from one state to another.
    Half,
    /// Held.
    Bars,
    /// In trouble.
    Triangle,
    /// Beyond help.
    Cross,
    /// Not running, and that is fine.
    Ring,
}

impl Shape {
    /// The class that draws it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Dot => "mark-dot",
            Self::Half => "mark-half",
            Self::Bars => "mark-bars",
            Self::Triangle => "mark-triangle",
            Self::Cross => "mark-cross",
            Self::Ring => "mark-ring",
        }
    }
}

impl Tone {
    /// Where nothing but the tone is told.
    pub fn shape(self) -> Shape {
        match self {
            Self::Bad => Shape::Triangle,
            Self::Warn => Shape::Half,
            Self::Good => Shape::Dot,
            Self::Off => Shape::Ring,
        }
    }
}

impl Condition {
    pub fn shape(&self) -> Shape {
        match (self.word.as_str(), self.tone) {
            ("paused", _) => Shape::Bars,
            ("dead", _) => Shape::Cross,
            (_, tone) => tone.shape(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_differ_by_shape() {
        for (word, tone, shape) in [
            ("running", Tone::Good, Shape::Dot),
            ("starting", Tone::Warn, Shape::Half),
            ("restarting", Tone::Warn, Shape::Half),
            ("paused", Tone::Warn, Shape::Bars),
            ("unhealthy", Tone::Bad, Shape::Triangle),
            ("exited", Tone::Bad, Shape::Triangle),
            ("dead", Tone::Bad, Shape::Cross),
            ("exited", Tone::Off, Shape::Ring),
            ("a word of a later engine", Tone::Warn, Shape::Half),
        ] {
            let word = word.to_owned();
            assert_eq!(Condition { tone, word }.shape(), shape);
        }
    }
}
