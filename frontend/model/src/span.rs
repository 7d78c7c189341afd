const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;

pub use timeline::english::span;

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
