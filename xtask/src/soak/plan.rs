//! How the time is spent.

use std::time::Duration;

use super::figures::Kind;

#[derive(Debug, Clone)]
pub struct Plan {
    pub containers: u32,
    /// How long many events are told at first.
    pub flood: Duration,
    /// The ends of the windows in which figures are compared, since the beginning. The last is the end of all.
    pub checkpoints: Vec<Duration>,
    /// From the end of the troubles to the window. The bridge may wait 15 s before it looks for the daemon again.
    pub settle: Duration,
    pub window: Duration,
    pub whole: Duration,
    /// A trouble lasts no longer than this.
    pub patience: Duration,
    pub is_short: bool,
}

/// At 1,000 events a second more than bridge and page keep, so that both have let go of some before anything is compared.
const FLOOD: Duration = seconds(16);

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

impl Plan {
    /// The first checkpoint after five minutes, or a third of the time where that is less; more in between.
    pub fn of_minutes(minutes: u64) -> Self {
        let whole = seconds(minutes * 60);
        let first = seconds(300).min(whole / 3);
        // A rest costs time that is then no trouble.
        let between = ((whole - first).as_secs() / 660).max(1);
        let step = (whole - first) / u32::try_from(between).unwrap_or(1);
        let later = (1..between).map(|number| first + step * u32::try_from(number).unwrap_or(0));
        let checkpoints = std::iter::once(first).chain(later).chain([whole]).collect();
        let rest = seconds(45).min(first / 3);
        Self {
            containers: 300,
            flood: FLOOD.min(first / 4),
            checkpoints,
            settle: rest,
            window: rest,
            whole,
            patience: seconds(60),
            is_short: false,
        }
    }

    pub fn short() -> Self {
        Self {
            containers: 60,
            flood: FLOOD,
            checkpoints: vec![seconds(60), seconds(130)],
            settle: seconds(20),
            window: seconds(10),
            whole: seconds(130),
            patience: seconds(4),
            is_short: true,
        }
    }

    /// How much more a figure may be at the end, as a part of what it was at the first checkpoint, and in its own unit.
    /// `None`: any more.
    ///
    /// In two minutes nothing comes to rest as it does in an hour: allocators and the browser's heap are still finding
    /// their size, and what was ever needed at once still grows with each thing that happens for the first time.
    pub fn tolerance(&self, kind: Kind) -> Option<(f64, f64)> {
        match (kind, self.is_short) {
            (Kind::Count, _) => Some((0.10, 3.0)),
            (Kind::Bytes | Kind::HighestBytes, false) => Some((0.10, 0.0)),
            (Kind::Bytes, true) => Some((0.30, 2.0 * 1024.0 * 1024.0)),
            (Kind::HighestBytes, true) | (Kind::ToldBytes, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_compared_with_its_fifth_minute() {
        let plan = Plan::of_minutes(60);
        assert_eq!(plan.checkpoints.first(), Some(&seconds(300)));
        assert_eq!(plan.checkpoints.last(), Some(&seconds(3600)));
        assert_eq!(plan.checkpoints.len(), 6);
    }

    #[test]
    fn every_plan_has_time_for_troubles() {
        let plans = [5, 10, 60, 1440].map(Plan::of_minutes);
        for plan in plans.into_iter().chain([Plan::short()]) {
            let mut free_from = plan.flood;
            for at in &plan.checkpoints {
                let troubles = at.checked_sub(free_from + plan.settle + plan.window);
                assert!(troubles > Some(seconds(5)), "{plan:?}");
                free_from = *at;
            }
        }
    }
}
