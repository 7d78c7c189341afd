//! The English words for stories and their parts. Everything is safe to put on a screen: what the daemon wrote goes
//! through [`crate::text::visible`].

mod change;
mod story;

pub use change::change;
pub use story::{sentence, subject};

/// "10.2 s", "3 min 5 s": finer the shorter it is.
pub fn duration(nano: i64) -> String {
    let millis = nano.max(0) / 1_000_000;
    let seconds = millis / 1000;
    match seconds {
        _ if millis < 100 => format!("{millis} ms"),
        0..60 => format!("{}.{} s", seconds, millis % 1000 / 100),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

/// "1 container", "3 containers".
fn count(number: usize, word: &str) -> String {
    if number == 1 {
        format!("1 {word}")
    } else {
        format!("{number} {word}s")
    }
}

/// As `docker prune` prints it: units of 1000, four digits.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    let whole = if size >= 1000.0 {
        0
    } else if size >= 100.0 {
        1
    } else if size >= 10.0 {
        2
    } else {
        3
    };
    let digits = format!("{size:.whole$}");
    let digits = if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        &digits
    };
    format!("{digits}{}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        for (nano, expected) in [
            (-5, "0 ms"),
            (99_999_999, "99 ms"),
            (100_000_000, "0.1 s"),
            (10_240_000_000, "10.2 s"),
            (185_000_000_000, "3 min 5 s"),
            (7_260_000_000_000, "2 h 1 min"),
            (i64::MAX, "106751 d 23 h"),
        ] {
            assert_eq!(duration(nano), expected);
        }
        for (bytes, expected) in [
            (0, "0B"),
            (999, "999B"),
            (1000, "1kB"),
            (1_984_162, "1.984MB"),
            (16_430_000, "16.43MB"),
            (u64::MAX, "18.45EB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}
