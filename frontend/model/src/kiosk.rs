//! The wall display: what its address asks for, and what follows from the time alone.

use std::fmt::Write as _;

/// What it shows, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// Whether all is well, from across the room.
    Wall,
    Containers,
    Events,
    Usage,
}

impl Panel {
    pub const ALL: [Self; 4] = [Self::Wall, Self::Containers, Self::Events, Self::Usage];

    /// In the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Containers => "containers",
            Self::Events => "events",
            Self::Usage => "usage",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Wall => "At a glance",
            Self::Containers => "Containers",
            Self::Events => "Latest",
            Self::Usage => "Disk usage",
        }
    }
}

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kiosk {
    /// At least one.
    pub panels: Vec<Panel>,
    /// How long each is shown.
    pub every_seconds: u32,
    /// From when to when it is dimmed, in minutes of the viewer's day.
    pub night: Option<(u32, u32)>,
    /// What of the address is not understood, and what would be: a sentence for each. The rest holds.
    pub wrong: Vec<String>,
}

const EVERY_SECONDS: u32 = 30;
const LEAST_SECONDS: u32 = 5;
const MOST_SECONDS: u32 = 3600;
const MINUTES_A_DAY: u32 = 24 * 60;

impl Default for Kiosk {
    fn default() -> Self {
        Self {
            panels: Panel::ALL.to_vec(),
            every_seconds: EVERY_SECONDS,
            night: None,
            wrong: Vec::new(),
        }
    }
}

impl Kiosk {
    /// Of the fields of the URL's query.
    pub fn from_fields(field: impl Fn(&str) -> Option<String>) -> Self {
        let mut kiosk = Self::default();
        if let Some(words) = field("panels") {
            kiosk.choose(&words);
        }
        if let Some(text) = field("every") {
            match text.trim().parse() {
                Ok(seconds @ LEAST_SECONDS..=MOST_SECONDS) => kiosk.every_seconds = seconds,
                _ => kiosk.wrong.push(format!(
                    "every={text}: a panel is shown for a number of seconds from {LEAST_SECONDS} to {MOST_SECONDS}."
                )),
            }
        }
        if let Some(text) = field("night") {
            match night(&text) {
                Some(night) => kiosk.night = Some(night),
                None => kiosk.wrong.push(format!(
                    "night={text}: it is dimmed from one time of the day to another, such as 22-7 or 22:30-06:45."
                )),
            }
        }
        kiosk
    }

    fn choose(&mut self, words: &str) {
        let mut panels = Vec::new();
        for word in words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            match Panel::ALL.into_iter().find(|panel| panel.word() == word) {
                Some(panel) if panels.contains(&panel) => {}
                Some(panel) => panels.push(panel),
                None => {
                    let mut wrong = format!("panels={word}: there is no such panel. There are");
                    for (place, panel) in Panel::ALL.into_iter().enumerate() {
                        let before = match place {
                            0 => " ",
                            3 => " and ",
                            _ => ", ",
                        };
                        // writing into a text does not fail
                        let _ = write!(wrong, "{before}{}", panel.word());
                    }
                    wrong.push('.');
                    self.wrong.push(wrong);
                }
            }
        }
        if !panels.is_empty() {
            self.panels = panels;
        }
    }

    /// Whether it is dimmed at this minute of the viewer's day.
    pub fn is_night(&self, minute: u32) -> bool {
        match self.night {
            Some((from, to)) if from <= to => (from..to).contains(&minute),
            Some((from, to)) => minute >= from || minute < to,
            None => false,
        }
    }

    /// The panel after this one.
    pub fn after(&self, panel: Panel) -> Panel {
        let place = self.panels.iter().position(|one| *one == panel);
        let next = place.map_or(0, |place| (place + 1) % self.panels.len().max(1));
        self.panels.get(next).copied().unwrap_or(Panel::Wall)
    }
}

/// `22-7`, `22:30-06:45`.
fn night(text: &str) -> Option<(u32, u32)> {
    let minute = |time: &str| {
        let (hours, minutes) = time.trim().split_once(':').unwrap_or((time.trim(), "0"));
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let minute = hours.checked_mul(60)?.checked_add(minutes)?;
        (minutes < 60 && minute <= MINUTES_A_DAY).then_some(minute % MINUTES_A_DAY)
    };
    let (from, to) = text.split_once('-')?;
    let (from, to) = (minute(from)?, minute(to)?);
    (from != to).then_some((from, to))
}

/// By how much all is moved in this minute, in steps to the right and down, so that no picture stays in a screen. From one
/// minute to the next it is a step at most.
pub fn shift(minute: u64) -> (i32, i32) {
    const ROUND: [(i32, i32); 9] = [
        (0, 0),
        (1, 0),
        (1, 1),
        (0, 1),
        (-1, 1),
        (-1, 0),
        (-1, -1),
        (0, -1),
        (1, -1),
    ];
    ROUND[(minute % ROUND.len() as u64) as usize]
}

/// Which of `count` lines are shown where `room` fit, so that in time all are: they move by a line in each step, and stand
/// still for [`STILL`] steps where they begin and where they end.
pub fn first_line(step: u64, count: usize, room: usize) -> usize {
    let beyond = count.saturating_sub(room) as u64;
    if beyond == 0 {
        return 0;
    }
    let at = step % (2 * STILL + beyond);
    usize::try_from(at.saturating_sub(STILL).min(beyond)).unwrap_or(0)
}

pub const STILL: u64 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Kiosk {
        Kiosk::from_fields(|name| {
            fields
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn says_what_is_shown_and_for_how_long() {
        assert_eq!(read(&[]), Kiosk::default());
        let kiosk = read(&[("panels", "usage, wall,usage"), ("every", "10")]);
        assert_eq!(kiosk.panels, [Panel::Usage, Panel::Wall]);
        assert_eq!(kiosk.every_seconds, 10);
        assert_eq!(kiosk.after(Panel::Usage), Panel::Wall);
        assert_eq!(kiosk.after(Panel::Wall), Panel::Usage);
        // of an address that was changed meanwhile
        assert_eq!(kiosk.after(Panel::Events), Panel::Usage);
        assert!(kiosk.wrong.is_empty());
    }

    #[test]
    fn what_is_not_understood_is_said_and_the_rest_holds() {
        let kiosk = read(&[
            ("panels", "wall,clock"),
            ("every", "2"),
            ("night", "evening"),
        ]);
        assert_eq!(kiosk.panels, [Panel::Wall]);
        assert_eq!(kiosk.every_seconds, EVERY_SECONDS);
        assert_eq!(kiosk.night, None);
        assert_eq!(
            kiosk.wrong,
            [
                "panels=clock: there is no such panel. There are wall, containers, events and usage.",
                "every=2: a panel is shown for a number of seconds from 5 to 3600.",
                "night=evening: it is dimmed from one time of the day to another, such as 22-7 or 22:30-06:45.",
            ]
        );
        assert_eq!(read(&[("panels", "clock")]).panels, Panel::ALL);
    }

    #[test]
    fn nights_go_over_midnight() {
        for (text, night) in [
            ("22-7", Some((22 * 60, 7 * 60))),
            ("22:30-06:45", Some((22 * 60 + 30, 6 * 60 + 45))),
            ("0-24", None),
            ("20-24", Some((20 * 60, 0))),
            ("7-7", None),
            ("25-7", None),
            ("22:60-7", None),
            ("22", None),
            ("-", None),
        ] {
            assert_eq!(read(&[("night", text)]).night, night, "{text}");
        }
        let is_night = |text, hour: u32| read(&[("night", text)]).is_night(hour * 60);
        assert!(is_night("22-7", 23) && is_night("22-7", 0) && is_night("22-7", 6));
        assert!(!is_night("22-7", 7) && !is_night("22-7", 12));
        assert!(is_night("1-5", 1) && !is_night("1-5", 5) && !is_night("1-5", 23));
        assert!(is_night("20-24", 23) && !is_night("20-24", 0));
        assert!(!Kiosk::default().is_night(0));
    }

    #[test]
    fn it_moves_by_a_step_at_most() {
        for minute in 0..30 {
            let ((x, y), (next_x, next_y)) = (shift(minute), shift(minute + 1));
            assert!(
                (x - next_x).abs() <= 1 && (y - next_y).abs() <= 1,
                "{minute}"
            );
        }
    }

    #[test]
    fn all_lines_are_shown_in_time() {
        let firsts = |count, room| -> Vec<usize> {
            (0..14).map(|step| first_line(step, count, room)).collect()
        };
        assert_eq!(firsts(3, 3), [0; 14]);
        assert_eq!(firsts(0, 3), [0; 14]);
        assert_eq!(firsts(5, 3), [0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 0, 0, 0, 0]);
    }
}
