//! docker/go-units, `size.go`.

use super::number::general;

const DECIMAL: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const BINARY: [&str; 9] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

/// `HumanSize`: images, disk usage, the size of containers.
pub fn human_size(bytes: f64) -> String {
    scaled(bytes, 1000.0, &DECIMAL, 4)
}

/// `HumanSizeWithPrecision(3)`: network and block I/O, records of the build cache.
pub fn human_size_3(bytes: f64) -> String {
    scaled(bytes, 1000.0, &DECIMAL, 3)
}

/// `BytesSize`: memory.
pub fn bytes_size(bytes: f64) -> String {
    scaled(bytes, 1024.0, &BINARY, 4)
}

/// Scaled before it is rounded (999,600 B is `1e+03kB`), and never below zero (`-2.887e+07B`).
fn scaled(mut size: f64, base: f64, units: &[&str; 9], precision: usize) -> String {
    let mut unit = 0;
    while size >= base && unit + 1 < units.len() {
        size /= base;
        unit += 1;
    }
    general(size, precision) + units[unit]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_with_four_digits() {
        for (bytes, expected) in [
            (0.0, "0B"),
            (999.0, "999B"),
            (1000.0, "1kB"),
            (1024.0, "1.024kB"),
            (16_430_000.0, "16.43MB"),
            (999_950.0, "1000kB"),
            (20_989_865.0, "20.99MB"),
            (11_078_564.0, "11.08MB"),
            (1_234_567_890_123.0, "1.235TB"),
            (-28_870_000.0, "-2.887e+07B"),
            (-1.0, "-1B"),
            (1e27, "1000YB"),
            (9.2e18, "9.2EB"),
            (f64::INFINITY, "+InfYB"),
            (f64::NAN, "NaNB"),
        ] {
            assert_eq!(human_size(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn decimal_with_three_digits() {
        for (bytes, expected) in [
            (0.0, "0B"),
            (916.0, "916B"),
            (1254.0, "1.25kB"),
            (1943.0, "1.94kB"),
            (999_499.0, "999kB"),
            (999_600.0, "1e+03kB"),
            (1_000_000.0, "1MB"),
            (12_345_678.0, "12.3MB"),
            (4_194_304.0, "4.19MB"),
        ] {
            assert_eq!(human_size_3(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn binary_with_four_digits() {
        for (bytes, expected) in [
            (0.0, "0B"),
            (1023.0, "1023B"),
            (1024.0, "1KiB"),
            (331_776.0, "324KiB"),
            (675_840.0, "660KiB"),
            (1_634_304.0, "1.559MiB"),
            (1_047_552.0, "1023KiB"),
            (1_048_166.0, "1024KiB"),
            (5_902_336.0, "5.629MiB"),
            (134_217_728.0, "128MiB"),
            (25_276_510_208.0, "23.54GiB"),
            (18_446_744_073_709_551_615.0, "16EiB"),
        ] {
            assert_eq!(bytes_size(bytes), expected, "{bytes}");
        }
    }
}
