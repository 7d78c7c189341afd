/// docker/go-units, `HumanDuration`. Below one second, and before its time, it is "Less than a second".
pub fn human_duration(millis: i64) -> String {
    let seconds = millis / 1000;
    let minutes = seconds / 60;
    // hours are rounded to the nearest, all else is cut off
    let hours = millis.saturating_add(30 * 60_000) / 3_600_000;
    match seconds {
        ..=0 => return "Less than a second".to_owned(),
        1 => return "1 second".to_owned(),
        2..=59 => return format!("{seconds} seconds"),
        _ => {}
    }
    match minutes {
        1 => return "About a minute".to_owned(),
        2..=59 => return format!("{minutes} minutes"),
        _ => {}
    }
    match hours {
        1 => "About an hour".to_owned(),
        ..48 => format!("{hours} hours"),
        48..336 => format!("{} days", hours / 24),
        336..1_440 => format!("{} weeks", hours / 24 / 7),
        1_440..17_520 => format!("{} months", hours / 24 / 30),
        _ => format!("{} years", seconds / 3_600 / 24 / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::human_duration;

    #[test]
    fn as_the_docker_command_says_it() {
        const SECOND: i64 = 1000;
        const MINUTE: i64 = 60 * SECOND;
        const HOUR: i64 = 60 * MINUTE;
        const DAY: i64 = 24 * HOUR;
        for (millis, expected) in [
            (i64::MIN / 2, "Less than a second"),
            (-HOUR, "Less than a second"),
            (0, "Less than a second"),
            (999, "Less than a second"),
            (SECOND, "1 second"),
            (1999, "1 second"),
            (2 * SECOND, "2 seconds"),
            (59_999, "59 seconds"),
            (MINUTE, "About a minute"),
            (2 * MINUTE - 1, "About a minute"),
            (2 * MINUTE, "2 minutes"),
            (HOUR - 1, "59 minutes"),
            (HOUR, "About an hour"),
            (89 * MINUTE, "About an hour"),
            (90 * MINUTE, "2 hours"),
            (47 * HOUR, "47 hours"),
            (48 * HOUR - 31 * MINUTE, "47 hours"),
            (48 * HOUR - 30 * MINUTE, "2 days"),
            (2 * DAY, "2 days"),
            (13 * DAY, "13 days"),
            (14 * DAY, "2 weeks"),
            (59 * DAY, "8 weeks"),
            (60 * DAY, "2 months"),
            (729 * DAY, "24 months"),
            (730 * DAY, "2 years"),
            (5 * 365 * DAY + 7 * DAY, "5 years"),
        ] {
            assert_eq!(human_duration(millis), expected, "{millis}");
        }
    }
}
