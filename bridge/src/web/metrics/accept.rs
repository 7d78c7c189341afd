//! Which form of the text a scraper takes.

use axum::http::{HeaderMap, header};

use super::text::Format;

/// The form that `Accept` prefers, OpenMetrics where it has no preference. A browser gets the one that it can show.
pub fn format(headers: &HeaderMap) -> Format {
    let values = headers.get_all(header::ACCEPT).iter();
    let text: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    let ranges: Vec<Range<'_>> = text
        .iter()
        .flat_map(|text| text.split(','))
        .filter_map(Range::parse)
        .collect();
    if ranges.is_empty() {
        return Format::OpenMetrics;
    }
    if ranges.iter().any(|range| range.is("text", "html")) {
        return Format::Prometheus;
    }
    let open = quality(&ranges, "application", "openmetrics-text", "1.0.0");
    let plain = quality(&ranges, "text", "plain", "0.0.4");
    if open > 0.0 && open >= plain {
        Format::OpenMetrics
    } else {
        Format::Prometheus
    }
}

/// One part of an `Accept` header, such as `text/plain;version=0.0.4;q=0.5`.
struct Range<'a> {
    kind: &'a str,
    subkind: &'a str,
    version: Option<&'a str>,
    quality: f32,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subkind) = parts.next()?.split_once('/')?;
        let mut range = Self {
            kind,
            subkind,
            version: None,
            quality: 1.0,
        };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            if name.eq_ignore_ascii_case("q") {
                range.quality = value.parse().unwrap_or(0.0);
            } else if name.eq_ignore_ascii_case("version") {
                range.version = Some(value.trim_matches('"'));
            }
        }
        Some(range)
    }

    fn is(&self, kind: &str, subkind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.subkind.eq_ignore_ascii_case(subkind)
    }

    /// How exactly it names this; `None` where it does not.
    fn names(&self, kind: &str, subkind: &str, version: &str) -> Option<u8> {
        if self.is(kind, subkind) {
            match self.version {
                None => Some(2),
                Some(wanted) => (wanted == version).then_some(3),
            }
        } else if self.is(kind, "*") {
            Some(1)
        } else {
            self.is("*", "*").then_some(0)
        }
    }
}

/// By the part that names it most exactly.
fn quality(ranges: &[Range<'_>], kind: &str, subkind: &str, version: &str) -> f32 {
    ranges
        .iter()
        .filter_map(|range| Some((range.names(kind, subkind, version)?, range.quality)))
        .max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map_or(0.0, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scraper_gets_the_form_that_it_prefers() {
        use Format::{OpenMetrics, Prometheus};
        for (accept, expected) in [
            (None, OpenMetrics),
            (Some("*/*"), OpenMetrics),
            (Some("application/openmetrics-text"), OpenMetrics),
            (Some("text/plain"), Prometheus),
            (Some("text/plain;version=0.0.4"), Prometheus),
            (Some("text/*"), Prometheus),
            (Some("application/*, text/plain;q=0.5"), OpenMetrics),
            (
                Some("application/openmetrics-text;q=0.1,text/plain;q=0.2"),
                Prometheus,
            ),
            (
                Some("application/openmetrics-text;q=0, */*;q=0.1"),
                Prometheus,
            ),
            // a version that we do not write
            (
                Some("application/openmetrics-text;version=2.0.0,text/plain;q=0.2"),
                Prometheus,
            ),
            (Some("application/json"), Prometheus),
            (Some("nonsense"), OpenMetrics),
            // Prometheus 2.42, and 3
            (
                Some(
                    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
                     text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                ),
                OpenMetrics,
            ),
            (
                Some(
                    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
                     application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,\
                     text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                ),
                OpenMetrics,
            ),
            // a browser
            (
                Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
                Prometheus,
            ),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(format(&headers), expected, "{accept:?}");
        }
    }
}
