use std::fmt;

use protocol::{Event, Gap, Item};
use timeline::{Filter, FilterError, Key};

/// Which entries of the timeline somebody asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Both ends count, as with the docker command.
    pub since_nano: Option<i64>,
    pub until_nano: Option<i64>,
    filter: Filter,
    /// Goes on with what comes.
    pub follow: bool,
}

/// Why a query is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryError {
    UnknownParameter(String),
    Twice(&'static str),
    NotATime {
        parameter: &'static str,
        text: String,
    },
    SinceAfterUntil,
    NotYesOrNo(String),
    Filter(FilterError),
}

impl QueryError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownParameter(_) => "unknown_parameter",
            Self::Twice(_) => "parameter_twice",
            Self::NotATime { .. } => "bad_time",
            Self::SinceAfterUntil => "since_after_until",
            Self::NotYesOrNo(_) => "bad_follow",
            Self::Filter(FilterError::UnknownKey { .. }) => "unknown_filter",
            Self::Filter(_) => "bad_filter",
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownParameter(name) => write!(
                f,
                "There is no parameter “{name}”; there are since, until, filter and follow."
            ),
            Self::Twice(name) => {
                write!(f, "“{name}” may be given once; only filter is repeatable.")
            }
            Self::NotATime { parameter, text } => write!(
                f,
                "“{parameter}” takes unix seconds with an optional fraction, such as {parameter}=1795502560.25, and \
                 “{text}” is not that."
            ),
            Self::SinceAfterUntil => write!(
                f,
                "“since” is after “until”, so nothing can be between them."
            ),
            Self::NotYesOrNo(text) => write!(f, "“follow” takes 1 or 0, and “{text}” is neither."),
            Self::Filter(FilterError::UnknownKey { word, nearest, .. }) => {
                write!(
                    f,
                    "There is no filter “{word}”; the nearest is “{nearest}”. There are"
                )?;
                for key in Key::ALL {
                    write!(f, " {key}")?;
                }
                f.write_str(".")
            }
            Self::Filter(error) => write!(f, "In a filter: {error}."),
        }
    }
}

impl Query {
    /// Of the parameters in the order in which they were written.
    pub fn of(parameters: &[(String, String)]) -> Result<Self, QueryError> {
        let mut query = Self::default();
        let mut follow = None;
        for (name, value) in parameters {
            match name.as_str() {
                "since" => once("since", &mut query.since_nano, nano("since", value)?)?,
                "until" => once("until", &mut query.until_nano, nano("until", value)?)?,
                "follow" => once("follow", &mut follow, yes_or_no(value)?)?,
                "filter" => query.filter.add_term(value).map_err(QueryError::Filter)?,
                _ => return Err(QueryError::UnknownParameter(name.clone())),
            }
        }
        query.follow = follow.unwrap_or(false);
        match (query.since_nano, query.until_nano) {
            (Some(since), Some(until)) if since > until => Err(QueryError::SinceAfterUntil),
            _ => Ok(query),
        }
    }

    /// A gap counts whatever the filter: nobody knows what was in it.
    pub fn admits(&self, item: &Item) -> bool {
        let (from, to) = match item {
            Item::Event(Event { time_nano, .. }) => (*time_nano, *time_nano),
            Item::Gap(Gap {
                from_nano, to_nano, ..
            }) => (from_nano.unwrap_or(i64::MIN), *to_nano),
        };
        self.since_nano.is_none_or(|since| to >= since)
            && self.until_nano.is_none_or(|until| from <= until)
            && match item {
                Item::Event(event) => self.filter.matches(event),
                Item::Gap(_) => true,
            }
    }
}

fn once<T>(name: &'static str, known: &mut Option<T>, value: T) -> Result<(), QueryError> {
    match known.replace(value) {
        None => Ok(()),
        Some(_) => Err(QueryError::Twice(name)),
    }
}

fn yes_or_no(text: &str) -> Result<bool, QueryError> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(QueryError::NotYesOrNo(text.to_owned())),
    }
}

/// Unix seconds with up to nine digits of a fraction; more digits than the daemon's clock has are cut off.
fn nano(parameter: &'static str, text: &str) -> Result<i64, QueryError> {
    let parse = || {
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(seconds) || !all_digits(fraction) {
            return None;
        }
        let fraction: String = fraction
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        let seconds: i64 = seconds.parse().ok()?;
        seconds
            .checked_mul(1_000_000_000)?
            .checked_add(fraction.parse().ok()?)
    };
    parse().ok_or_else(|| QueryError::NotATime {
        parameter,
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use protocol::GapReason;

    use super::*;

    fn query(parameters: &[(&str, &str)]) -> Result<Query, QueryError> {
        let parameters: Vec<_> = parameters
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Query::of(&parameters)
    }

    #[test]
    fn times_are_unix_seconds_with_a_fraction() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1795502560", Some(1_795_502_560_000_000_000)),
            ("1795502560.25", Some(1_795_502_560_250_000_000)),
            ("1795502560.123456789", Some(1_795_502_560_123_456_789)),
            ("1795502560.1234567899", Some(1_795_502_560_123_456_789)),
            ("1795502560.", None),
            (".5", None),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1e9", None),
            ("10m", None),
            ("2026-11-25T00:00:00Z", None),
            ("٣", None),
            ("9223372036", Some(9_223_372_036_000_000_000)),
            ("9223372037", None),
            ("99999999999999999999", None),
            ("1.2.3", None),
        ] {
            let read = query(&[("since", text)]).map(|query| query.since_nano);
            match expected {
                Some(nano) => assert_eq!(read, Ok(Some(nano)), "{text}"),
                None => assert_eq!(read.unwrap_err().code(), "bad_time", "{text}"),
            }
        }
    }

    #[test]
    fn what_is_no_query_says_why() {
        for (parameters, code, needle) in [
            (&[("untill", "5")][..], "unknown_parameter", "“untill”"),
            (
                &[("filter", "typ=container")],
                "unknown_filter",
                "nearest is “type”",
            ),
            (&[("filter", "web")], "bad_filter", "container=web"),
            (&[("filter", "type=")], "bad_filter", "needs a value"),
            (
                &[("since", "1"), ("since", "2")],
                "parameter_twice",
                "“since”",
            ),
            (
                &[("since", "2"), ("until", "1.5")],
                "since_after_until",
                "after",
            ),
            (&[("follow", "maybe")], "bad_follow", "“maybe”"),
            (&[("follow", "")], "bad_follow", "1 or 0"),
        ] {
            let error = query(parameters).unwrap_err();
            assert_eq!(error.code(), code, "{parameters:?}");
            assert!(error.to_string().contains(needle), "{error}");
        }
    }

    #[test]
    fn entries_are_admitted_by_time_and_filter_and_gaps_by_time_alone() {
        let event = |time_nano, action: &str| {
            Item::Event(Event {
                time_nano,
                kind: "container".to_owned(),
                action: action.to_owned(),
                ..Event::default()
            })
        };
        let gap = |from_nano, to_nano| {
            Item::Gap(Gap {
                from_nano,
                to_nano,
                reason: GapReason::RingOverrun,
            })
        };
        let second = 1_000_000_000;
        let all = query(&[]).unwrap();
        let some = query(&[
            ("since", "2"),
            ("until", "3"),
            ("filter", "event=start"),
            ("filter", "event=die"),
            ("filter", "type=container"),
        ])
        .unwrap();
        assert!(!some.follow);
        for (item, expected) in [
            (event(2 * second, "start"), true),
            (event(3 * second, "die"), true),
            (event(2 * second, "stop"), false),
            (event(2 * second - 1, "start"), false),
            (event(3 * second + 1, "start"), false),
            (gap(None, second), false),
            (gap(None, 2 * second), true),
            (gap(Some(3 * second), 9 * second), true),
            (gap(Some(3 * second + 1), 9 * second), false),
            (gap(Some(second), 9 * second), true),
        ] {
            assert!(all.admits(&item));
            assert_eq!(some.admits(&item), expected, "{item:?}");
        }
    }
}
