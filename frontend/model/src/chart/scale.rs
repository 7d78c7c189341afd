/// A straight line from values to places on the canvas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    from: f64,
    origin: f64,
    per_value: f64,
}

impl Scale {
    /// Puts `values.0` at `places.0` and `values.1` at `places.1`. Values without extent all lie at the first place.
    pub fn new(values: (f64, f64), places: (f64, f64)) -> Self {
        let extent = values.1 - values.0;
        let per_value = if extent == 0.0 {
            0.0
        } else {
            (places.1 - places.0) / extent
        };
        Self {
            from: values.0,
            origin: places.0,
            per_value,
        }
    }

    pub fn place(&self, value: f64) -> f64 {
        self.origin + (value - self.from) * self.per_value
    }

    pub fn value(&self, place: f64) -> f64 {
        if self.per_value == 0.0 {
            self.from
        } else {
            self.from + (place - self.origin) / self.per_value
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_values_answer_each_other() {
        let scale = Scale::new((0.0, 200.0), (100.0, 0.0));
        assert_eq!(scale.place(0.0), 100.0);
        assert_eq!(scale.place(50.0), 75.0);
        assert_eq!(scale.value(75.0), 50.0);
    }

    #[test]
    fn no_extent_is_no_division_by_zero() {
        let scale = Scale::new((3.0, 3.0), (10.0, 20.0));
        assert_eq!(scale.place(9.0), 10.0);
        assert_eq!(scale.value(15.0), 3.0);
    }
}
