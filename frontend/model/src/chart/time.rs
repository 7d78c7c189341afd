const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const DAY: u64 = 24 * 60 * MINUTE;
/// Between two marks of the time axis.
const STEPS: [u64; 10] = [
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    6 * 60 * MINUTE,
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTick {
    pub at_millis: u64,
    pub label: String,
}

/// The time of day, `offset_minutes` east of Greenwich, to the second.
pub fn clock(at_millis: u64, offset_minutes: i32) -> String {
    let seconds = of_day(at_millis, offset_minutes) / SECOND;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Marks on round times of day between two moments, as many as have room.
pub fn time_ticks(
    from_millis: u64,
    to_millis: u64,
    most: usize,
    offset_minutes: i32,
) -> Vec<TimeTick> {
    let extent = to_millis.saturating_sub(from_millis);
    let step = STEPS
        .into_iter()
        .find(|step| extent / step <= most as u64)
        .unwrap_or(DAY);
    let past_round = of_day(from_millis, offset_minutes) % step;
    let first = from_millis + (step - past_round) % step;
    (first..=to_millis)
        .step_by(usize::try_from(step).unwrap_or(usize::MAX))
        .map(|at_millis| {
            let mut label = clock(at_millis, offset_minutes);
            if step >= MINUTE {
                label.truncate("00:00".len());
            }
            TimeTick { at_millis, label }
        })
        .collect()
}

/// Milliseconds since the local midnight.
fn of_day(at_millis: u64, offset_minutes: i32) -> u64 {
    at_millis.wrapping_add_signed(i64::from(offset_minutes) * MINUTE as i64) % DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2024-01-01 00:00 in Greenwich.
    const MIDNIGHT: u64 = 1_704_067_200_000;

    #[test]
    fn the_clock_is_local() {
        assert_eq!(clock(MIDNIGHT + 61_000, 0), "00:01:01");
        assert_eq!(clock(MIDNIGHT, 9 * 60), "09:00:00");
        assert_eq!(clock(MIDNIGHT, -210), "20:30:00");
    }

    #[test]
    fn marks_lie_on_round_local_times() {
        let labels = |from: u64, to: u64, most, offset| {
            time_ticks(
                MIDNIGHT + from * MINUTE,
                MIDNIGHT + to * MINUTE,
                most,
                offset,
            )
            .into_iter()
            .map(|tick| tick.label)
            .collect::<Vec<_>>()
        };
        assert_eq!(
            labels(1, 11, 6, 0),
            ["00:02", "00:04", "00:06", "00:08", "00:10"]
        );
        assert_eq!(labels(1, 11, 3, 0), ["00:05", "00:10"]);
        assert_eq!(labels(1, 11, 3, 330), ["05:35", "05:40"]);
        assert_eq!(labels(0, 1, 3, 0), ["00:00:00", "00:00:30", "00:01:00"]);
    }

    #[test]
    fn no_time_has_one_mark_at_most() {
        assert!(time_ticks(MIDNIGHT, MIDNIGHT, 4, 0).len() <= 1);
        assert!(time_ticks(5, 0, 4, 0).is_empty());
    }
}
