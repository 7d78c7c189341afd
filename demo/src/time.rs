//! Moments of the simulated clock, written as the daemon writes them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

/// Nanoseconds since 1970. Zero stands for Go's zero time, which the daemon uses for "never".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

pub const SECOND: Duration = Duration::from_secs(1);

impl Time {
    pub const NEVER: Time = Time(0);

    pub fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// The machine's clock.
    pub fn now() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
    }

    pub fn nanos(self) -> i64 {
        self.0
    }

    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// Zero when `earlier` is not earlier.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Later by so many nanoseconds, or earlier; never stays never.
    pub fn moved(self, nanos: i64) -> Self {
        if self.is_never() {
            return self;
        }
        Self(self.0.saturating_add(nanos))
    }

    pub fn is_never(self) -> bool {
        self == Self::NEVER
    }

    /// Reads `since=` and `until=`: unix seconds with an optional fraction, as the daemon does.
    pub fn parse_query(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let seconds: i64 = whole.parse().ok()?;
        let mut nanos = 0_i64;
        if !fraction.is_empty() {
            if fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let padded = format!("{fraction:0<9}");
            nanos = padded.parse().ok()?;
        }
        seconds
            .checked_mul(1_000_000_000)?
            .checked_add(nanos)
            .map(Self)
    }
}

impl std::ops::Add<Duration> for Time {
    type Output = Time;
    fn add(self, duration: Duration) -> Time {
        Time(
            self.0
                .saturating_add(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)),
        )
    }
}

impl std::ops::Sub<Duration> for Time {
    type Output = Time;
    fn sub(self, duration: Duration) -> Time {
        Time(
            self.0
                .saturating_sub(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)),
        )
    }
}

/// RFC 3339 in UTC with as many digits of the fraction as are not zero, as Go writes it.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_never() {
            return f.write_str("0001-01-01T00:00:00Z");
        }
        let seconds = self.seconds();
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        let nanos = self.0.rem_euclid(1_000_000_000);
        if nanos != 0 {
            let digits = format!("{nanos:09}");
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
    }
}

impl Time {
    /// As in the head `Date` (RFC 9110): `Tue, 24 Nov 2026 06:44:55 GMT`.
    pub fn http(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let days = self.seconds().div_euclid(86_400);
        let of_day = self.seconds().rem_euclid(86_400);
        let (year, month, day) = civil(days);
        // The first of January 1970 was a Thursday.
        let name = DAYS[usize::try_from(days.rem_euclid(7)).unwrap_or(0)];
        let month = MONTHS[usize::try_from(month - 1).unwrap_or(0)];
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        format!("{name}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Year, month and day of a count of days since 1970 (Howard Hinnant's algorithm).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// How long, in the words of `docker ps` (docker/go-units, `HumanDuration`).
pub fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let minutes = seconds / 60;
    let hours = (duration.as_secs_f64() / 3600.0).round() as u64;
    match () {
        () if seconds < 1 => "Less than a second".to_owned(),
        () if seconds == 1 => "1 second".to_owned(),
        () if seconds < 60 => format!("{seconds} seconds"),
        () if minutes == 1 => "About a minute".to_owned(),
        () if minutes < 60 => format!("{minutes} minutes"),
        () if hours == 1 => "About an hour".to_owned(),
        () if hours < 48 => format!("{hours} hours"),
        () if hours < 24 * 7 * 2 => format!("{} days", hours / 24),
        () if hours < 24 * 30 * 2 => format!("{} weeks", hours / 24 / 7),
        () if hours < 24 * 365 * 2 => format!("{} months", hours / 24 / 30),
        () => format!("{} years", seconds / 3600 / 24 / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_go_writes_them() {
        for (nanos, text) in [
            (0, "0001-01-01T00:00:00Z"),
            (1_795_502_664_000_000_000, "2026-11-24T06:44:24Z"),
            (1_795_502_664_120_000_000, "2026-11-24T06:44:24.12Z"),
            (1_709_164_799_000_000_001, "2024-02-28T23:59:59.000000001Z"),
            (1_709_164_800_000_000_000, "2024-02-29T00:00:00Z"),
            (1_709_251_200_000_000_000, "2024-03-01T00:00:00Z"),
        ] {
            assert_eq!(Time::from_nanos(nanos).to_string(), text);
        }
    }

    #[test]
    fn queries_take_seconds_with_a_fraction_and_nothing_else() {
        assert_eq!(Time::parse_query("12"), Some(Time(12_000_000_000)));
        assert_eq!(Time::parse_query("12.5"), Some(Time(12_500_000_000)));
        assert_eq!(
            Time::parse_query("12.000000001"),
            Some(Time(12_000_000_001))
        );
        for wrong in ["1h", "", "12.x", "12.0000000001", "2026-11-24T06:44:24Z"] {
            assert_eq!(Time::parse_query(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_use_the_words_of_docker_ps() {
        for (seconds, text) in [
            (0, "Less than a second"),
            (59, "59 seconds"),
            (61, "About a minute"),
            (3599, "59 minutes"),
            (3600, "About an hour"),
            (47 * 3600, "47 hours"),
            (50 * 3600, "2 days"),
            (15 * 86_400, "2 weeks"),
            (70 * 86_400, "2 months"),
        ] {
            assert_eq!(human(Duration::from_secs(seconds)), text);
        }
    }
}
