//! What has grown between the first checkpoint and the last.

use std::fmt;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::figures::{Figure, Kind, Sample};
use super::plan::Plan;
use crate::steps::seconds;

/// The medians of the samples of one window.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    pub at: Duration,
    samples: usize,
    medians: Sample,
}

impl Checkpoint {
    /// `at` is the end of the window that the samples are from.
    pub fn of(at: Duration, samples: &[Sample]) -> Self {
        let medians = Figure::ALL.into_iter().filter_map(|figure| {
            let mut values: Vec<u64> = samples
                .iter()
                .filter_map(|sample| sample.get(&figure).copied())
                .collect();
            values.sort_unstable();
            Some((figure, *values.get(values.len() / 2)?))
        });
        Self {
            at,
            samples: samples.len(),
            medians: medians.collect(),
        }
    }
}

#[derive(Debug)]
pub struct Verdict {
    pub plan: Plan,
    pub checkpoints: Vec<Checkpoint>,
    pub notes: Vec<String>,
    /// How often the wall display has connected. In an hour's plan on a machine of its own once is enough.
    pub kiosk_connections: u64,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    figure: Figure,
    first: u64,
    last: u64,
    /// `None`: it is told only.
    is_right: Option<bool>,
}

impl Verdict {
    fn rows(&self) -> Vec<Row> {
        let (Some(first), Some(last)) = (self.checkpoints.first(), self.checkpoints.last()) else {
            return Vec::new();
        };
        let both = |figure| Some((*first.medians.get(&figure)?, *last.medians.get(&figure)?));
        Figure::ALL
            .into_iter()
            .filter_map(|figure| {
                let (first, last) = both(figure)?;
                let grew = last as f64 - first as f64;
                let is_right = self.plan.tolerance(figure.kind()).map(|(part, slack)| {
                    let allowed = (first as f64 * part).max(slack);
                    // Less memory is no fault; less of what is counted may be something that got lost.
                    match figure.kind() {
                        Kind::Bytes | Kind::HighestBytes | Kind::ToldBytes => grew <= allowed,
                        Kind::Count => grew.abs() <= allowed,
                    }
                });
                Some(Row {
                    figure,
                    first,
                    last,
                    is_right,
                })
            })
            .collect()
    }

    /// What differs too much.
    pub fn faults(&self) -> Vec<&'static str> {
        let rows = self.rows().into_iter();
        let wrong = rows.filter(|row| row.is_right == Some(false));
        wrong.map(|row| row.figure.name()).collect()
    }

    pub fn into_result(self) -> Result<()> {
        if self.rows().len() < Figure::ALL.len() {
            bail!("not every figure was read at both ends");
        }
        let faults = self.faults();
        if !faults.is_empty() {
            bail!("not as before: {}", faults.join(", "));
        }
        if self.kiosk_connections != 1 && !self.plan.is_short {
            bail!("the kiosk connected {} times", self.kiosk_connections);
        }
        Ok(())
    }

    /// What is compared, in words.
    pub fn measure(&self) -> String {
        let at = |checkpoint: Option<&Checkpoint>| checkpoint.map_or(Duration::ZERO, |one| one.at);
        let tolerance = |kind| self.plan.tolerance(kind).unwrap_or_default();
        let (count, slack) = tolerance(Kind::Count);
        let (bytes, _) = tolerance(Kind::Bytes);
        format!(
            "Compared are medians of the last {} before {} and before {}, after {} of peace: memory may be {:.0} % more, counts may differ by {:.0} % or by {slack:.0}.",
            seconds(self.plan.window),
            seconds(at(self.checkpoints.first())),
            seconds(at(self.checkpoints.last())),
            seconds(self.plan.settle),
            bytes * 100.0,
            count * 100.0,
        )
    }

    /// Rows of cells; the first row is the head.
    pub fn table(&self) -> Vec<Vec<String>> {
        let mut head = vec!["figure".to_owned()];
        head.extend(self.checkpoints.iter().map(|one| seconds(one.at)));
        head.extend(["change".to_owned(), String::new()]);
        let mut table = vec![head];
        for row in self.rows() {
            let mut cells = vec![row.figure.name().to_owned()];
            cells.extend(self.checkpoints.iter().map(|one| {
                one.medians
                    .get(&row.figure)
                    .map_or_else(String::new, |value| written(row.figure, *value))
            }));
            let change = (row.last as f64 / (row.first as f64).max(1.0) - 1.0) * 100.0;
            cells.push(format!("{change:+.1} %"));
            let judged = match row.is_right {
                Some(true) => "",
                Some(false) => "too much",
                None => "not judged",
            };
            cells.push(judged.to_owned());
            table.push(cells);
        }
        table
    }

    pub fn json(&self) -> Result<String> {
        let checkpoints: Vec<Value> = self
            .checkpoints
            .iter()
            .map(|one| {
                let mut value = json!({ "seconds": one.at.as_secs(), "samples": one.samples });
                for (figure, median) in &one.medians {
                    value[figure.key()] = (*median).into();
                }
                value
            })
            .collect();
        let value = json!({
            "containers": self.plan.containers,
            "seconds": self.plan.whole.as_secs(),
            "checkpoints": checkpoints,
            "notes": self.notes,
            "grown": self.faults(),
        });
        Ok(serde_json::to_string_pretty(&value)?)
    }
}

fn written(figure: Figure, value: u64) -> String {
    match figure.kind() {
        Kind::Count => value.to_string(),
        Kind::Bytes | Kind::HighestBytes | Kind::ToldBytes => {
            format!("{:.1} MiB", value as f64 / 1024.0 / 1024.0)
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table();
        let columns = table.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (0..columns)
            .map(|column| {
                let cells = table.iter().map(|row| row[column].chars().count());
                cells.max().unwrap_or(0)
            })
            .collect();
        for row in &table {
            let cells = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, width))| {
                    if column == 0 {
                        format!("{cell:<width$}")
                    } else {
                        format!("{cell:>width$}")
                    }
                });
            let line = cells.collect::<Vec<_>>().join("  ");
            writeln!(f, "{}", line.trim_end())?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        writeln!(f, "{}", self.measure())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(value: u64) -> Sample {
        Figure::ALL
            .into_iter()
            .map(|figure| (figure, value))
            .collect()
    }

    fn verdict(first: &Sample, last: &Sample) -> Verdict {
        let plan = Plan::of_minutes(60);
        let window = |at, sample: &Sample| {
            Checkpoint::of(Duration::from_secs(at), std::slice::from_ref(sample))
        };
        Verdict {
            checkpoints: vec![window(300, first), window(3600, last)],
            plan,
            notes: Vec::new(),
            kiosk_connections: 1,
        }
    }

    #[test]
    fn a_kiosk_that_lost_its_connection_is_a_fault_of_the_long_form() {
        let first = sample(1000);
        let mut lost = verdict(&first, &first);
        lost.kiosk_connections = 2;
        let short = Verdict {
            plan: Plan::short(),
            kiosk_connections: 2,
            ..verdict(&first, &first)
        };
        assert!(lost.into_result().is_err());
        assert!(short.into_result().is_ok());
        assert!(verdict(&first, &first).into_result().is_ok());
    }

    #[test]
    fn a_median_is_not_moved_by_one_odd_sample() {
        let samples = [10, 1000, 11, 9, 10].map(sample);
        let checkpoint = Checkpoint::of(Duration::ZERO, &samples);
        assert_eq!(checkpoint.medians, sample(10));
    }

    #[test]
    fn what_grew_is_named() {
        let first = sample(1000);
        for (figure, last, is_right) in [
            (Figure::Tasks, 1100, true),
            (Figure::Tasks, 1101, false),
            (Figure::Tasks, 899, false),
            (Figure::Heap, 1100, true),
            (Figure::Heap, 1101, false),
            (Figure::Heap, 10, true),
            (Figure::Code, 9000, true),
        ] {
            let mut changed = first.clone();
            changed.insert(figure, last);
            let verdict = verdict(&first, &changed);
            let expected = if is_right {
                vec![]
            } else {
                vec![figure.name()]
            };
            assert_eq!(verdict.faults(), expected, "{figure:?} {last}");
            assert_eq!(verdict.into_result().is_ok(), is_right);
        }
    }

    #[test]
    fn the_short_form_judges_neither_the_highest_mark_nor_code() {
        let first = sample(1 << 30);
        for figure in Figure::ALL {
            let mut last = first.clone();
            last.insert(figure, 2 << 30);
            let short = Verdict {
                plan: Plan::short(),
                ..verdict(&first, &last)
            };
            let expected = match figure {
                Figure::WasmMemory | Figure::KioskWasmMemory | Figure::Code => vec![],
                _ => vec![figure.name()],
            };
            assert_eq!(short.faults(), expected);
        }
    }

    #[test]
    fn a_few_more_of_few_is_no_growth() {
        let (first, mut last) = (sample(5), sample(5));
        last.insert(Figure::Threads, 8);
        assert_eq!(verdict(&first, &last).faults(), [""; 0]);
        last.insert(Figure::Threads, 9);
        assert_eq!(verdict(&first, &last).faults(), ["bridge: threads"]);
    }

    #[test]
    fn a_figure_that_was_not_read_is_no_success() {
        let (first, mut last) = (sample(5), sample(5));
        last.remove(&Figure::Heap);
        assert!(verdict(&first, &last).into_result().is_err());
    }
}
