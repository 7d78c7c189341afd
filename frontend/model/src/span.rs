const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A stretch of time in one short word, rounded down: what an age or an uptime needs.
pub fn span(millis: u64) -> String {
    match millis {
        0..MINUTE => format!("{} s", millis / SECOND),
        MINUTE..HOUR => format!("{} min", millis / MINUTE),
        HOUR..DAY => format!("{} h", millis / HOUR),
        _ if millis / DAY == 1 => "1 day".to_owned(),
        _ => format!("{} days", millis / DAY),
    }
}

/// What something took: finer than [`span`].
pub fn took(millis: u64) -> String {
    match millis {
        0..100 => format!("{millis} ms"),
        100..MINUTE => format!("{:.1} s", millis as f64 / SECOND as f64),
        _ => span(millis),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_rounded_down() {
        for (millis, word) in [
            (0, "0 s"),
            (999, "0 s"),
            (59_999, "59 s"),
            (60_000, "1 min"),
            (3_599_999, "59 min"),
            (3_600_000, "1 h"),
            (86_399_999, "23 h"),
            (86_400_000, "1 day"),
            (200_000_000, "2 days"),
        ] {
            assert_eq!(span(millis), word);
        }
    }

    #[test]
    fn short_readings_are_told_finely() {
        for (millis, word) in [
            (7, "7 ms"),
            (420, "0.4 s"),
            (12_340, "12.3 s"),
            (61_000, "1 min"),
        ] {
            assert_eq!(took(millis), word);
        }
    }
}
