//! The English words for stories and their parts. Everything is safe to put on a screen: what the daemon wrote goes
//! through [`crate::text::visible`].

mod attention;
mod change;
mod story;

pub use attention::reason;
pub use change::change;
pub use story::{name, sentence, subject};

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

/// A stretch of time in one short word, rounded down: what an age or an uptime needs.
pub fn span(millis: u64) -> String {
    let minutes = millis / 60_000;
    match minutes {
        0 => format!("{} s", millis / 1000),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h", minutes / 60),
        1440..2880 => "1 day".to_owned(),
        _ => format!("{} days", minutes / 1440),
    }
}

/// As `docker prune` prints it: units of 1000, four digits.
pub fn size(bytes: u64) -> String {
    four_digits(bytes, 1000.0, ["B", "kB", "MB", "GB", "TB", "PB", "EB"])
}

/// As `docker stats` prints memory: units of 1024, four digits.
fn bytes_size(bytes: u64) -> String {
    four_digits(
        bytes,
        1024.0,
        ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"],
    )
}

fn four_digits(bytes: u64, base: f64, units: [&str; 7]) -> String {
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= base && unit + 1 < units.len() {
        size /= base;
        unit += 1;
    }
    let decimals = match size {
        1000.0.. => 0,
        100.0.. => 1,
        10.0.. => 2,
        _ => 3,
    };
    let digits = format!("{size:.decimals$}");
    let digits = match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => &digits,
    };
    format!("{digits}{}", units[unit])
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
        for (bytes, expected) in [
            (128 << 20, "128MiB"),
            (1023, "1023B"),
            (1 << 30, "1GiB"),
            (5_902_000, "5.629MiB"),
        ] {
            assert_eq!(bytes_size(bytes), expected);
        }
    }
}
