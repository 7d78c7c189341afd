use serde::Serialize;

use super::unix::Seconds;
use crate::hub::{Reading, Row};

/// A container's figures; what is not known is null.
#[derive(Debug, Default, Serialize)]
pub struct Figures {
    cpu_percent: Option<f64>,
    memory_used_bytes: Option<u64>,
    memory_limit_bytes: Option<u64>,
    memory_percent: Option<f64>,
    network_rx_bytes: Option<u64>,
    network_tx_bytes: Option<u64>,
    network_rx_bytes_per_second: Option<u64>,
    network_tx_bytes_per_second: Option<u64>,
    block_read_bytes: Option<u64>,
    block_write_bytes: Option<u64>,
    block_read_bytes_per_second: Option<u64>,
    block_write_bytes_per_second: Option<u64>,
    pids: Option<u64>,
    sampled_at: Option<Seconds>,
}

impl Figures {
    pub fn of(reading: Option<&Reading>) -> Self {
        let Some(reading) = reading else {
            return Self::default();
        };
        let row = &reading.row;
        let limit = Some(row.memory_limit_bytes).filter(|&limit| limit > 0);
        Self {
            cpu_percent: Some(cpu_percent(row)),
            memory_used_bytes: Some(row.memory_used_bytes),
            memory_limit_bytes: limit,
            memory_percent: limit.map(|limit| percent(row.memory_used_bytes, limit)),
            network_rx_bytes: row.network_rx_bytes,
            network_tx_bytes: row.network_tx_bytes,
            network_rx_bytes_per_second: row.network_rx_rate,
            network_tx_bytes_per_second: row.network_tx_rate,
            block_read_bytes: row.block_read_bytes,
            block_write_bytes: row.block_write_bytes,
            block_read_bytes_per_second: row.block_read_rate,
            block_write_bytes_per_second: row.block_write_rate,
            pids: row.pids,
            sampled_at: Some(Seconds(reading.sampled_at_millis)),
        }
    }
}

/// Of one CPU.
pub fn cpu_percent(row: &Row) -> f64 {
    row.cpu_hundredths as f64 / 100.0
}

/// Rounded as the docker command prints it: by the exact value, a tie to the even digit.
pub fn percent(part: u64, whole: u64) -> f64 {
    let exact = part as f64 / whole as f64 * 100.0;
    format!("{exact:.2}").parse().unwrap_or(exact)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn figures_are_those_of_the_docker_command_as_numbers() {
        let reading = Reading {
            row: Row {
                cpu_hundredths: 1032,
                memory_used_bytes: 602_112,
                memory_limit_bytes: 134_217_728,
                network_rx_bytes: Some(916),
                network_rx_rate: Some(0),
                pids: Some(7),
                ..Row::default()
            },
            cpu_nanos: None,
            sampled_at_millis: 1_795_502_560_123,
        };
        assert_eq!(
            serde_json::to_value(Figures::of(Some(&reading))).unwrap(),
            json!({
                "cpu_percent": 10.32,
                "memory_used_bytes": 602_112,
                "memory_limit_bytes": 134_217_728,
                "memory_percent": 0.45,
                "network_rx_bytes": 916,
                "network_tx_bytes": null,
                "network_rx_bytes_per_second": 0,
                "network_tx_bytes_per_second": null,
                "block_read_bytes": null,
                "block_write_bytes": null,
                "block_read_bytes_per_second": null,
                "block_write_bytes_per_second": null,
                "pids": 7,
                "sampled_at": 1_795_502_560.123,
            })
        );
    }

    #[test]
    fn without_a_sample_and_without_a_limit_nothing_is_zero() {
        let figures = serde_json::to_value(Figures::of(None)).unwrap();
        let figures = figures.as_object().unwrap();
        assert_eq!(figures.len(), 14);
        assert!(figures.values().all(serde_json::Value::is_null));

        let unlimited = Reading {
            row: Row {
                memory_used_bytes: 5,
                ..Row::default()
            },
            cpu_nanos: None,
            sampled_at_millis: 1000,
        };
        let figures = serde_json::to_value(Figures::of(Some(&unlimited))).unwrap();
        assert_eq!(figures["cpu_percent"], 0.0);
        assert_eq!(figures["memory_limit_bytes"], json!(null));
        assert_eq!(figures["memory_percent"], json!(null));
    }
}
