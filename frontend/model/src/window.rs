/// Which lines of a long list are worth having, and how tall what stands in for the others is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    pub first: usize,
    /// One past the last.
    pub end: usize,
    pub before_px: u32,
    pub after_px: u32,
}

/// Scrolling within one step changes nothing.
const STEP: usize = 8;
/// Lines beyond each edge, so that a flick shows no hole.
const MARGIN: usize = 12;

impl Window {
    /// The lines near the part of the list that is seen. `line_px` is the height of each.
    pub fn of(count: usize, line_px: f64, scroll_px: f64, height_px: f64) -> Self {
        if line_px.is_nan() || line_px <= 0.0 {
            return Self {
                first: 0,
                end: count,
                ..Self::default()
            };
        }
        let at = |px: f64| ((px / line_px).max(0.0) as usize).min(count);
        let first = at(scroll_px).saturating_sub(MARGIN) / STEP * STEP;
        let end = (at(scroll_px + height_px) + 1 + MARGIN)
            .next_multiple_of(STEP)
            .min(count);
        let first = first.min(end);
        let px = |lines: usize| (lines as f64 * line_px) as u32;
        Self {
            first,
            end,
            before_px: px(first),
            after_px: px(count - end),
        }
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
                assert!(window.first <= window.end && window.end <= count, "{case}");
                let first_seen = ((scroll / 32.0).max(0.0) as usize).min(count);
                let last_seen = (((scroll + 600.0) / 32.0).max(0.0).ceil() as usize).min(count);
                assert!(window.first <= first_seen, "{case}");
                assert!(window.end >= last_seen, "{case}");
                assert_eq!(
                    window.before_px as usize + window.after_px as usize,
                    32 * (count - (window.end - window.first)),
                    "{case}"
                );
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
            assert_eq!(Window::of(5, line_px, 0.0, 100.0).end, 5);
        }
    }
}
