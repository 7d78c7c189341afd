use timeline::{
    Filter,
    story::{Piece, Stories},
};

use crate::{Entry, Item};

/// What is asked for: events that pass a filter, in a stretch of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wanted {
    pub filter: Filter,
    /// The ends count as well, as they do for `docker events`.
    pub since_millis: Option<u64>,
    pub until_millis: Option<u64>,
}

impl Wanted {
    /// Everything is asked for.
    pub fn is_empty(&self) -> bool {
        self.filter.is_empty() && self.since_millis.is_none() && self.until_millis.is_none()
    }

    pub fn admits(&self, entry: &Entry) -> bool {
        match &entry.item {
            // it may hide what is asked for
            Item::Gap(gap) => self.is_within(gap.from_nano.unwrap_or(i64::MIN), gap.to_nano),
            Item::Event(event) => {
                self.is_within(event.time_nano, event.time_nano) && self.filter.matches(event)
            }
        }
    }

    /// A piece is shown whole where one of its events is asked for.
    pub fn admits_piece(&self, stories: &Stories, piece: &Piece) -> bool {
        self.is_empty()
            || (self.is_within(piece.from_nano, piece.to_nano)
                && stories.events(piece).any(|(_, entry)| self.admits(entry)))
    }

    fn is_within(&self, from_nano: i64, to_nano: i64) -> bool {
        self.since_millis.is_none_or(|since| to_nano >= nano(since))
            && self
                .until_millis
                .is_none_or(|until| from_nano <= nano(until))
    }

    /// The line for a shell that prints the same events, or why there is none.
    pub fn command(&self, moment: impl Fn(u64) -> String) -> Result<String, timeline::Unpastable> {
        let mut line = self.filter.command()?;
        for (option, millis) in [
            (" --since ", self.since_millis),
            (" --until ", self.until_millis),
        ] {
            if let Some(millis) = millis {
                line.push_str(option);
                line.push_str(&moment(millis));
            }
        }
        Ok(line)
    }
}

fn nano(millis: u64) -> i64 {
    i64::try_from(millis)
        .unwrap_or(i64::MAX)
        .saturating_mul(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Gap, GapReason};

    #[test]
    fn the_ends_of_a_stretch_count() {
        let wanted = Wanted {
            since_millis: Some(10),
            until_millis: Some(20),
            ..Wanted::default()
        };
        let event = |time_nano| {
            Item::Event(Event {
                time_nano,
                ..Event::default()
            })
        };
        let gap = |from_nano, to_nano| {
            Item::Gap(Gap {
                from_nano,
                to_nano,
                reason: GapReason::BridgeStarted,
            })
        };
        for (item, admitted) in [
            (event(9_999_999), false),
            (event(10_000_000), true),
            (event(20_000_000), true),
            (event(20_000_001), false),
            (gap(None, 9_000_000), false),
            (gap(None, 30_000_000), true),
            (gap(Some(19_000_000), 30_000_000), true),
            (gap(Some(21_000_000), 30_000_000), false),
        ] {
            assert_eq!(
                wanted.admits(&Entry {
                    seq: 1,
                    item: item.clone()
                }),
                admitted,
                "{item:?}"
            );
        }
    }

    #[test]
    fn the_stretch_is_in_the_command() {
        let mut wanted = Wanted {
            filter: "type=container".parse().unwrap(),
            since_millis: Some(1_500),
            until_millis: None,
        };
        let command = |wanted: &Wanted| wanted.command(|millis| format!("T{millis}"));
        assert_eq!(
            command(&wanted).as_deref(),
            Ok("docker events --filter 'type=container' --since T1500")
        );
        wanted.until_millis = Some(2_000);
        assert!(
            command(&wanted)
                .unwrap()
                .ends_with("--since T1500 --until T2000")
        );
        wanted
            .filter
            .add(timeline::Key::Container, "a\u{202e}".to_owned());
        assert!(command(&wanted).is_err());
    }
}
