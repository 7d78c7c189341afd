use crate::{Away, DaemonState};

/// How the page stands with the bridge. Times are those of the viewer's own clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Link {
    /// An attempt is under way.
    #[default]
    Connecting,
    /// The snapshot is here and frames come.
    Live,
    /// The last attempt failed; the next begins then.
    Waiting { until_millis: u64, attempts: u32 },
    /// The bridge is of another build, and loading the page anew did not help.
    Outdated,
}

/// What the connection mark says: the worst of the way from the page to the daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Nothing has been shown yet.
    Connecting,
    Live,
    /// Figures were expected and none came for so long.
    Stale {
        silent_secs: u64,
    },
    /// The bridge does not answer the page; the next attempt in so many seconds (0: under way).
    Reconnecting {
        in_secs: u64,
        attempts: u32,
    },
    /// The bridge is there and the daemon is not.
    DaemonAway(Away),
    Outdated,
}

/// Without a frame for so long, figures are called stale: the daemon's beat is about a second, a hung one is told after this.
const STALE_AFTER_MILLIS: u64 = 5_000;

impl Status {
    /// `now_millis` is the viewer's clock; `silent_since_millis` says since when (by the same clock) figures are awaited in vain.
    pub fn of(
        link: Link,
        daemon: &DaemonState,
        seen_snapshot: bool,
        silent_since_millis: Option<u64>,
        now_millis: u64,
    ) -> Self {
        match link {
            Link::Outdated => Self::Outdated,
            Link::Connecting if !seen_snapshot => Self::Connecting,
            Link::Connecting => Self::Reconnecting {
                in_secs: 0,
                attempts: 0,
            },
            Link::Waiting {
                until_millis,
                attempts,
            } => Self::Reconnecting {
                in_secs: until_millis.saturating_sub(now_millis).div_ceil(1000),
                attempts,
            },
            Link::Live => match daemon {
                DaemonState::Connecting => Self::Connecting,
                DaemonState::Away(away) => Self::DaemonAway(away.clone()),
                DaemonState::Live { .. } => {
                    let silent =
                        silent_since_millis.map_or(0, |since| now_millis.saturating_sub(since));
                    if silent > STALE_AFTER_MILLIS {
                        Self::Stale {
                            silent_secs: silent / 1000,
                        }
                    } else {
                        Self::Live
                    }
                }
            },
        }
    }

    /// Whether what is on screen may no longer be so.
    pub fn is_stale(&self) -> bool {
        !matches!(self, Self::Live)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AwayReason;

    const NOW: u64 = 100_000;

    fn status(link: Link, daemon: &DaemonState, silent_since: Option<u64>) -> Status {
        Status::of(link, daemon, true, silent_since, NOW)
    }

    #[test]
    fn the_worst_of_the_way_is_told() {
        let live = DaemonState::Live { since_millis: 0 };
        let away = DaemonState::Away(Away {
            reason: AwayReason::Hung,
            since_millis: 0,
            retry_at_millis: None,
            attempts: 1,
        });
        let waiting = Link::Waiting {
            until_millis: NOW + 3_001,
            attempts: 2,
        };
        let reconnecting = Status::Reconnecting {
            in_secs: 4,
            attempts: 2,
        };
        assert_eq!(status(Link::Live, &live, None), Status::Live);
        assert_eq!(status(Link::Live, &live, Some(NOW - 5_000)), Status::Live);
        assert_eq!(
            status(Link::Live, &live, Some(NOW - 6_500)),
            Status::Stale { silent_secs: 6 }
        );
        assert!(matches!(
            status(Link::Live, &away, Some(0)),
            Status::DaemonAway(_)
        ));
        assert_eq!(
            status(waiting, &away, None),
            reconnecting,
            "what the bridge last said of the daemon is old"
        );
        assert_eq!(status(Link::Outdated, &live, None), Status::Outdated);
        assert_eq!(
            Status::of(Link::Connecting, &live, false, None, NOW),
            Status::Connecting
        );
        assert_eq!(
            status(Link::Connecting, &live, None),
            Status::Reconnecting {
                in_secs: 0,
                attempts: 0
            }
        );
    }

    #[test]
    fn only_live_is_fresh() {
        assert!(!Status::Live.is_stale());
        assert!(Status::Stale { silent_secs: 6 }.is_stale());
        assert!(Status::Connecting.is_stale());
    }
}
