//! Figures as the docker command prints them.

use model::Figures;

pub fn percent(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

pub fn binary(bytes: u64) -> String {
    scaled(bytes, 1024.0, &["B", "KiB", "MiB", "GiB", "TiB"])
}

pub fn decimal(bytes: u64) -> String {
    scaled(bytes, 1000.0, &["B", "kB", "MB", "GB", "TB"])
}

fn scaled(bytes: u64, base: f64, units: &[&str]) -> String {
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= base && unit + 1 < units.len() {
        value /= base;
        unit += 1;
    }
    format!("{value:.1}{}", units[unit])
}

pub fn cpu(figures: &Figures) -> Option<String> {
    figures.cpu_hundredths.map(percent)
}

pub fn memory(figures: &Figures) -> Option<String> {
    figures.memory_used_bytes.map(binary)
}
