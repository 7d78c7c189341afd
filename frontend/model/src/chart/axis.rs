use super::Unit;

/// The value axis of a chart: from zero to a round number above everything it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    pub top: f64,
    /// From zero up. The highest one names the unit.
    pub ticks: Vec<Tick>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    pub value: f64,
    pub label: String,
}

/// A limit farther above the line than this is told in words: drawn, it would press the line to the ground.
const LIMIT_REACH: f64 = 4.0;

/// The room that a step needs at least, for its word.
const STEP_PX: f64 = 22.0;

impl Axis {
    /// An axis for values up to `highest`, with the limit on it where that is near enough.
    pub fn with_limit(unit: Unit, highest: f64, limit: Option<f64>, height_px: f64) -> Self {
        match limit {
            Some(limit) if limit <= highest * LIMIT_REACH => {
                Self::new(unit, highest.max(limit), height_px)
            }
            _ => Self::new(unit, highest, height_px),
        }
    }

    /// An axis for values up to `highest`, with as many ticks as its height has room for.
    pub fn new(unit: Unit, highest: f64, height_px: f64) -> Self {
        let most_steps = (height_px / STEP_PX).floor().clamp(2.0, 4.0);
        let highest = if highest.is_finite() { highest } else { 0.0 };
        let step = round_step(unit, highest.max(unit.least_top()) / most_steps);
        let steps = (highest.max(unit.least_top()) / step)
            .ceil()
            .clamp(1.0, most_steps);
        let top = step * steps;
        let (factor, name) = unit.prefix(top);
        let decimals = if (step / factor).fract() == 0.0 {
            0
        } else if (step / factor * 10.0).fract() == 0.0 {
            1
        } else {
            2
        };
        let ticks = (0..=steps as u32)
            .map(|index| {
                let value = step * f64::from(index);
                let mut label = format!("{:.decimals$}", value / factor);
                if index == steps as u32 && !name.is_empty() {
                    label = format!("{label}{name}");
                }
                Tick { value, label }
            })
            .collect();
        Self { top, ticks }
    }
}

/// What a step of bytes is, in its prefix: round there, or a round part of the next one.
const BINARY_STEPS: [f64; 11] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 256.0, 512.0, 1024.0,
];

/// The smallest round number that is not below `least`, counted in the unit's prefix.
fn round_step(unit: Unit, least: f64) -> f64 {
    let (factor, _) = unit.prefix(least);
    // a hair of room, for 0.1 is no round number to a machine
    let least = least / factor * (1.0 - 1e-9);
    let not_below = |step: &f64| *step >= least;
    let step = if unit == Unit::Bytes {
        BINARY_STEPS.into_iter().find(not_below)
    } else {
        let power = 10f64.powf(least.log10().floor());
        [1.0, 2.0, 5.0, 10.0]
            .map(|digit| digit * power)
            .into_iter()
            .find(not_below)
    };
    let step = step.unwrap_or(least.ceil()) * factor;
    if unit == Unit::Count {
        step.max(1.0)
    } else {
        step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(unit: Unit, highest: f64) -> Vec<String> {
        Axis::new(unit, highest, 100.0)
            .ticks
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn ticks_are_round_and_the_highest_names_the_unit() {
        const MIB: f64 = 1024.0 * 1024.0;
        for (unit, highest, expected) in [
            (Unit::Percent, 132.0, vec!["0", "50", "100", "150%"]),
            (Unit::Percent, 0.0, vec!["0", "5", "10%"]),
            (Unit::Percent, 400.0, vec!["0", "100", "200", "300", "400%"]),
            (
                Unit::Bytes,
                310.0 * MIB,
                vec!["0", "100", "200", "300", "400MiB"],
            ),
            (
                Unit::Bytes,
                1024.0 * MIB,
                vec!["0.00", "0.25", "0.50", "0.75", "1.00GiB"],
            ),
            (Unit::BytesPerSecond, 900.0, vec!["0", "5", "10kB/s"]),
            (
                Unit::Bytes,
                1500.0 * MIB,
                vec!["0.0", "0.5", "1.0", "1.5GiB"],
            ),
            (
                Unit::BytesPerSecond,
                1_300_000.0,
                vec!["0.0", "0.5", "1.0", "1.5MB/s"],
            ),
            (Unit::Count, 3.0, vec!["0", "5", "10"]),
            (Unit::Count, f64::NAN, vec!["0", "5", "10"]),
        ] {
            assert_eq!(labels(unit, highest), expected, "{unit:?} {highest}");
        }
    }

    #[test]
    fn a_low_axis_has_fewer_ticks() {
        let ticks = |height_px| Axis::new(Unit::Percent, 390.0, height_px).ticks.len();
        assert_eq!(ticks(100.0), 5);
        assert_eq!(ticks(46.0), 3);
        assert_eq!(ticks(0.0), 3);
    }

    #[test]
    fn a_limit_is_drawn_where_it_is_near() {
        let top = |limit| Axis::with_limit(Unit::Percent, 60.0, limit, 100.0).top;
        assert_eq!(top(None), 60.0);
        assert_eq!(top(Some(100.0)), 100.0);
        assert_eq!(top(Some(240.0)), 300.0);
        assert_eq!(top(Some(1600.0)), 60.0);
    }

    #[test]
    fn nothing_is_above_the_top() {
        for exponent in 0..50 {
            let highest = 1.37f64.powi(exponent);
            for unit in [
                Unit::Percent,
                Unit::Bytes,
                Unit::BytesPerSecond,
                Unit::Count,
            ] {
                let axis = Axis::new(unit, highest, 100.0);
                assert!(axis.top >= highest, "{unit:?} {highest} {axis:?}");
                assert!(axis.ticks.len() <= 5, "{unit:?} {highest} {axis:?}");
            }
        }
    }
}
