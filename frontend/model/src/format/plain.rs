//! The page's own way with what the docker command does not print: decimal units, no exponent ever.

use crate::span;

const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/// `1.2MB`.
pub fn bytes(bytes: u64) -> String {
    let mut size = bytes as f64;
    let mut unit = 0;
    // what would be rounded to a thousand is one of the next unit
    while size >= if unit == 0 { 1000.0 } else { 999.5 } && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    let decimals = usize::from(unit > 0 && size < 99.95);
    format!("{size:.decimals$}{}", UNITS[unit])
}

/// `1.2MB/s`.
pub fn rate(bytes_per_second: u64) -> String {
    bytes(bytes_per_second) + "/s"
}

/// `1,872`.
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut told = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// An image without the registry and the path that lead to it: `web:3` of `registry.lan:5000/shop/web:3`. Of a digest as many
/// digits as the docker command shows.
pub fn image_short(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or(image);
    match last.split_once("sha256:") {
        Some((name, digits)) => format!("{name}{}", digits.get(..12).unwrap_or(digits)),
        None => last.to_owned(),
    }
}

/// `12 s ago`, in one short word; what is yet to come is now.
pub fn ago(at_millis: u64, now_millis: u64) -> String {
    span(now_millis.saturating_sub(at_millis)) + " ago"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_rates() {
        for (count, expected) in [
            (0, "0B"),
            (999, "999B"),
            (1_000, "1.0kB"),
            (1_234, "1.2kB"),
            (99_949, "99.9kB"),
            (99_950, "100kB"),
            (999_499, "999kB"),
            (999_500, "1.0MB"),
            (1_200_000, "1.2MB"),
            (18_400_000_000, "18.4GB"),
            (u64::MAX, "18.4EB"),
        ] {
            assert_eq!(bytes(count), expected);
            assert_eq!(rate(count), format!("{expected}/s"));
        }
    }

    #[test]
    fn long_counts_are_read_at_a_glance() {
        for (count, expected) in [
            (0, "0"),
            (999, "999"),
            (1_872, "1,872"),
            (1_000_000, "1,000,000"),
        ] {
            assert_eq!(thousands(count), expected);
        }
    }

    #[test]
    fn images_without_the_way_to_them() {
        for (image, expected) in [
            ("nginx:1.29", "nginx:1.29"),
            ("registry.lan:5000/shop/web:3", "web:3"),
            (
                "ghcr.io/a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "b@0123456789ab",
            ),
            ("sha256:4f1c", "4f1c"),
            ("", ""),
        ] {
            assert_eq!(image_short(image), expected);
        }
    }

    #[test]
    fn ages() {
        assert_eq!(ago(1_000, 13_500), "12 s ago");
        assert_eq!(ago(13_500, 1_000), "0 s ago");
        assert_eq!(ago(0, 7_200_000), "2 h ago");
    }
}
