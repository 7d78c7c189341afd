use std::ops::Range;

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
const STEP: usize = 8;
/// Lines beyond each edge, so that a flick shows no hole.
const MARGIN: usize = 12;

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

    /// The part of it to have now, where making more than `most` lines at once would take too long: from what is seen
    /// downwards, then upwards. `there` says which lines need not be made.
    pub fn part(self, most: usize, there: impl Fn(usize) -> bool) -> Range<usize> {
        let mut left = most;
        let mut is_had = |line: usize| {
            if there(line) {
                return true;
            }
            let had = left > 0;
            left = left.saturating_sub(1);
            had
        };
        let end = (self.seen..self.end)
            .find(|line| !is_had(*line))
            .unwrap_or(self.end);
        // what is above stays away until all that is below is there: it would move what is seen
        if end < self.end {
            return self.seen..end;
        }
        let first = (self.first..self.seen)
            .rev()
            .find(|line| !is_had(*line))
            .map_or(self.first, |line| line + 1);
        first..end
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
            let part = window.cut_to(lines).part(12, |line| {
                assert!(
                    line < 88 + lines,
                    "{lines} lines, and line {line} is asked for"
                );
                line % 2 == 0
            });
            assert!(
                part.start >= 88 && part.end <= 88 + lines,
                "{lines}: {part:?}"
            );
            assert!(part.start <= part.end, "{lines}: {part:?}");
        }
    }

    #[test]
    fn a_window_fills_in_portions_from_what_is_seen() {
        let window = Window {
            first: 88,
            end: 144,
            seen: 104,
        };
        let mut had = 0..0;
        let mut parts = Vec::new();
        while had != (window.first..window.end) {
            had = window.part(24, |line| had.contains(&line));
            parts.push(had.clone());
            assert!(parts.len() < 10, "{parts:?}");
        }
        assert_eq!(parts, [104..128, 96..144, 88..144]);
    }

    #[test]
    fn what_is_there_costs_nothing() {
        let window = Window::of(1000, 32.0, 8000.0, 900.0);
        assert_eq!(window.part(0, |_| true), window.first..window.end);
        // a step further only the new lines are made
        let next = Window::of(1000, 32.0, 8000.0 + 8.0 * 32.0, 900.0);
        let part = next.part(8, |line| (window.first..window.end).contains(&line));
        assert_eq!(part, next.first..next.end);
        assert_eq!(Window::whole(0).part(5, |_| false), 0..0);
    }
}
