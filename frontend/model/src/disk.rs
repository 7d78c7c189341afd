//! The disk usage as a picture and in words.

use protocol::{READING_PAUSE_MILLIS, READING_TIMES_TAKEN};

use crate::{Tone, Usage, UsageClass, UsageFailure, UsageRow, UsageState};

/// How much of the picture one class has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    pub class: UsageClass,
    /// Of all bytes, 0 to 1.
    pub part: f64,
    /// Of the class' bytes, 0 to 1.
    pub reclaimable: f64,
}

/// The classes as shares of the whole. What a driver could not measure (a size below zero) has none.
pub fn shares(rows: &[UsageRow]) -> Vec<Share> {
    let whole: f64 = rows.iter().map(|row| size(row.size_bytes)).sum();
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
            part: ratio(size(row.size_bytes), whole),
            reclaimable: ratio(size(row.reclaimable_bytes), size(row.size_bytes)),
        })
        .collect()
}

/// All bytes, and those that a prune would free.
pub fn sums(rows: &[UsageRow]) -> (u64, u64) {
    let sum = |of: fn(&UsageRow) -> i64| {
        rows.iter()
            .map(|row| u64::try_from(of(row)).unwrap_or(0))
            .fold(0, u64::saturating_add)
    };
    (sum(|row| row.size_bytes), sum(|row| row.reclaimable_bytes))
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
            format!("reading now, for {secs} s")
        }
        (None, _, Some(_)) => "tried again soon".to_owned(),
        (None, Some(usage), None) if state.stale => match waits(usage) {
            0 => "something changed since: read again soon".to_owned(),
            secs => format!("something changed since: read again in {secs} s"),
        },
        (None, Some(_), None) => "nothing changed since".to_owned(),
        (None, None, None) => "not read yet".to_owned(),
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
                "What stands between daemonscope and the daemon does not allow GET /system/df (status {status}). \
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
            format!("It says: {words}"),
            Tone::Bad,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(class: UsageClass, size_bytes: i64, reclaimable_bytes: i64) -> UsageRow {
        UsageRow {
            class,
            total: 1,
            active: 1,
            size_bytes,
            reclaimable_bytes,
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
        let shares: Vec<_> = shares(&rows)
            .iter()
            .map(|share| (share.part, share.reclaimable))
            .collect();
        assert_eq!(shares, [(0.75, 0.25), (0.0, 0.0), (0.25, 1.0), (0.0, 0.0)]);
        assert_eq!(sums(&rows), (400, 225));
        assert!(super::shares(&[row(UsageClass::Images, 0, 0)])[0].part == 0.0);
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
            (state(false, &last, None, None), "nothing changed since"),
            (
                state(true, &last, None, None),
                "something changed since: read again in 20 s",
            ),
            (
                state(false, &last, None, Some(UsageFailure::Busy)),
                "tried again soon",
            ),
            (
                state(false, &None, None, Some(UsageFailure::Forbidden(403))),
                "tried again soon",
            ),
        ] {
            assert_eq!(outlook(&state, 20_000), expected);
        }
    }
}
