//! The columns of `docker stats` (docker/cli, `cli/command/container/formatter_stats.go`).

use super::size::{bytes_size, human_size_3};

/// `CPU %`.
pub fn cpu_percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// `MEM USAGE / LIMIT`.
pub fn memory_usage(used_bytes: u64, limit_bytes: u64) -> String {
    format!(
        "{} / {}",
        bytes_size(used_bytes as f64),
        bytes_size(limit_bytes as f64)
    )
}

/// `MEM %`; a limit of zero is none.
pub fn memory_percent(used_bytes: u64, limit_bytes: u64) -> String {
    percent(if limit_bytes == 0 {
        0.0
    } else {
        used_bytes as f64 / limit_bytes as f64 * 100.0
    })
}

/// `NET I/O` and `BLOCK I/O`.
pub fn io(in_bytes: u64, out_bytes: u64) -> String {
    format!(
        "{} / {}",
        human_size_3(in_bytes as f64),
        human_size_3(out_bytes as f64)
    )
}

/// `PIDS`.
pub fn pids(count: u64) -> String {
    count.to_string()
}

/// `%.2f%%`.
pub fn percent(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf%" } else { "-Inf%" }.to_owned();
    }
    format!("{value:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns() {
        assert_eq!(cpu_percent(0), "0.00%");
        assert_eq!(cpu_percent(5), "0.05%");
        assert_eq!(cpu_percent(1032), "10.32%");
        assert_eq!(cpu_percent(79_999), "799.99%");
        assert_eq!(memory_usage(602_112, 134_217_728), "588KiB / 128MiB");
        assert_eq!(memory_usage(0, 0), "0B / 0B");
        assert_eq!(memory_percent(602_112, 134_217_728), "0.45%");
        assert_eq!(memory_percent(7, 0), "0.00%");
        assert_eq!(memory_percent(u64::MAX, 1), "1844674407370955161600.00%");
        assert_eq!(io(916, 0), "916B / 0B");
        assert_eq!(io(999_600, 1_254), "1e+03kB / 1.25kB");
        assert_eq!(pids(7), "7");
    }

    #[test]
    fn percents_round_the_exact_value() {
        for (value, expected) in [
            (0.125, "0.12%"),
            (0.375, "0.38%"),
            (1.115, "1.11%"),
            (99.995, "100.00%"),
            (-0.001, "-0.00%"),
            (f64::NAN, "NaN%"),
            (f64::INFINITY, "+Inf%"),
        ] {
            assert_eq!(percent(value), expected, "{value}");
        }
    }
}
