/// Unix nanoseconds of a time as the daemon writes it; `None` for Go's zero time (the year 1),
/// which the daemon sends for "never", and for what is not a time.
pub fn nanos(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let (year, month, day) = {
        let mut parts = date.splitn(3, '-');
        (
            digits(parts.next()?, 4)?,
            digits(parts.next()?, 2)?,
            digits(parts.next()?, 2)?,
        )
    };
    let clock_end = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at(clock_end);
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let (hour, minute, second) = {
        let mut parts = whole.splitn(3, ':');
        (
            digits(parts.next()?, 2)?,
            digits(parts.next()?, 2)?,
            digits(parts.next()?, 2)?,
        )
    };
    // 60: a leap second, which falls on the next minute's first
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let seconds = days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
        - offset_seconds(zone)?;
    let nanos = seconds
        .checked_mul(1_000_000_000)?
        .checked_add(fraction_nanos(fraction)?)?;
    (year > 1).then_some(nanos)
}

fn digits(text: &str, count: usize) -> Option<i64> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// Digits after the ninth are dropped: nothing of ours is finer.
fn fraction_nanos(text: &str) -> Option<i64> {
    let kept = text.get(..text.len().min(9))?;
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if kept.is_empty() {
        return Some(0);
    }
    let value: i64 = kept.parse().ok()?;
    Some(value * 10_i64.pow(9 - u32::try_from(kept.len()).ok()?))
}

fn offset_seconds(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let seconds = digits(hours, 2)? * 3_600 + digits(minutes, 2)? * 60;
    Some(if zone.starts_with('-') {
        -seconds
    } else {
        seconds
    })
}

/// Of the Gregorian calendar: years begin in March, so that the leap day is a year's last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// A time in unix seconds as people read it: `2026-11-24 06:44:55 UTC`.
pub fn written(seconds: i64) -> String {
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = timeline::date(days);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads() {
        for text in [
            "1969-12-31 23:59:59 UTC",
            "1970-01-01 00:00:00 UTC",
            "2000-02-29 12:00:00 UTC",
            "2000-03-01 00:00:01 UTC",
            "2023-12-31 23:59:59 UTC",
            "2024-02-29 06:44:55 UTC",
            "2026-11-24 06:44:55 UTC",
            "2100-03-01 00:00:00 UTC",
        ] {
            let read = nanos(&text.replace(" UTC", "Z")).unwrap();
            assert_eq!(written(read / 1_000_000_000), text.to_owned(), "{read}");
        }
        // as far as nanoseconds reach, on every day of the week and of the month
        for day in (0..106_751).step_by(13) {
            let text = written(day * 86_400);
            let read = nanos(&text.replace(" UTC", "Z"));
            assert_eq!(read, Some(day * 86_400_000_000_000), "{text}");
        }
    }

    #[test]
    fn reads_times_as_daemons_write_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            (
                "2026-11-24T06:43:45.695637818Z",
                Some(1_795_502_625_695_637_818),
            ),
            // Go drops trailing zeros of the fraction
            (
                "2026-11-24T06:44:43.30404356Z",
                Some(1_795_502_683_304_043_560),
            ),
            ("2026-11-24T06:44:43.3Z", Some(1_795_502_683_300_000_000)),
            ("2026-11-24T08:44:43+02:00", Some(1_795_502_683_000_000_000)),
            ("2026-11-24T01:14:43-05:30", Some(1_795_502_683_000_000_000)),
            ("2024-02-29T00:00:00Z", Some(1_709_164_800_000_000_000)),
            ("2000-03-01T00:00:00Z", Some(951_868_800_000_000_000)),
            ("1969-12-31T23:59:59.5Z", Some(-500_000_000)),
            (
                "2026-11-24T06:44:43.1234567891234Z",
                Some(1_795_502_683_123_456_789),
            ),
            // never
            ("0001-01-01T00:00:00Z", None),
            // beyond what nanoseconds can hold
            ("9999-12-31T23:59:59Z", None),
            ("", None),
            ("T", None),
            ("2026-11-24", None),
            ("2026-11-24T06:44:43", None),
            ("2026-13-24T06:44:43Z", None),
            ("2026-11-24T24:44:43Z", None),
            ("2026-11-24T06:44:43.x1Z", None),
            ("2026-11-24T06:44:43.é9999999Z", None),
            ("2026-11-24T06:44:43+0200", None),
            ("+026-11-24T06:44:43Z", None),
        ] {
            assert_eq!(nanos(text), expected, "{text}");
        }
    }
}
