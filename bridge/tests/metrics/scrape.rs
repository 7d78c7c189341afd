//! One scrape, parsed.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use daemonscope::Bridge;
use openmetrics_parser::{
    MetricNumber, OpenMetricsType, OpenMetricsValue, PrometheusType, PrometheusValue, Sample,
    openmetrics::parse_openmetrics, prometheus::parse_prometheus,
};

use crate::{support::PATIENCE, web_support::get};

pub const OPEN_METRICS: &str =
    "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3";
pub const PLAIN: &str = "Accept: text/plain";

/// As a series is named in a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    pub name: String,
    /// Without those that are empty, which are none.
    pub labels: BTreeMap<String, String>,
}

/// What the head of a family says, under the name of its samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    pub kind: &'static str,
    pub labels: BTreeSet<String>,
    pub help: String,
}

#[derive(Debug)]
pub struct Scrape {
    pub families: BTreeMap<String, Family>,
    pub series: BTreeMap<Series, f64>,
}

impl Scrape {
    /// `GET` of the target as OpenMetrics.
    pub async fn of(bridge: &Bridge, target: &str) -> Self {
        let answer = get(bridge, target, &[OPEN_METRICS]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(
            answer.header("content-type"),
            Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
        );
        Self::open_metrics(&answer.body)
    }

    /// Scrapes until it is so.
    pub async fn until(bridge: &Bridge, what: &str, is_so: impl Fn(&Self) -> bool) -> Self {
        let begun = Instant::now();
        loop {
            let scrape = Self::of(bridge, "/metrics").await;
            if is_so(&scrape) {
                return scrape;
            }
            assert!(begun.elapsed() < PATIENCE, "never: {what}: {scrape:#?}");
        }
    }

    pub fn open_metrics(text: &str) -> Self {
        let parsed = parse_openmetrics(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let mut scrape = Self::empty();
        for family in parsed.families.values() {
            let name = &family.family_name;
            let (kind, suffix) = match family.family_type {
                OpenMetricsType::Counter => ("counter", "_total"),
                OpenMetricsType::Gauge => ("gauge", ""),
                OpenMetricsType::Info => ("info", "_info"),
                ref other => panic!("{name} is a {other:?}"),
            };
            assert!(!family.help.is_empty(), "{name} has no help");
            // the parser does not look at this rule
            let unit = &family.unit;
            assert!(
                unit.is_empty() || name.ends_with(&format!("_{unit}")),
                "{name} is not in {unit}"
            );
            let head = Family {
                kind,
                labels: family.get_label_names().iter().cloned().collect(),
                help: family.help.clone(),
            };
            let samples = family.iter_samples().map(|sample| {
                let value = match &sample.value {
                    OpenMetricsValue::Gauge(value) => *value,
                    OpenMetricsValue::Counter(counter) => counter.value,
                    OpenMetricsValue::Info => MetricNumber::Int(1),
                    other => panic!("{name}: {other:?}"),
                };
                (labels(sample), value)
            });
            scrape.add(format!("{name}{suffix}"), head, samples);
        }
        scrape
    }

    pub fn prometheus(text: &str) -> Self {
        let parsed = parse_prometheus(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let mut scrape = Self::empty();
        for family in parsed.families.values() {
            let name = &family.family_name;
            let kind = match family.family_type {
                PrometheusType::Counter => "counter",
                PrometheusType::Gauge if name.ends_with("_info") => "info",
                PrometheusType::Gauge => "gauge",
                ref other => panic!("{name} is a {other}"),
            };
            let head = Family {
                kind,
                labels: family.get_label_names().iter().cloned().collect(),
                help: family.help.clone(),
            };
            let samples = family.iter_samples().map(|sample| {
                let value = match &sample.value {
                    PrometheusValue::Gauge(value) => *value,
                    PrometheusValue::Counter(counter) => counter.value,
                    other => panic!("{name}: {other:?}"),
                };
                (labels(sample), value)
            });
            scrape.add(name.clone(), head, samples);
        }
        scrape
    }

    fn empty() -> Self {
        Self {
            families: BTreeMap::new(),
            series: BTreeMap::new(),
        }
    }

    fn add(
        &mut self,
        name: String,
        head: Family,
        samples: impl Iterator<Item = (BTreeMap<String, String>, MetricNumber)>,
    ) {
        for (labels, value) in samples {
            let series = Series {
                name: name.clone(),
                labels,
            };
            let twice = self.series.insert(series.clone(), value.as_f64());
            assert_eq!(twice, None, "{series:?} comes twice");
        }
        self.families.insert(name, head);
    }

    /// The value of the one series of this name with these labels, and maybe others.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let mut found = self.series.iter().filter(|(series, _)| {
            series.name == name
                && labels
                    .iter()
                    .all(|(label, value)| series.labels.get(*label).is_some_and(|one| one == value))
        });
        let value = found.next().map(|(_, value)| *value);
        assert_eq!(found.next(), None, "{name} {labels:?} is more than one");
        value
    }

    pub fn count(&self, name: &str) -> usize {
        self.series.keys().filter(|one| one.name == name).count()
    }
}

fn labels<V: openmetrics_parser::RenderableMetricValue + Clone>(
    sample: &Sample<V>,
) -> BTreeMap<String, String> {
    let labels = sample.get_labelset().unwrap();
    labels
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.clone(), unescaped(value)))
        .collect()
}

/// The parser leaves values as they are written.
fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some(same @ ('\\' | '"')) => same,
                other => panic!("\\{other:?} in {value}"),
            },
            plain => plain,
        });
    }
    text
}
