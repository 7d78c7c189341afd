//! All that one run has measured: as JSON for programs, as tables for people.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::browser::{Latency, PageBytes};
use super::contender::Contender;
use super::cost::{Cost, FleetCosts, Traffic};
use super::machine::Machine;
use super::page_cost;

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// In UTC.
    pub measured_at: String,
    /// Of the sources.
    pub revision: String,
    pub machine: Machine,
    /// For each contender.
    pub seconds: u32,
    /// Shorter than figures to be quoted need.
    pub short: bool,
    pub fleets: Vec<FleetCosts>,
    pub page: PageBytes,
    /// While a container starts and ends each second beside the largest fleet.
    pub busy_viewer: Traffic,
    pub latency: Latency,
    pub page_cost: Option<Value>,
}

/// What was aimed at, of the largest fleet with one viewer and of the first visit's bodies.
const MOST_CPU: f64 = 0.6;
const MOST_MEMORY_MIB: f64 = 20.0;
const MOST_PAGE_KB: f64 = 400.0;

impl Report {
    pub fn markdown(&self) -> String {
        let mut text = self.head();
        for fleet in &self.fleets {
            text += &costs(fleet);
        }
        text += &self.targets();
        text += &self.traffic();
        text += &latency(&self.latency);
        text += &page(&self.page);
        if let Some(cost) = &self.page_cost {
            text += &page_cost::markdown(cost);
        }
        text
    }

    fn head(&self) -> String {
        let machine = &self.machine;
        let short = if self.short {
            format!(
                " **A short run, {} s for each row: its figures are not to be quoted.**",
                self.seconds
            )
        } else {
            String::new()
        };
        format!(
            "{} UTC, revision {}, Docker {}, Chromium {}, on {}. Load before it began: {:.2}.{short}\n",
            self.measured_at,
            self.revision,
            machine.engine,
            machine.chromium,
            machine.host,
            machine.load,
        )
    }

    fn targets(&self) -> String {
        let Some((fleet, cost)) = self
            .fleets
            .last()
            .and_then(|fleet| Some((fleet, fleet.of(Contender::BridgeOneViewer)?)))
        else {
            return String::new();
        };
        let mut text = format!(
            "\n**Targets at {} containers**\n\n| | measured | target |\n| --- | --: | --: |\n",
            fleet.containers
        );
        for (what, figure, most, unit) in [
            ("own CPU, one viewer", cost.cpu.own, MOST_CPU, "s/min"),
            (
                "memory, one viewer",
                mib(cost.memory.rss),
                MOST_MEMORY_MIB,
                "MiB",
            ),
            (
                "first visit of the page",
                kb(self.page.heads + self.page.bodies),
                MOST_PAGE_KB,
                "kB",
            ),
        ] {
            let missed = if figure < most { "" } else { ", missed" };
            let _ = writeln!(
                text,
                "| {what} | {figure:.2} {unit} | below {most} {unit}{missed} |"
            );
        }
        text
    }

    fn traffic(&self) -> String {
        let mut text = "\n**Bytes that one viewer receives in a minute**\n\n| | kB | frames |\n| --- | --: | --: |\n".to_owned();
        let mut row = |what: String, traffic: &Traffic| {
            let _ = writeln!(
                text,
                "| {what} | {:.1} | {:.0} |",
                traffic.bytes / 1000.0,
                traffic.frames
            );
        };
        for fleet in &self.fleets {
            if let Some(traffic) = fleet
                .of(Contender::BridgeOneViewer)
                .and_then(|cost| cost.viewer.as_ref())
            {
                row(
                    format!("{} containers, no events", fleet.containers),
                    traffic,
                );
            }
        }
        let last = self.fleets.last().map_or(0, |fleet| fleet.containers);
        row(
            format!("{last} containers, one starts and ends each second"),
            &self.busy_viewer,
        );
        text
    }
}

fn costs(fleet: &FleetCosts) -> String {
    let mut text = format!(
        "\n**{} containers**: CPU seconds a minute, memory in MiB\n\n\
         | | own CPU | of `docker stats` | dockerd | containerd | shims | engine in all | of `docker stats` | RSS | PSS | elsewhere |\n\
         | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n",
        fleet.containers
    );
    let idle = fleet.of(Contender::BridgeAlone);
    let stats = fleet.of(Contender::DockerStats);
    for cost in &fleet.contenders {
        let beyond = |of: fn(&Cost) -> f64| {
            let idle = idle.filter(|idle| idle.contender != cost.contender);
            of(cost) - idle.map_or(0.0, of)
        };
        let engine = beyond(|cost| cost.cpu.engine());
        let (own_ratio, engine_ratio) = match (stats, idle) {
            (Some(stats), Some(idle)) if cost.contender != Contender::BridgeAlone => (
                ratio(cost.cpu.own, stats.cpu.own),
                ratio(engine, stats.cpu.engine() - idle.cpu.engine()),
            ),
            _ => (String::new(), String::new()),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {own_ratio} | {} | {} | {} | {} | {engine_ratio} | {:.1} | {:.1} | {} |",
            cost.contender,
            cpu(cost.cpu.own),
            cpu(beyond(|cost| cost.cpu.dockerd)),
            cpu(beyond(|cost| cost.cpu.containerd)),
            cpu(beyond(|cost| cost.cpu.shims)),
            cpu(engine),
            mib(cost.memory.rss),
            mib(cost.memory.pss),
            cpu(cost.cpu.elsewhere),
        );
    }
    text
}

fn latency(latency: &Latency) -> String {
    let row = |what: &str, time: &super::browser::Millis| {
        format!("| {what} | {:.1} | {:.1} |\n", time.median_ms, time.p99_ms)
    };
    format!(
        "\n**From the daemon's event** (of {}), in milliseconds\n\n| | median | p99 |\n| --- | --: | --: |\n{}{}",
        latency.n,
        row(
            "until `docker events` has printed it",
            &latency.docker_events
        ),
        row("until it stands in the page", &latency.page),
    )
}

fn page(page: &PageBytes) -> String {
    let mut text = format!(
        "\n**The first visit of the page**: {} files, {:.1} kB of bodies and {:.1} kB of heads, as Chromium loads them\n\n\
         | kB | plain | gzip | brotli |\n| --- | --: | --: | --: |\n",
        page.requests,
        kb(page.bodies),
        kb(page.heads),
    );
    let mut row = |name: &str, [plain, gzip, brotli]: [u64; 3]| {
        let _ = writeln!(
            text,
            "| {name} | {:.1} | {:.1} | {:.1} |",
            kb(plain),
            kb(gzip),
            kb(brotli)
        );
    };
    let mut sum = [0; 3];
    for file in &page.files {
        let forms = [file.plain, file.gzip, file.brotli];
        for (sum, form) in sum.iter_mut().zip(forms) {
            *sum += form;
        }
        row(&format!("`{}`", file.path), forms);
    }
    row("together", sum);
    text
}

fn cpu(seconds: f64) -> String {
    // a difference of nothing has no sign
    format!("{:.2}", (seconds * 100.0).round() / 100.0 + 0.0)
}

/// `0.52 ×`; nothing where there is nothing to compare with.
fn ratio(figure: f64, of: f64) -> String {
    if of > 0.0 {
        format!("{:.2} ×", figure / of)
    } else {
        String::new()
    }
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}

fn kb(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::super::cost::Cpu;
    use super::super::process::Memory;
    use super::*;

    fn cost(contender: Contender, own: f64, dockerd: f64, shims: f64) -> Cost {
        Cost {
            contender,
            seconds: 60.0,
            cpu: Cpu {
                own,
                dockerd,
                containerd: 0.0,
                shims,
                elsewhere: 1.0,
            },
            memory: Memory {
                rss: 20 * 1024 * 1024,
                pss: 10 * 1024 * 1024,
            },
            viewer: None,
        }
    }

    #[test]
    fn what_contenders_cost_is_told_beside_docker_stats_and_beyond_idling() {
        let fleet = FleetCosts {
            containers: 7,
            contenders: vec![
                cost(Contender::BridgeAlone, 0.01, 0.5, 0.25),
                cost(Contender::BridgeOneViewer, 0.6, 2.5, 4.25),
                cost(Contender::DockerStats, 1.2, 4.5, 8.25),
            ],
        };
        let text = costs(&fleet);
        let rows: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("| bridge") || line.starts_with("| docker"))
            .collect();
        assert_eq!(
            rows,
            [
                "| bridge, nobody watching | 0.01 |  | 0.50 | 0.00 | 0.25 | 0.75 |  | 20.0 | 10.0 | 1.00 |",
                "| bridge, 1 viewer | 0.60 | 0.50 × | 2.00 | 0.00 | 4.00 | 6.00 | 0.50 × | 20.0 | 10.0 | 1.00 |",
                "| docker stats | 1.20 | 1.00 × | 4.00 | 0.00 | 8.00 | 12.00 | 1.00 × | 20.0 | 10.0 | 1.00 |",
            ]
        );
        assert!(text.starts_with("\n**7 containers**"));
    }

    #[test]
    fn figures_and_ratios_are_written_so() {
        assert_eq!(cpu(0.125), "0.13");
        assert_eq!(cpu(-0.001), "0.00");
        assert_eq!(cpu(-0.26), "-0.26");
        assert_eq!(ratio(1.0, 4.0), "0.25 ×");
        assert_eq!(ratio(1.0, 0.0), "");
        assert_eq!(ratio(1.0, -0.1), "");
        assert_eq!((mib(3 * 512 * 1024), kb(1500)), (1.5, 1.5));
    }

    #[test]
    fn the_table_of_the_page_adds_up() {
        let file = |path: &str, plain, gzip, brotli| super::super::browser::File {
            path: path.to_owned(),
            plain,
            gzip,
            brotli,
        };
        let text = page(&PageBytes {
            requests: 2,
            heads: 300,
            bodies: 1500,
            files: vec![file("/", 1000, 500, 400), file("/x.wasm", 9000, 2500, 2000)],
        });
        assert!(text.contains("2 files, 1.5 kB of bodies and 0.3 kB of heads"));
        assert!(
            text.ends_with("| together | 10.0 | 3.0 | 2.4 |\n"),
            "{text}"
        );
    }
}
