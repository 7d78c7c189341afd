//! Families of metrics as text, in the two forms that scrapers read.

use std::{fmt::Write, rc::Rc};

/// A form of the text. They differ in what a counter is called in its head, in units and in how the text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// Prometheus text 0.0.4.
    Prometheus,
}

impl Format {
    pub fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Gauge,
    Counter,
    /// Says something by its labels; its value is 1.
    Info,
}

/// What all samples of a metric have in common.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// As OpenMetrics writes it: with its unit, without `_total` or `_info`.
    pub name: &'static str,
    pub kind: Kind,
    /// The last word of the name.
    pub unit: Option<&'static str>,
    /// One line without a backslash, which the two forms escape differently.
    pub help: &'static str,
}

impl Metric {
    pub const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self::new(Kind::Gauge, name, help)
    }

    pub const fn counter(name: &'static str, help: &'static str) -> Self {
        Self::new(Kind::Counter, name, help)
    }

    pub const fn info(name: &'static str, help: &'static str) -> Self {
        Self::new(Kind::Info, name, help)
    }

    const fn new(kind: Kind, name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            kind,
            unit: None,
            help,
        }
    }

    pub const fn in_unit(self, unit: &'static str) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }

    /// What a sample's name has after the family's.
    fn suffix(&self) -> &'static str {
        match self.kind {
            Kind::Gauge => "",
            Kind::Counter => "_total",
            Kind::Info => "_info",
        }
    }
}

/// The labels of one series, escaped once for all the metrics that have them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Labels(Rc<str>);

impl Labels {
    pub fn none() -> Self {
        Self::new(&[])
    }

    /// Names are ours; values may be anything.
    pub fn new(labels: &[(&str, &str)]) -> Self {
        let mut text = String::new();
        for (name, value) in labels {
            text.push_str(if text.is_empty() { "{" } else { "," });
            text.push_str(name);
            text.push_str("=\"");
            escape(value, &mut text);
            text.push('"');
        }
        if !text.is_empty() {
            text.push('}');
        }
        Self(text.into())
    }
}

/// As both forms want it. Other control characters are nothing that a name needs, and some readers end a line there.
fn escape(value: &str, text: &mut String) {
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '"' => text.push_str("\\\""),
            '\n' => text.push_str("\\n"),
            other if other.is_control() => text.push(char::REPLACEMENT_CHARACTER),
            other => text.push(other),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Whole(i128),
    Real(f64),
}

macro_rules! whole {
    ($($type:ty)*) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::Whole(value.into())
            }
        })*
    };
}

whole!(bool i64 u64 u32);

impl Value {
    /// A moment or a length of time, in seconds as scrapers want them.
    pub fn seconds(millis: u64) -> Self {
        Self::Real(millis as f64 / 1e3)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

/// The text of one scrape.
pub struct Text {
    format: Format,
    text: String,
}

impl Text {
    pub fn new(format: Format) -> Self {
        Self {
            format,
            text: String::new(),
        }
    }

    /// One family, whole. The series must differ in their labels; without any the family is left out.
    pub fn family(
        &mut self,
        metric: &Metric,
        series: impl IntoIterator<Item = (Labels, impl Into<Value>)>,
    ) {
        let mut series = series.into_iter().peekable();
        if series.peek().is_none() {
            return;
        }
        self.head(metric);
        for (labels, value) in series {
            let (name, suffix, labels) = (metric.name, metric.suffix(), labels.0);
            // to write to a string cannot fail
            let _ = match value.into() {
                Value::Whole(value) => writeln!(self.text, "{name}{suffix}{labels} {value}"),
                Value::Real(value) => writeln!(self.text, "{name}{suffix}{labels} {value}"),
            };
        }
    }

    /// A family of one series without labels, where there is a value.
    pub fn single(&mut self, metric: &Metric, value: Option<impl Into<Value>>) {
        self.family(metric, value.map(|value| (Labels::none(), value)));
    }

    /// A family of one series.
    pub fn single_labelled(
        &mut self,
        metric: &Metric,
        labels: &[(&str, &str)],
        value: impl Into<Value>,
    ) {
        self.family(metric, [(Labels::new(labels), value)]);
    }

    fn head(&mut self, metric: &Metric) {
        let Metric {
            name, unit, help, ..
        } = metric;
        let (in_head, kind) = match (self.format, metric.kind) {
            (Format::OpenMetrics, Kind::Info) => ("", "info"),
            (Format::OpenMetrics, Kind::Counter) => ("", "counter"),
            (Format::Prometheus, Kind::Counter) => ("_total", "counter"),
            (Format::Prometheus, Kind::Info) => ("_info", "gauge"),
            (_, Kind::Gauge) => ("", "gauge"),
        };
        let _ = writeln!(self.text, "# TYPE {name}{in_head} {kind}");
        if let (Some(unit), Format::OpenMetrics) = (unit, self.format) {
            let _ = writeln!(self.text, "# UNIT {name} {unit}");
        }
        let _ = writeln!(self.text, "# HELP {name}{in_head} {help}");
    }

    pub fn end(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: Metric = Metric::counter("ours_sent_bytes", "What went out.").in_unit("bytes");
    const BUILD: Metric = Metric::info("ours_build", "What this is.");
    const LOAD: Metric = Metric::gauge("ours_load", "How busy it is.");

    fn text(format: Format) -> String {
        let mut text = Text::new(format);
        text.family(&BUILD, [(Labels::new(&[("version", "1.0")]), 1_u64)]);
        let to = |name| Labels::new(&[("to", name), ("over", "tcp")]);
        text.family(&SENT, [(to("a"), u64::MAX), (to("b"), 0)]);
        text.single(&LOAD, Some(0.25));
        text.single(&Metric::gauge("ours_unknown", "Not there."), None::<u64>);
        text.end()
    }

    #[test]
    fn the_two_forms() {
        assert_eq!(
            text(Format::OpenMetrics),
            "# TYPE ours_build info\n\
             # HELP ours_build What this is.\n\
             ours_build_info{version=\"1.0\"} 1\n\
             # TYPE ours_sent_bytes counter\n\
             # UNIT ours_sent_bytes bytes\n\
             # HELP ours_sent_bytes What went out.\n\
             ours_sent_bytes_total{to=\"a\",over=\"tcp\"} 18446744073709551615\n\
             ours_sent_bytes_total{to=\"b\",over=\"tcp\"} 0\n\
             # TYPE ours_load gauge\n\
             # HELP ours_load How busy it is.\n\
             ours_load 0.25\n\
             # EOF\n"
        );
        assert_eq!(
            text(Format::Prometheus),
            "# TYPE ours_build_info gauge\n\
             # HELP ours_build_info What this is.\n\
             ours_build_info{version=\"1.0\"} 1\n\
             # TYPE ours_sent_bytes_total counter\n\
             # HELP ours_sent_bytes_total What went out.\n\
             ours_sent_bytes_total{to=\"a\",over=\"tcp\"} 18446744073709551615\n\
             ours_sent_bytes_total{to=\"b\",over=\"tcp\"} 0\n\
             # TYPE ours_load gauge\n\
             # HELP ours_load How busy it is.\n\
             ours_load 0.25\n"
        );
    }

    #[test]
    fn no_value_of_a_label_gets_out_of_its_quotes() {
        for (value, written) in [
            ("plain", r#"{a="plain"}"#),
            ("", r#"{a=""}"#),
            (r#"a"} 1"#, r#"{a="a\"} 1"}"#),
            (r"ends with \", r#"{a="ends with \\"}"#),
            ("two\nlines", r#"{a="two\nlines"}"#),
            ("로그 수집기", r#"{a="로그 수집기"}"#),
            (
                "bell\u{7}, return\r, nul\0",
                "{a=\"bell\u{fffd}, return\u{fffd}, nul\u{fffd}\"}",
            ),
        ] {
            assert_eq!(&*Labels::new(&[("a", value)]).0, written);
        }
        assert_eq!(&*Labels::none().0, "");
    }
}
