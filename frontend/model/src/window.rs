use std::collections::VecDeque;

/// Which lines of a long list are worth having.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    pub first: usize,
    /// One past the last.
    pub end: usize,
    /// The first that is seen, or one shortly before it.
    pub seen: usize,
}

/// Scrolling within one step changes nothing.
const STEP: usize = 4;
/// Lines beyond each edge, so that a flick shows no hole.
const MARGIN: usize = 6;

impl Window {
    /// The lines near the part of the list that is seen. `line_px` is the height of each.
    pub fn of(count: usize, line_px: f64, scroll_px: f64, height_px: f64) -> Self {
        if line_px.is_nan() || line_px <= 0.0 {
            return Self::whole(count);
        }
        let at = |px: f64| ((px / line_px).max(0.0) as usize).min(count);
        let seen = at(scroll_px) / STEP * STEP;
        let first = at(scroll_px).saturating_sub(MARGIN) / STEP * STEP;
        let end = (at(scroll_px + height_px) + 1 + MARGIN)
            .next_multiple_of(STEP)
            .min(count);
        Self {
            first: first.min(end),
            end,
            seen: seen.min(end),
        }
    }

    pub fn whole(count: usize) -> Self {
        Self {
            first: 0,
            end: count,
            seen: 0,
        }
    }

    /// What is left of it where the list has only `lines` of it any more.
    pub fn cut_to(self, lines: usize) -> Self {
        let end = self.end.min(self.first + lines);
        Self {
            end,
            seen: self.seen.min(end),
            ..self
        }
    }

    /// The lines of it to have now, in their order, where making more than `most` at once would take too long: what is
    /// there stays, and what is seen comes before what lies beyond the edges. `there` says which need not be made. Lines
    /// may be left out only between two that are there. With `newest`, where the list is at its top and grows there, the
    /// first lines come before all others: more may come at once than are made until the next come.
    pub fn part(self, most: usize, newest: bool, there: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut left = most;
        let mut is_had = |line: usize| {
            there(line) || {
                let made = left > 0;
                left = left.saturating_sub(1);
                made
            }
        };
        let lines = self.first..self.end;
        let first = lines.clone().find(|line| there(*line));
        let last = lines.rev().find(|line| there(*line));
        let (from, to) = match (first, last) {
            (Some(_), Some(last)) if newest && self.seen == 0 => (0, last + 1),
            (Some(first), Some(last)) => (first, last + 1),
            _ => (self.seen, self.seen),
        };
        let mut had: VecDeque<usize> = (from..to).filter(|line| is_had(*line)).collect();
        let mut upwards = |from: usize, to: usize, is_had: &mut dyn FnMut(usize) -> bool| {
            let lines = (to..from).rev().take_while(|line| is_had(*line));
            lines.for_each(|line| had.push_front(line));
            had.front().copied()
        };
        let first = upwards(from, self.seen, &mut is_had).unwrap_or(from);
        let below: Vec<usize> = (to..self.end).take_while(|line| is_had(*line)).collect();
        if first <= self.seen {
            upwards(first, self.first, &mut is_had);
        }
        had.extend(below);
        had.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_always_there() {
        for count in [0, 1, 7, 50, 1000] {
            for scroll in [0.0, 1.0, 31.9, 333.0, 16_000.0, 1e9, -50.0] {
                let window = Window::of(count, 32.0, scroll, 600.0);
                let case = format!("{count} lines at {scroll}: {window:?}");
                assert!(
                    window.first <= window.seen && window.seen <= window.end,
                    "{case}"
                );
                assert!(window.end <= count, "{case}");
                let first_seen = ((scroll / 32.0).max(0.0) as usize).min(count);
                let last_seen = (((scroll + 600.0) / 32.0).max(0.0).ceil() as usize).min(count);
                assert!(window.seen <= first_seen, "{case}");
                assert!(window.end >= last_seen, "{case}");
            }
        }
    }

    #[test]
    fn a_long_list_has_few_lines() {
        let window = Window::of(1000, 32.0, 8000.0, 900.0);
        assert!(window.end - window.first < 70, "{window:?}");
    }

    #[test]
    fn small_scrolls_change_nothing() {
        assert_eq!(
            Window::of(1000, 32.0, 8000.0, 900.0),
            Window::of(1000, 32.0, 8010.0, 900.0)
        );
    }

    #[test]
    fn without_a_height_everything_is_there() {
        for line_px in [0.0, -1.0, f64::NAN] {
            assert_eq!(Window::of(5, line_px, 0.0, 100.0), Window::whole(5));
        }
    }

    #[test]
    fn a_list_that_became_shorter_is_not_looked_at_past_its_end() {
        let window = Window {
            first: 88,
            end: 144,
            seen: 104,
        };
        for lines in 0..=56 {
            let part = window.cut_to(lines).part(12, false, |line| {
                assert!(
                    line < 88 + lines,
                    "{lines} lines, and line {line} is asked for"
                );
                line % 2 == 0
            });
            assert!(part.is_sorted(), "{lines}: {part:?}");
            assert!(
                part.iter().all(|line| (88..88 + lines).contains(line)),
                "{lines}: {part:?}"
            );
        }
    }

    #[test]
    fn a_window_fills_in_portions_from_what_is_seen() {
        let window = Window {
            first: 88,
            end: 144,
            seen: 104,
        };
        let mut had = Vec::new();
        for part in [104..128, 96..144, 88..144] {
            had = window.part(24, false, |line| had.contains(&line));
            assert_eq!(had, Vec::from_iter(part));
        }
    }

    #[test]
    fn what_is_there_stays_while_the_rest_is_made() {
        let window = Window {
            first: 88,
            end: 144,
            seen: 104,
        };
        for (case, there, part) in [
            ("scrolled down", 70..120, 88..128),
            ("scrolled down by a screen", 70..100, 88..108),
            ("scrolled up", 110..160, 102..144),
            ("scrolled up by a screen", 130..180, 122..144),
            ("somewhere else", 500..560, 104..112),
        ] {
            let had = window.part(8, false, |line| there.contains(&line));
            assert_eq!(had, Vec::from_iter(part), "{case}");
            let none_made = window.part(0, false, |line| there.contains(&line));
            let kept = there.start.max(window.first)..there.end.min(window.end);
            assert_eq!(none_made, Vec::from_iter(kept), "{case}");
        }
    }

    #[test]
    fn what_comes_between_pushes_nothing_away() {
        let window = Window::whole(30);
        let part = window.part(3, false, |line| !(5..15).contains(&line));
        assert_eq!(part, Vec::from_iter((0..8).chain(15..30)));
    }

    #[test]
    fn of_what_comes_at_the_top_the_first_lines_are_made_first() {
        let window = Window::whole(30);
        let came = |line: usize| line >= 10;
        let part = window.part(3, true, came);
        assert_eq!(part, Vec::from_iter((0..3).chain(10..30)));
        assert_eq!(window.part(3, false, came), Vec::from_iter(7..30));
        assert_eq!(window.part(0, true, came), Vec::from_iter(10..30));
        // what is read further down stays where it is
        let window = Window {
            first: 4,
            seen: 8,
            end: 30,
        };
        assert_eq!(window.part(3, true, came), Vec::from_iter(7..30));
    }

    #[test]
    fn what_is_there_costs_nothing() {
        let window = Window::of(1000, 32.0, 8000.0, 900.0);
        let whole = |window: Window| Vec::from_iter(window.first..window.end);
        assert_eq!(window.part(0, false, |_| true), whole(window));
        // a step further only the new lines are made
        let next = Window::of(1000, 32.0, 8000.0 + 8.0 * 32.0, 900.0);
        let part = next.part(8, false, |line| (window.first..window.end).contains(&line));
        assert_eq!(part, whole(next));
        assert!(Window::whole(0).part(5, false, |_| false).is_empty());
    }
}
