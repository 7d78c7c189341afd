use super::{Trace, Unit};

/// A line in words, for whom a picture says nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    pub last: f64,
    pub lowest: f64,
    pub highest: f64,
}

impl Summary {
    /// `None` where the line has no point.
    pub fn of(trace: &Trace) -> Option<Self> {
        let values = || trace.runs.iter().flatten().map(|(_, value)| *value);
        Some(Self {
            last: values().next_back()?,
            lowest: values().fold(f64::INFINITY, f64::min),
            highest: values().fold(0.0, f64::max),
        })
    }

    pub fn text(&self, unit: Unit) -> String {
        format!(
            "now {}, lowest {}, highest {}",
            unit.text(self.last),
            unit.text(self.lowest),
            unit.text(self.highest)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_told_by_its_ends() {
        let trace = Trace {
            runs: vec![vec![(1, 4.0), (2, 9.5)], vec![(8, 6.0)]],
            holes: vec![(2, 8)],
        };
        let summary = Summary::of(&trace).unwrap();
        assert_eq!(
            summary.text(Unit::Percent),
            "now 6.00%, lowest 4.00%, highest 9.50%"
        );
        assert_eq!(Summary::of(&Trace::default()), None);
    }
}
