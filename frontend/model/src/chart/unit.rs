use crate::format;

/// The scale a figure is on, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Of one CPU.
    Percent,
    /// Powers of 1024, as the docker command writes memory.
    Bytes,
    /// Powers of 1000, as the docker command writes traffic; of a second.
    BytesPerSecond,
    Count,
}

const BINARY: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const DECIMAL: [&str; 6] = ["B/s", "kB/s", "MB/s", "GB/s", "TB/s", "PB/s"];

impl Unit {
    /// One value with its unit, as it is written wherever it stands.
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Percent => format::percent(value),
            Self::Count => format!("{value:.0}"),
            Self::Bytes => format::bytes_size(value),
            Self::BytesPerSecond => format::rate(value as u64),
        }
    }

    /// The prefix that a value of this size is written with: its factor, and the unit's name with it.
    pub(super) fn prefix(self, value: f64) -> (f64, &'static str) {
        let (base, names) = match self {
            Self::Percent => return (1.0, "%"),
            Self::Count => return (1.0, ""),
            Self::Bytes => (1024.0, BINARY),
            Self::BytesPerSecond => (1000.0, DECIMAL),
        };
        let mut factor = 1.0;
        let mut index = 0;
        // what would be rounded up to the next prefix is written with it
        while index + 1 < names.len() && value / factor >= base - 0.05 {
            factor *= base;
            index += 1;
        }
        (factor, names[index])
    }

    /// Below this a chart would blow noise up to its full height.
    pub(super) fn least_top(self) -> f64 {
        match self {
            Self::Percent => 10.0,
            Self::Bytes => 1024.0 * 1024.0,
            Self::BytesPerSecond => 10_000.0,
            Self::Count => 10.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_with_their_unit() {
        for (unit, value, text) in [
            (Unit::Percent, 132.044, "132.04%"),
            (Unit::Percent, 0.0, "0.00%"),
            (Unit::Bytes, 0.0, "0B"),
            (Unit::Bytes, 1023.0, "1023B"),
            (Unit::Bytes, 1023.97 * 1024.0, "1024KiB"),
            (Unit::Bytes, 310.2 * 1024.0 * 1024.0, "310.2MiB"),
            (Unit::Bytes, 1024.0 * 1024.0 * 1024.0, "1GiB"),
            (Unit::BytesPerSecond, 999.0, "999B/s"),
            (Unit::BytesPerSecond, 999_990.0, "1.0MB/s"),
            (Unit::BytesPerSecond, 1_200_000.0, "1.2MB/s"),
            (Unit::Count, 17.0, "17"),
        ] {
            assert_eq!(unit.text(value), text, "{unit:?} {value}");
        }
    }
}
