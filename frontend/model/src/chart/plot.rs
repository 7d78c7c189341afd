use super::{Axis, Scale};

/// Room for the value axis' words. The same in every chart, so that charts above each other share one time axis.
const GUTTER: f64 = 60.0;
const HEAD: f64 = 8.0;
const FOOT: f64 = 18.0;

/// The part of a canvas in which lines are drawn, and which span of time it shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plot {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub from_millis: u64,
    pub to_millis: u64,
}

impl Plot {
    /// With room for both axes.
    pub fn with_axes(width: f64, height: f64, from_millis: u64, to_millis: u64) -> Self {
        Self {
            left: GUTTER.min(width / 2.0),
            right: width,
            top: HEAD,
            bottom: (height - FOOT).max(HEAD),
            from_millis,
            to_millis,
        }
    }

    /// The whole of a canvas, but for the thickness of its line.
    pub fn bare(width: f64, height: f64, from_millis: u64, to_millis: u64) -> Self {
        Self {
            left: 0.0,
            right: width,
            top: 1.0,
            bottom: height - 0.5,
            from_millis,
            to_millis,
        }
    }

    pub fn times(&self) -> Scale {
        Scale::new(
            (self.from_millis as f64, self.to_millis as f64),
            (self.left, self.right),
        )
    }

    pub fn values(&self, axis: &Axis) -> Scale {
        Scale::new((0.0, axis.top), (self.bottom, self.top))
    }

    /// The moment under a place on the canvas.
    pub fn moment(&self, x: f64) -> u64 {
        self.times().value(x.clamp(self.left, self.right)).round() as u64
    }

    /// How many words of the time axis have room.
    pub fn time_marks(&self) -> usize {
        ((self.right - self.left) / 64.0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_its_moment() {
        let plot = Plot::with_axes(660.0, 100.0, 1_000, 61_000);
        assert_eq!(plot.moment(360.0), 31_000);
        assert_eq!(plot.moment(0.0), 1_000);
        assert_eq!(plot.moment(900.0), 61_000);
        assert_eq!(plot.times().place(31_000.0), 360.0);
    }

    #[test]
    fn a_canvas_without_room_has_no_negative_sides() {
        let plot = Plot::with_axes(10.0, 4.0, 0, 1);
        assert!(plot.left <= plot.right && plot.top <= plot.bottom);
        assert_eq!(plot.time_marks(), 0);
    }
}
