//! The disk usage as a picture and in words.

use protocol::{READING_PAUSE_MILLIS, READING_TIMES_TAKEN};

use crate::{Tone, Usage, UsageClass, UsageFailure, UsageRow, UsageState};

/// How much of the picture one class has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub class: UsageClass,
    /// Of all known bytes, 0 to 1.
    pub part: Option<f64>,
    /// Of the class' bytes, 0 to 1.
    pub reclaimable: Option<f64>,
}

/// The classes as shares of the whole. What a driver could not measure (a size below zero) has none.
pub fn shares(rows: &[UsageRow]) -> Vec<Share> {
    let whole: f64 = rows.iter().filter_map(|row| row.size_bytes).map(size).sum();
    let ratio = |part: f64, of: f64| {
        if of > 0.0 {
            (part / of).clamp(0.0, 1.0)
        } else {
            0.0
        }
    };
    rows.iter()
        .map(|row| Share {
            class: row.class,
            part: row.size_bytes.map(|bytes| ratio(size(bytes), whole)),
            reclaimable: row
                .reclaimable_bytes
                .zip(row.size_bytes)
                .map(|(bytes, of)| ratio(size(bytes), size(of))),
        })
        .collect()
}

/// The shares for those who do not see them.
pub fn in_words(shares: &[Share]) -> String {
    let whole = if shares.iter().all(|share| share.part.is_some()) {
        "all"
    } else {
        "what is known"
    };
    let words: Vec<_> = shares
        .iter()
        .map(|share| {
            let class = share.class.word();
            let percent = |ratio: f64| format!("{:.0}%", ratio * 100.0);
            match (share.part.map(percent), share.reclaimable.map(percent)) {
                (None, _) => format!("{class} not known"),
                (Some(part), None) => format!("{class} {part} of {whole}"),
                (Some(part), Some(reclaimable)) => {
                    format!("{class} {part} of {whole}, of which {reclaimable} reclaimable")
                }
            }
        })
        .collect();
    words.join("; ")
}

/// A sum over the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Of what is known; `None` where nothing is.
    pub bytes: Option<u64>,
    /// There is more of it: one of the parts is not known.
    pub at_least: bool,
}

impl Sum {
    fn of(parts: impl Iterator<Item = Option<i64>>) -> Self {
        let mut sum = Self {
            bytes: None,
            at_least: false,
        };
        for part in parts {
            match part {
                Some(bytes) => {
                    let bytes = u64::try_from(bytes).unwrap_or(0);
                    sum.bytes = Some(sum.bytes.unwrap_or(0).saturating_add(bytes));
                }
                None => sum.at_least = true,
            }
        }
        sum
    }

    pub fn in_words(self, bytes: fn(u64) -> String) -> Option<String> {
        let words = bytes(self.bytes?);
        Some(if self.at_least {
            format!("at least {words}")
        } else {
            words
        })
    }
}

/// All bytes, and those that a prune would free.
pub fn sums(rows: &[UsageRow]) -> (Sum, Sum) {
    (
        Sum::of(rows.iter().map(|row| row.size_bytes)),
        Sum::of(rows.iter().map(|row| row.reclaimable_bytes)),
    )
}

/// What the picture cannot show, and why its sums are not whole.
pub fn not_told(rows: &[UsageRow]) -> Option<String> {
    let classes = |is: fn(&UsageRow) -> bool, what: &str, how: &str| {
        let classes: Vec<_> = rows
            .iter()
            .filter(|row| is(row))
            .map(|row| row.class.word().to_ascii_lowercase())
            .collect();
        (!classes.is_empty()).then(|| format!("{what} {}{how}", classes.join(", ")))
    };
    let size = classes(|row| row.size_bytes.is_none(), "the size of", "");
    let reclaimable = classes(
        |row| row.size_bytes.is_some() && row.reclaimable_bytes.is_none(),
        "what is reclaimable of",
        " (dotted)",
    );
    let what: Vec<_> = [size, reclaimable].into_iter().flatten().collect();
    (!what.is_empty()).then(|| format!("The daemon did not tell {}.", what.join(", nor ")))
}

fn size(bytes: i64) -> f64 {
    bytes.max(0) as f64
}

/// Before this moment the bridge does not read again.
pub fn next_reading_millis(usage: &Usage) -> u64 {
    let wait = usage.took_millis.saturating_mul(READING_TIMES_TAKEN.into());
    usage.read_at_millis + wait.max(READING_PAUSE_MILLIS)
}

/// What happens next with the reading.
pub fn outlook(state: &UsageState, now_millis: u64) -> String {
    let waits = |usage: &Usage| {
        next_reading_millis(usage)
            .saturating_sub(now_millis)
            .div_ceil(1000)
    };
    match (state.reading_since_millis, &state.last, &state.failure) {
        (Some(since), ..) => {
            let secs = now_millis.saturating_sub(since) / 1000;
            format!("reading now, for {}", to_the_second(secs))
        }
        (None, _, Some(failure)) => again(failure),
        (None, Some(usage), None) if state.stale => match waits(usage) {
            0 => "something changed since: read again soon".to_owned(),
            secs => format!(
                "something changed since: read again in {}",
                to_the_second(secs)
            ),
        },
        (None, Some(_), None) => "nothing changed since".to_owned(),
        (None, None, None) => "not read yet".to_owned(),
    }
}

/// What is counted second by second.
fn to_the_second(secs: u64) -> String {
    match (secs / 60, secs % 60) {
        (0, secs) => format!("{secs} s"),
        (minutes, secs) => format!("{minutes} min {secs} s"),
    }
}

/// When the bridge tries again, by its own rules.
fn again(failure: &UsageFailure) -> String {
    let millis = match failure {
        UsageFailure::Busy => return "tried again every few seconds".to_owned(),
        UsageFailure::TimedOut { limit_millis } => limit_millis * u64::from(READING_TIMES_TAKEN),
        // after a failure that took long the bridge waits longer, and does not say how long it took
        UsageFailure::Forbidden(_) | UsageFailure::Failed(_) => {
            let pause = crate::span(READING_PAUSE_MILLIS);
            return format!("tried again after {pause} at the soonest");
        }
    };
    let minutes = millis / 60_000;
    match (minutes / 60, minutes % 60) {
        // rounded down by half an hour it would seem broken
        (hours @ 1.., minutes @ 1..) => format!("tried again after {hours} h {minutes} min"),
        _ => format!("tried again after {}", crate::span(millis)),
    }
}

/// Why there is no reading: what it is, a sentence that says what to do, and how bad it is.
pub fn failure(failure: &UsageFailure) -> (&'static str, String, Tone) {
    match failure {
        UsageFailure::Busy => (
            "The daemon is busy",
            "It is reading its disk usage for somebody else, and this engine does not read for two at once. \
             It is tried again by itself."
                .to_owned(),
            Tone::Warn,
        ),
        UsageFailure::Forbidden(status) => (
            "Not permitted",
            format!(
                "A proxy between daemonscope and the daemon does not allow GET /system/df (status {status}). \
                 Allow it there to see the disk usage."
            ),
            Tone::Bad,
        ),
        UsageFailure::TimedOut { limit_millis } => (
            "The reading took too long",
            format!(
                "The daemon did not answer within {}. It walks through every layer and volume, which a slow or busy \
                 disk draws out. It is tried again by itself.",
                crate::span(*limit_millis)
            ),
            Tone::Warn,
        ),
        UsageFailure::Failed(words) => (
            "The daemon could not read it",
            format!(
                "It says: {}. If it stays so, look at its log (journalctl -u docker).",
                words.trim_end_matches('.')
            ),
            Tone::Bad,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(
        class: UsageClass,
        size_bytes: impl Into<Option<i64>>,
        reclaimable_bytes: impl Into<Option<i64>>,
    ) -> UsageRow {
        UsageRow {
            class,
            total: Some(1),
            active: Some(1),
            size_bytes: size_bytes.into(),
            reclaimable_bytes: reclaimable_bytes.into(),
        }
    }

    #[test]
    fn shares_are_of_the_measured_bytes() {
        let rows = [
            row(UsageClass::Images, 300, 75),
            row(UsageClass::Containers, 0, 0),
            row(UsageClass::LocalVolumes, 100, 150),
            row(UsageClass::BuildCache, -7, -7),
        ];
        assert_eq!(
            of(&rows),
            [(0.75, 0.25), (0.0, 0.0), (0.25, 1.0), (0.0, 0.0)]
                .map(|(part, reclaimable)| (Some(part), Some(reclaimable)))
        );
        assert_eq!(sums(&rows), (sum(400, false), sum(225, false)));
        assert_eq!(not_told(&rows), None);
        assert_eq!(of(&[row(UsageClass::Images, 0, 0)])[0].0, Some(0.0));
    }

    #[test]
    fn what_is_not_known_has_no_share_and_makes_a_sum_the_least() {
        let rows = [
            row(UsageClass::Images, 300, None),
            row(UsageClass::Containers, None, 5),
            row(UsageClass::LocalVolumes, 100, 50),
        ];
        assert_eq!(
            of(&rows),
            [(Some(0.75), None), (None, None), (Some(0.25), Some(0.5))]
        );
        assert_eq!(sums(&rows), (sum(400, true), sum(55, true)));
        assert_eq!(sums(&rows[..1]), (sum(300, false), sum(None, true)));
        let told = |sum: Sum| sum.in_words(|bytes| format!("{bytes}B"));
        assert_eq!(told(sum(400, true)).as_deref(), Some("at least 400B"));
        assert_eq!(told(sum(400, false)).as_deref(), Some("400B"));
        assert_eq!(told(sum(None, true)), None);
        assert_eq!(
            not_told(&rows).as_deref(),
            Some(
                "The daemon did not tell the size of containers, nor what is reclaimable of images (dotted)."
            )
        );
        assert_eq!(
            in_words(&shares(&rows)),
            "Images 75% of what is known; Containers not known; \
             Local Volumes 25% of what is known, of which 50% reclaimable"
        );
        assert_eq!(
            in_words(&shares(&rows[2..])),
            "Local Volumes 100% of all, of which 50% reclaimable"
        );
    }

    fn sum(bytes: impl Into<Option<u64>>, at_least: bool) -> Sum {
        Sum {
            bytes: bytes.into(),
            at_least,
        }
    }

    /// Of each class its part, and what of that is reclaimable.
    fn of(rows: &[UsageRow]) -> Vec<(Option<f64>, Option<f64>)> {
        shares(rows)
            .iter()
            .map(|share| (share.part, share.reclaimable))
            .collect()
    }

    #[test]
    fn a_dear_reading_waits_longer() {
        for (took_millis, next) in [(400, 31_000), (1_500, 31_000), (3_000, 61_000)] {
            let usage = Usage {
                read_at_millis: 1_000,
                took_millis,
                rows: Vec::new(),
            };
            assert_eq!(next_reading_millis(&usage), next);
        }
    }

    #[test]
    fn the_outlook_says_what_happens_next() {
        let last = Some(Usage {
            read_at_millis: 10_000,
            took_millis: 100,
            rows: Vec::new(),
        });
        let slow = Some(Usage {
            read_at_millis: 10_000,
            took_millis: 7_900,
            rows: Vec::new(),
        });
        let state = |stale, last: &Option<Usage>, reading, failure| UsageState {
            last: last.clone(),
            stale,
            reading_since_millis: reading,
            failure,
        };
        for (state, expected) in [
            (state(false, &None, None, None), "not read yet"),
            (
                state(false, &None, Some(17_000), None),
                "reading now, for 3 s",
            ),
            (
                state(true, &slow, None, None),
                "something changed since: read again in 2 min 28 s",
            ),
            (state(false, &last, None, None), "nothing changed since"),
            (
                state(true, &last, None, None),
                "something changed since: read again in 20 s",
            ),
            (
                state(false, &last, None, Some(UsageFailure::Busy)),
                "tried again every few seconds",
            ),
            (
                state(
                    false,
                    &last,
                    None,
                    Some(UsageFailure::TimedOut {
                        limit_millis: 60_000,
                    }),
                ),
                "tried again after 20 min",
            ),
            (
                state(
                    false,
                    &last,
                    None,
                    Some(UsageFailure::TimedOut {
                        limit_millis: 300_000,
                    }),
                ),
                "tried again after 1 h 40 min",
            ),
            (
                state(false, &None, None, Some(UsageFailure::Forbidden(403))),
                "tried again after 30 s at the soonest",
            ),
        ] {
            assert_eq!(outlook(&state, 20_000), expected);
        }
    }
}
